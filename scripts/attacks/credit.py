"""V2: money that goes another way: to an account of somebody's, into credit with a bonus."""

from __future__ import annotations

from typing import Any

from scripts.attacks.rows import must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import Answer
from scripts.faults.installation import Provider

REFUSED = (400, 404, 409, 422)
OWN, OTHER = "FR7630006000011234567890189", "DE89370400440532013000"
YES = {"channel": "link", "given_by": "credit@client.example"}


@row(
    25,
    "refund to an account of the attacker's on a card order; a bank transfer's link diverted",
    "the way back only; another one by the shopper's own link, once",
)
def another_way(stage: Stage) -> str:
    """Ways without the shopper's word; then a refund that failed and the link that it brings."""
    machine = stage.machine(ATTACKER)
    before = stage.ask("money", slug=ATTACKER)
    for wish in (
        {"amount_minor": 100, "way": "bank"},
        {"amount_minor": 100, "iban": OWN},
        {"amount_minor": 100, "way": "bank_transfer", "iban": OWN},
        {"amount_minor": 100, "way": "store_credit"},
        {"amount_minor": 100, "way": "gift_card"},
    ):
        must_be(_refund(stage, "A-9", wish).status, REFUSED, str(wish))
    must_be(stage.ask("money", slug=ATTACKER), before, "the shop's money")
    must_be(_refund(stage, "A-9", {"amount_minor": 100}).status, 201, "the way back")
    stage.here.live()
    _sold(stage, "WAY-1", whose="way")
    Provider(stage.here.env["REBOND_SIMULATOR_URL"]).plan("refuse")
    must_be(_refund(stage, "WAY-1", {"amount_minor": 500}).status, 201, "a refund")
    stage.here.live()
    [link] = stage.ask("ways", slug=ATTACKER, order="WAY-1")
    own = f"/s/{ATTACKER}/money/{link}/"
    stolen = {"way": "bank", "holder": "Eve", "iban": OTHER}
    for path in (
        f"/s/{VICTIM}/money/{link}/",
        f"/s/{ATTACKER}/money/{link[:-1]}{'A' if link[-1] != 'A' else 'B'}/",
        f"/s/{ATTACKER}/money/{link.partition(':')[0]}/",
    ):
        must_be(stage.anybody().post(path, stolen).status, 404, path)
    must_be(machine.send("POST", own).status, 403, "without the token of a form")
    must_be(stage.ask("transfers", slug=ATTACKER), [], "transfers so far")
    right = {"way": "bank", "holder": "Lea", "iban": OWN}
    must_be(stage.anybody().post(own, right).status, 302, "the shopper's own choice")
    stage.anybody().post(own, stolen)
    stage.here.live()
    stage.anybody().post(own, stolen)
    stage.here.live()
    must_be(stage.ask("transfers", slug=ATTACKER), [OWN[-4:]], "where the money goes")
    return "5 refused, the way back: 201; 3 forged links: 404; chosen once, not diverted"


@row(
    35,
    "credit with a bonus, spent, given back for credit again, by oneself and by a friend",
    "no bonus on a bonus",
)
def bonus_on_bonus(stage: Stage) -> str:
    """100.00 into credit with ten percent more; all of it spent and returned, twice over."""
    owner, machine = stage.new_staff(ATTACKER, "owner"), stage.machine(ATTACKER)
    page, terms = f"/desk/{ATTACKER}/balances/terms/", {"points_per_unit": "0"}
    saved = owner.post(page, terms | {"bonus_percent": "10"})
    must_be(saved.status, 302, "a bonus of ten percent")
    _sold(stage, "BONUS-0", whose="lea")
    wish = {"amount_minor": 10_000, "way": "store_credit", "consent": YES}
    must_be(_refund(stage, "BONUS-0", wish).status, 201, "into credit")
    stage.here.live()
    must_be(_free(stage, "lea"), 11_000, "the credit with its bonus")
    for number, spends, gets in (("BONUS-1", "lea", "lea"), ("BONUS-2", "lea", "eve")):
        held = {"amount_minor": 11_000, "currency": "EUR", "reference": f"hold-{number}"}
        set_aside = machine.call("POST", "/credit/holds", held | {"shopper_key": spends})
        must_be(set_aside.status, 201, "setting it aside")
        path = f"/credit/holds/hold-{number}/capture"
        must_be(machine.call("POST", path, {"reference": number}).status, 200, "spending it")
        must_be(_free(stage, spends), 0, "after spending it")
        _sold(stage, number, whose=gets, provider="store_credit", minor=11_000)
        back = _refund(stage, number, wish | {"amount_minor": 11_000})
        must_be(back.status, 201, f"back into credit: {back.text[:200]}")
        stage.here.live()
        both = sum(_free(stage, one) for one in {spends, gets})  # it may go back to who spent it
        must_be(both, 11_000, f"the credit of {spends} and {gets} afterwards")
    must_be(owner.post(page, terms | {"bonus_percent": "0"}).status, 302, "no bonus any more")
    return "100.00 became 110.00 of credit; spent and returned twice, once to a friend: 110.00"


def _free(stage: Stage, whose: str) -> int:
    asked = {"shopper_key": whose, "currency": "EUR"}
    told = stage.machine(ATTACKER).call("POST", "/credit/balance", asked)
    free: int = told.json["free_minor"]
    return free


def _refund(stage: Stage, order: str, wish: dict[str, Any]) -> Answer:
    ready = {"reason": "test", **wish}
    return stage.machine(ATTACKER).call("POST", f"/orders/{order}/refunds", ready)


def _sold(
    stage: Stage, number: str, *, whose: str, provider: str = "simulator", minor: int = 10_000
) -> None:
    """An order of the attacker's shop, paid with a provider who knows of it."""
    if provider == "simulator":
        Provider(stage.here.env["REBOND_SIMULATOR_URL"]).opens(number, minor)
    paid = {"provider": provider, "method": "card", "reference": number, "captured_minor": minor}
    order = {
        "number": number,
        "ordered_at": "2026-11-20T10:00:00Z",
        "currency": "EUR",
        "shopper": {
            "key": whose,
            "email": f"{whose}@client.example",
            "name": whose,
            "address": ["1 rue"],
        },
        "lines": [{"sku": "L", "title": "L", "quantity": 1, "total_minor": minor}],
        "payments": [paid],
    }
    made = stage.machine(ATTACKER).call("POST", "/orders", order)
    must_be(made.status, 201, f"{number}: {made.text[:200]}")
