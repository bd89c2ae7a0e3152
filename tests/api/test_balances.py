"""Store credit, gift cards and points: what a machine reads, gives, takes back and blocks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.api.clients import code, machine, post
from tests.world import EMAIL, order_of, small_shop

from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.models import Account, Transaction
from rebond.domain.machines.models import GivenAnswer
from rebond.domain.machines.scopes import Scope
from rebond.domain.shoppers.models import Shopper
from rebond.domain.store_credit.actions import give_credit, reserve_credit
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db
GIFT = {"shopper_key": EMAIL, "kind": "gesture", "amount_minor": 1500, "reason": "Late parcel"}


@pytest.fixture
def shop():
    shop = small_shop()
    order_of(shop)
    return shop


@pytest.fixture
def credit(shop):
    """€40 of store credit, paid, of the shop's one customer."""
    booked = give_credit(
        Shopper.objects.get(shop=shop),
        Money(4000, "EUR"),
        is_cash=True,
        key="k",
        reason="Moved from the old shop",
        by="staff:Ana",
    )
    return Account.objects.get(pk=booked.account_id)


def broken():
    return [breach for promise in PROMISES for breach in promise.breaches()]


def test_a_gift_is_given_once_and_read_back_with_its_reason(shop):
    client = machine(shop)

    made = post(client, "credit/gifts", GIFT, key="g1")
    again = post(client, "credit/gifts", GIFT, key="g1")

    assert (made.status_code, again.content) == (201, made.content)
    told = made.json()
    assert (told["kind"], told["balance_minor"], told["currency"]) == ("store_credit", 1500, "EUR")
    assert told["customer"] == Shopper.objects.get().key and told["card"] is None
    assert client.get(f"/api/v1/balances/{told['id']}").json() == told
    (line,) = client.get(f"/api/v1/balances/{told['id']}/movements").json()["items"]
    assert (line["kind"], line["cash_minor"], line["bonus_minor"]) == ("issued", 0, 1500)
    assert (line["reason"], line["by"]) == ("Late parcel", "api:till")
    assert broken() == []


def test_points_are_counted_apart(shop):
    client = machine(shop)

    told = post(client, "credit/gifts", GIFT | {"kind": "points"}, key="g1").json()

    assert (told["kind"], told["currency"], told["balance_minor"]) == ("points", "PTS", 1500)
    only = client.get("/api/v1/balances?kind=points").json()["items"]
    assert [one["id"] for one in only] == [told["id"]]
    assert client.get("/api/v1/balances?kind=store_credit").json()["items"] == []


def test_the_code_of_a_card_is_told_once_and_kept_nowhere(shop):
    client = machine(shop)
    wanted = {"kind": "cash", "amount_minor": 5000, "reason": "Sold in the shop"}

    made = post(client, "gift-cards", wanted, key="c1").json()
    again = post(client, "gift-cards", wanted, key="c1").json()

    assert made["code"].replace("-", "").replace(" ", "").endswith(made["card"])
    assert again == made | {"code": ""}
    assert GiftCard.objects.count() == 1
    assert made["code"] not in GivenAnswer.objects.get().body
    asked = post(client, "credit/balance", {"card_code": made["code"]}).json()
    assert asked == {"currency": "EUR", "free_minor": 5000, "held_minor": 0}


def test_a_card_for_a_customer_is_found_with_their_other_balances(shop, credit):
    client = machine(shop)
    wanted = {"kind": "gesture", "amount_minor": 900, "reason": "Sorry", "shopper_key": EMAIL}
    card = post(client, "gift-cards", wanted, key="c1").json()

    found = client.get("/api/v1/balances", {"customer": card["customer"]}).json()["items"]

    assert {one["id"] for one in found} == {card["id"], str(credit.pk)}
    assert client.get("/api/v1/balances?customer=nobody").json()["items"] == []


def test_more_less_and_paid_out_are_each_a_line(shop, credit):
    client, page = machine(shop), f"balances/{credit.pk}"

    more = post(client, f"{page}/additions", {"amount_minor": 500, "reason": "Sorry"}, key="a")
    less = post(client, f"{page}/corrections", {"amount_minor": 200, "reason": "Typo"}, key="b")
    paid = post(
        client,
        f"{page}/payouts",
        {"amount_minor": 1000, "reason": "Asked for it", "reference": "VIR-9"},
        key="c",
    )

    assert [one.json()["balance_minor"] for one in (more, less, paid)] == [4500, 4300, 3300]
    lines = client.get(f"/api/v1/{page}/movements").json()["items"]
    assert [one["kind"] for one in lines] == ["cashed_out", "taken_back", "issued", "issued"]
    assert lines[0]["reference"] == "VIR-9" and lines[0]["cash_minor"] == -1000
    assert broken() == []


def test_what_is_not_there_is_neither_taken_nor_paid(shop, credit):
    client, page = machine(shop), f"balances/{credit.pk}"
    too_much = {"amount_minor": 4001, "reason": "x"}

    taken = post(client, f"{page}/corrections", too_much, key="a")
    paid = post(client, f"{page}/payouts", too_much | {"reference": "VIR"}, key="b")

    assert code(taken) == (409, "insufficient_balance")
    assert code(paid) == (409, "cash_out_exceeds_cash")
    credit.refresh_from_db()
    assert credit.balance_minor == 4000 and Transaction.objects.count() == 1


def test_a_blocked_balance_is_not_used_until_it_is_free_again(shop, credit):
    client, page = machine(shop), f"balances/{credit.pk}"
    hold = {"shopper_key": EMAIL, "amount_minor": 100, "reference": "cart-1"}

    blocked = post(client, f"{page}/blocks", {"reason": "Dispute"}, key="a").json()
    assert blocked["blocked"] is True
    assert code(post(client, "credit/holds", hold)) == (409, "balance_blocked")
    assert (
        post(client, f"{page}/releases", {"reason": "Solved"}, key="b").json()["blocked"] is False
    )
    assert post(client, "credit/holds", hold).status_code == 201


def test_what_is_held_is_shown(shop, credit):
    reserve_credit(
        Shopper.objects.get(),
        Money(700, "EUR"),
        reference="cart",
        expires_at=now() + timedelta(hours=1),
        by="test",
    )

    told = machine(shop).get(f"/api/v1/balances/{credit.pk}").json()

    assert (told["balance_minor"], told["held_minor"]) == (4000, 700)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"amount_minor": 0, "reason": "x"}, 422),
        ({"amount_minor": 5}, 422),
        ({"amount_minor": "5", "reason": "x"}, 422),
        ({"amount_minor": 5, "reason": "x", "amount": 5}, 422),
        ({"amount_minor": 100_000_001, "reason": "x"}, 422),
        ({"amount_minor": 5, "reason": "  "}, 422),
    ],
)
def test_what_is_not_an_amount_with_a_reason_is_refused(shop, credit, body, status):
    answer = post(machine(shop), f"balances/{credit.pk}/additions", body, key="a")

    assert answer.status_code == status
    credit.refresh_from_db()
    assert credit.balance_minor == 4000


def test_without_a_key_of_its_own_nothing_is_given(shop):
    assert code(post(machine(shop), "credit/gifts", GIFT)) == (400, "idempotency_key_needed")
    assert (
        code(post(machine(shop), "credit/gifts", GIFT | {"shopper_key": "no"}, key="a"))[0] == 404
    )
    assert not Account.objects.filter(kind="store_credit").exists()


def test_reading_takes_no_right_to_give(shop, credit):
    reader = machine(shop, scopes=[Scope.CREDIT_READ])

    assert reader.get("/api/v1/balances").status_code == 200
    assert code(post(reader, "credit/gifts", GIFT, key="a")) == (403, "scope_missing")


def test_a_long_list_asks_no_more_questions_than_a_short_one(shop):
    client = machine(shop)

    def asked(many):
        for _ in range(many):
            card = {"kind": "cash", "amount_minor": 100, "reason": "x", "shopper_key": EMAIL}
            made = post(client, "gift-cards", card, key=f"c{GiftCard.objects.count()}")
            assert made.status_code == 201
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert len(client.get("/api/v1/balances?limit=50").json()["items"]) >= many
        return len(seen)

    assert asked(2) == asked(6)
