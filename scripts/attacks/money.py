"""V2: amounts, quantities, steps and storms."""

from __future__ import annotations

import json
from typing import Any

from scripts.attacks.rows import must, must_be, row
from scripts.attacks.stage import ATTACKER, VICTIM, Stage
from scripts.attacks.visitor import Answer, Visitor
from scripts.faults.installation import Provider
from scripts.faults.storms import together

REFUSED = (400, 409, 422)


@row(
    21,
    "quantity 0, −1, 1.5, 10⁹, text, nothing, more than bought, another order's line, twice",
    "422 or 409 and no return",
)
def quantities(stage: Stage) -> str:
    """A return line with each odd quantity; then one piece, as it should be."""
    machine, own = stage.machine(ATTACKER), stage.of(ATTACKER)
    line = own["lines"][3]
    before = stage.ask("counts", slug=ATTACKER)
    odd: list[Any] = [0, -1, 1.5, 10**9, "x", None, 4, [1], 2**70]
    for quantity in odd:
        answer = _return(machine, "A-4", [{"order_line": line, "quantity": quantity}])
        must_be(answer.status, REFUSED, f"quantity {quantity!r}")
    foreign = _return(machine, "A-4", [{"order_line": own["lines"][4], "quantity": 1}])
    must_be(foreign.status, (404, *REFUSED), "a line of another order")
    twice = _return(machine, "A-4", [{"order_line": line, "quantity": 2}] * 2)
    must_be(twice.status, REFUSED, "a line twice, more than was bought")
    must_be(stage.ask("counts", slug=ATTACKER), before, "rows of the shop")
    must_be(_return(machine, "A-4", [{"order_line": line, "quantity": 1}]).status, 201, "one piece")
    return f"{len(odd) + 2} refused, nothing written; one piece: 201"


@row(
    22,
    "refund of −1, 0, 0.001, 10¹², one cent too much, as text, with exponent, other currency",
    "422 or 409 and no refund",
)
def amounts(stage: Stage) -> str:
    """Each odd amount; then one euro."""
    machine = stage.machine(ATTACKER)
    left = machine.call("GET", "/orders/A-6/refundable").json
    whole = sum(one["amount_minor"] for one in left)
    must(whole > 0, f"nothing to refund on A-6: {left}")
    before = stage.ask("money", slug=ATTACKER)
    odd: list[Any] = [-1, 0, 0.001, 10**12, whole + 1, "x", 1e300, [1], {"a": 1}, 2**70]
    for amount in odd:
        answer = _refund(machine, "A-6", {"amount_minor": amount})
        must_be(answer.status, REFUSED, f"amount {amount!r}")
    for raw in (
        b'{"reason": "x", "amount_minor": NaN}',
        b'{"reason": "x", "amount_minor": 1e999}',
        b'{"reason": "x", "amount_minor": -0}',
    ):
        must_be(_refund(machine, "A-6", raw).status, REFUSED, raw.decode())
    other = _refund(machine, "A-6", {"amount_minor": 100, "currency": "JPY"})
    must_be(other.status, REFUSED, "a currency that is not asked for")
    must_be(stage.ask("money", slug=ATTACKER), before, "the shop's money")
    fair = _refund(machine, "A-6", {"amount_minor": 100})
    must_be(fair.status, 201, "one euro")
    must_be(fair.json["currency"], "EUR", "its currency")
    return f"{len(odd) + 4} refused, no money moved; 1.00: 201"


@row(23, "steps skipped: inspected before receipt, settled twice, taken up after its end", "409")
def skipped_steps(stage: Stage) -> str:
    """Inspected before receipt, reopened while open, settled once more or after its end."""
    machine, own = stage.machine(ATTACKER), stage.of(ATTACKER)
    number, settled = (own["returns"][order]["number"] for order in ("A-1", "A-2"))
    ended = _return(machine, "A-7", [{"order_line": own["lines"][6], "quantity": 1}]).json["number"]
    called_off = machine.call("POST", f"/returns/{ended}/cancellations", {}, If_Match="*")
    must_be(called_off.status, (200, 201), "calling off")
    before = stage.ask("version_of", slug=ATTACKER, number=number)
    sums = stage.ask("money", slug=ATTACKER)
    for which, verb in (
        (number, "reopenings"),
        (number, "inspections"),
        (settled, "settlements"),
        (ended, "settlements"),
        (ended, "approvals"),
        (ended, "receipts"),
    ):
        wish = {"lines": []} if verb in {"inspections", "receipts"} else {}
        answer = machine.call("POST", f"/returns/{which}/{verb}", wish, If_Match="*")
        must_be(answer.status, REFUSED, verb)
    must_be(stage.ask("version_of", slug=ATTACKER, number=number), before, "the return")
    must_be(stage.ask("money", slug=ATTACKER), sums, "the shop's money")
    shopper = stage.shopper(ATTACKER, "A-7")
    sent = shopper.post("/s/attacker/order/A-7/send/made-up/")
    must_be(sent.status, 302, "sending a draft that is none")
    must("/r/" not in sent.headers["location"], "a draft that is none was sent")
    return "6 verbs refused, a made-up draft leads back; return and money as before"


@row(
    24,
    "edited price, fee, currency, policy and shop in the form and in the API's body",
    "the server's own sums",
)
def edited_prices(stage: Stage) -> str:
    """The preview of a form with and without extra fields; unknown fields of the API."""
    pages = []
    edits = {"price": "99999", "fee": "0", "l1-price": "1", "policy_version": "1", "shop": "victim"}
    for more in ({}, edits):
        shopper = stage.shopper(ATTACKER, "A-8")
        form = {"l1-chosen": "1", "l1-quantity": "1", "l1-reason": "changed_mind"}
        answer = shopper.post("/s/attacker/order/A-8/", form | more)
        must_be(answer.status, 302, "choosing")
        page = shopper.get(answer.headers["location"])
        must_be(page.status, 200, "the preview")
        pages.append(_sums(page.text))
    must(pages[0], "no sums on the preview")
    must_be(pages[1], pages[0], "the sums with edited fields")
    machine = stage.machine(ATTACKER)
    wish = {"order_line": stage.of(ATTACKER)["lines"][7], "quantity": 1, "price_minor": 1}
    must_be(_return(machine, "A-8", [wish]).status, 422, "an unknown field of a line")
    return f"the same sums {pages[0][:3]} with and without; an unknown field of the API: 422"


@row(26, "16 refunds, 16 redemptions, 16 returns that end at one instant", "exactly one effect")
def storm(stage: Stage) -> str:
    """All but the last byte first, then the last bytes at once."""
    own, key = stage.of(ATTACKER), stage.of(ATTACKER)["key"]
    left = stage.machine(ATTACKER).call("GET", "/orders/A-10/refundable").json
    whole = sum(one["amount_minor"] for one in left)
    more_than_half = {"amount_minor": whole * 3 // 5, "reason": "storm"}
    refunds = _storm(stage, "/orders/A-10/refunds", key, [more_than_half] * 16)
    must_be(refunds.count(201), 1, f"refunds that were taken: {refunds}")
    lines = [{"order_line": own["lines"][10], "quantity": 3, "reason": "changed_mind"}]
    returns = _storm(stage, "/returns", key, [{"order": "A-11", "lines": lines}] * 16)
    must_be(returns.count(201), 1, f"returns of all pieces: {returns}")
    holds = [
        {"card_code": own["card"], "amount_minor": 600, "currency": "EUR", "reference": f"cart-{n}"}
        for n in range(16)
    ]
    held = _storm(stage, "/credit/holds", key, holds)
    must_be(held.count(201), 1, f"holds of 6.00 on a card of 10.00: {held}")
    must(max(refunds + returns + held) < 500, "an error of ours")
    return "16 refunds, 16 returns, 16 holds: one of each"


@row(
    27,
    "no Idempotency-Key, another body under it, another shop's, too long",
    "400, 422, a new effect in one's own shop, 400",
)
def repeated_keys(stage: Stage) -> str:
    """Each against a refund of one euro."""
    machine, victim = stage.machine(ATTACKER), stage.machine("victim")
    path, wish = "/orders/A-12/refunds", {"amount_minor": 100, "reason": "test"}
    must_be(machine.call("POST", path, wish, Idempotency_Key="").status, 400, "no key")
    first = machine.call("POST", path, wish, Idempotency_Key="one")
    must_be(first.status, 201, "the first")
    again = machine.call("POST", path, wish, Idempotency_Key="one")
    must_be(again.json.get("id"), first.json["id"], "the same once more")
    other = machine.call("POST", path, wish | {"amount_minor": 200}, Idempotency_Key="one")
    must_be(other.status, 422, "another body")
    theirs = victim.call("POST", "/orders/B-12/refunds", wish, Idempotency_Key="one")
    must_be(theirs.status, 201, "another shop under the same key")
    must(theirs.json["id"] != first.json["id"], "one answer for two shops")
    long = machine.call("POST", path, wish, Idempotency_Key="k" * 50_000)
    must_be(long.status, (400, 431), "a long key")
    must_be(machine.call("POST", path, wish, Idempotency_Key="k" * 201).status, 400, "201 letters")
    sums = stage.ask("money", slug=ATTACKER)
    must(sums["refunds"], "no refund at all")
    return "400, same answer, 422, own effect, 400"


@row(
    28,
    "an order looked up with many proofs, a proof with many orders, from many addresses",
    "429 with Retry-After; the same page for both; the owner gets in; one letter to the shop",
)
def guessed_orders(stage: Stage) -> str:
    """One order from an address each time, one proof with many orders, one address."""
    right, wrong = (
        stage.anybody().post("/s/victim/", {"number": number, "proof": "x@y.example"})
        for number in ("B-5", "NONE-5")
    )
    must_be((wrong.status, _shape(wrong, "NONE-5")), (right.status, _shape(right, "B-5")), "404≡")
    order = [_look(stage.anybody(), "B-6", f"p{n}@y.example") for n in range(14)]
    proof = [_look(stage.anybody(), f"N-{n}", "one@y.example") for n in range(14)]
    one = stage.anybody()
    address = [_look(one, f"M-{n}", f"q{n}@y.example") for n in range(36)]
    for told, tries in (("order", order), ("proof", proof), ("address", address)):
        last = tries[-1]
        must_be(last.status, 429, f"the last try for one {told}")
        must(int(last.headers["retry-after"]) > 0, "no Retry-After")
    must_be(_look(stage.anybody(), "B-7", "75005").status, 302, "the owner of another order")
    stage.here.live()
    must_be(stage.ask("letters_of", slug="victim", kind="guessing_seen"), 1, "letters to the shop")
    return "429 for one order, one proof, one address; the same page; others get in; one letter"


@row(29, "gift-card codes guessed", "no balance without a key; codes of 112 bit and more")
def guessed_cards(stage: Stage) -> str:
    """The portal has no page for a balance; the API wants a key and says the same for all."""
    routes = [one["route"] for one in stage.pages if one["route"].startswith("s/")]
    must(not [one for one in routes if "balance" in one or "card" in one], "a page for balances")
    wish = {"card_code": stage.of("victim")["card"], "currency": "EUR"}
    must_be(stage.anybody().call("POST", "/credit/balance", wish).status, 401, "without a key")
    machine = stage.machine(ATTACKER)
    theirs = machine.call("POST", "/credit/balance", wish)
    none = machine.call("POST", "/credit/balance", wish | {"card_code": "0" * 24})
    prefix = machine.call("POST", "/credit/balance", wish | {"card_code": wish["card_code"][:12]})
    must_be((theirs.status, theirs.body), (none.status, none.body), "another shop's card")
    must_be(prefix.status, none.status, "half a code")
    own = wish | {"card_code": stage.of(ATTACKER)["card"]}
    must_be(machine.call("POST", "/credit/balance", own).status, 200, "one's own card")
    must(len(wish["card_code"]) * 5 >= 112, "a short code")
    return f"401; another shop's = none ({none.status}); {len(wish['card_code']) * 5} bit"


@row(
    30,
    "a one-time code six times, used again, of another session, after eleven minutes",
    "five tries, once, bound to the session",
)
def one_time_codes(stage: Stage) -> str:
    """Wrong codes until nothing helps; a code in another browser."""
    who = stage.anybody()
    asked = who.post("/s/victim/mailbox/", {"email": "shopper1@client.example"})
    must_be(asked.status, 302, "asking")
    code = stage.ask("code_of", slug="victim")
    stranger = stage.anybody()
    elsewhere = stranger.post("/s/victim/mailbox/code/", {"code": code})
    must_be(elsewhere.headers.get("location"), "/s/victim/mailbox/", "a code in another browser")
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(5):
        must_be(who.post("/s/victim/mailbox/code/", {"code": wrong}).status, 422, "a wrong code")
    must_be(who.post("/s/victim/mailbox/code/", {"code": code}).status, 422, "after five tries")
    second = stage.anybody()
    second.post("/s/victim/mailbox/", {"email": "shopper1@client.example"})
    code = stage.ask("code_of", slug="victim")
    late = stage.here.inside("two_shops.code_works_later", slug="victim", hours=0.2).made
    must_be(late, False, "after twelve minutes")
    must_be(second.post("/s/victim/mailbox/code/", {"code": code}).status, 302, "the right code")
    must_be(second.get("/s/victim/mailbox/orders/").status, 200, "the orders")
    again = second.post("/s/victim/mailbox/code/", {"code": code})
    must_be(again.headers.get("location"), "/s/victim/mailbox/", "the code once more")
    return "dead after 5 tries and 12 min, in another browser none, works once"


@row(
    31,
    "a code asked for again and again; messages to premium numbers",
    "five an hour for a mailbox; there are no text messages",
)
def mail_bombs(stage: Stage) -> str:
    """One mailbox from an address each time; a mailbox that nobody has gets the same answers."""
    told = {}
    for email in ("shopper0@client.example", "nobody@nowhere.example"):
        told[email] = [
            stage.anybody().post("/s/attacker/mailbox/", {"email": email}).status for _ in range(8)
        ]
    known, unknown = told.values()
    must_be(unknown, known, "the answers for a mailbox that nobody has")
    must_be((known[0], known[-1]), (302, 429), "first and last answer")
    must(known.count(302) <= 5, f"too many letters: {known}")
    return f"{known.count(302)} × 302, then 429; the same for a mailbox that nobody has"


@row(
    33,
    "one's own refund approved, through a key of one's own, a large one in ten small ones",
    "another person each time; the day's sum counts, not the single one",
)
def second_people(stage: Stage) -> str:
    """Keys may refund 20.00 a day; then five times 5.00, and a yes by whoever is not asked."""
    owner, machine = stage.new_staff(ATTACKER, "owner"), stage.machine(ATTACKER)
    rule = {"role": "machine", "kind": "day", "amount": "1000000"}
    must_be(owner.post(f"/desk/{ATTACKER}/money/rules/", rule).status, 302, "a first limit")
    spent = stage.ask("spent_today", slug=ATTACKER)
    rule["amount"] = f"{spent / 100 + 20:.2f}"
    must_be(owner.post(f"/desk/{ATTACKER}/money/rules/", rule).status, 302, "a lower limit")
    order = _sold(stage, "LIMIT-1")
    before = stage.ask("waiting", slug=ATTACKER)
    wish = {"amount_minor": 500}
    must_be([_refund(machine, order, wish).status for _ in range(5)], [201] * 5, "five refunds")
    waiting = [one for one in stage.ask("waiting", slug=ATTACKER) if one not in before]
    must_be(len(waiting), 1, "refunds that wait for somebody")
    answer = f"/desk/{ATTACKER}/money/approvals/{waiting[0]}/"
    must_be(machine.send("POST", answer).status, (302, 403), "a yes by the key")
    for role in ("read_only", "warehouse", "accountant"):
        told = stage.new_staff(ATTACKER, role).post(answer, {"answer": "yes"})
        must_be(told.status, 403, f"a yes by the {role}")
    foreign = stage.new_staff(VICTIM, "owner").post(answer.replace(ATTACKER, VICTIM), {})
    must_be(foreign.status, 404, "a yes from the other shop")
    must(waiting[0] in stage.ask("waiting", slug=ATTACKER), "it does not wait any more")
    must_be(owner.post(answer, {"answer": "yes"}).status, 302, "the owner's yes")
    must(waiting[0] not in stage.ask("waiting", slug=ATTACKER), "it still waits")
    stage.ask("forget_limits", slug=ATTACKER)  # what comes after this is about other things
    return "4 × 5.00 go, the fifth waits; no yes by key, 3 roles, other shop; the owner's: yes"


@row(
    34,
    "a limit raised, used, put back by one person",
    "lower at once, higher only by a second person; every step in the audit",
)
def raised_limits(stage: Stage) -> str:
    """The owner of the victim's shop alone."""
    owner, page = stage.new_staff(VICTIM, "owner"), f"/desk/{VICTIM}/money/rules/"
    rule = {"role": "agent", "kind": "refund", "amount": "10.00"}
    must_be(owner.post(page, rule).status, 302, "a limit")
    must_be(owner.post(page, rule | {"amount": "9.00"}).status, 302, "a lower one")
    must_be(stage.ask("limits", slug=VICTIM), {"agent refund": 900}, "the limit")
    for amount in ("5000.00", ""):
        must_be(owner.post(page, rule | {"amount": amount}).status, 302, "a higher one, or none")
        must_be(stage.ask("limits", slug=VICTIM), {"agent refund": 900}, "the limit meanwhile")
        [change] = stage.ask("limit_changes", slug=VICTIM)
        own = owner.post(f"/desk/{VICTIM}/money/limits/{change}/", {"answer": "yes"})
        must_be(own.status, (*REFUSED, 403), "one's own yes")
        must_be(stage.ask("limits", slug=VICTIM), {"agent refund": 900}, "after one's own yes")
    manager = stage.new_staff(VICTIM, "manager")
    yes = manager.post(f"/desk/{VICTIM}/money/limits/{change}/", {"answer": "yes"})
    must_be(yes.status, 302, "a second person's yes")
    must_be(stage.ask("limits", slug=VICTIM), {}, "no limit, as two people said")
    audit = owner.get(f"/desk/{VICTIM}/settings/audit/").text
    must("limit" in audit.lower(), "nothing of it in the audit")
    return "lower at once, higher and none wait, one's own yes: refused, another's: done"


def _return(machine: Visitor, order: str, lines: list[dict[str, Any]]) -> Answer:
    ready = [{"reason": "changed_mind", **line} for line in lines]
    return machine.call("POST", "/returns", {"order": order, "lines": ready})


def _refund(machine: Visitor, order: str, wish: Any) -> Answer:
    ready = wish if isinstance(wish, bytes) else {"reason": "test", **wish}
    return machine.call("POST", f"/orders/{order}/refunds", ready)


def _sold(stage: Stage, number: str) -> str:
    """An order of 100.00, paid with the rehearsal provider."""
    Provider(stage.here.env["REBOND_SIMULATOR_URL"]).opens(number, 10_000)
    paid = {"provider": "simulator", "method": "card", "reference": number}
    order = {
        "number": number,
        "ordered_at": "2026-11-20T10:00:00Z",
        "currency": "EUR",
        "shopper": {"email": "limits@client.example", "name": "Lea", "address": ["1 rue"]},
        "lines": [{"sku": "L", "title": "L", "quantity": 1, "total_minor": 10_000}],
        "payments": [paid | {"captured_minor": 10_000}],
    }
    must_be(stage.machine(ATTACKER).call("POST", "/orders", order).status, 201, number)
    return number


def _look(who: Visitor, number: str, proof: str) -> Answer:
    return who.post("/s/victim/", {"number": number, "proof": proof})


def _shape(answer: Answer, number: str) -> int:
    return len(answer.text.replace(number, ""))


def _sums(page: str) -> list[str]:
    return sorted(
        {word for word in page.replace("<", " ").replace(">", " ").split() if "€" in word}
    )


def _storm(stage: Stage, path: str, key: str, wishes: list[dict[str, Any]]) -> list[int]:
    callers = [
        [
            {
                "url": f"{stage.here.address}/api/v1{path}",
                "headers": {"Authorization": f"Bearer {key}", "Idempotency-Key": f"{path}{who}"},
                "body": json.dumps(wish),
            }
        ]
        for who, wish in enumerate(wishes)
    ]
    return [one["status"] for [one] in together(callers)]
