"""The plugs that pay refunds into the ledger, beyond what every provider promises."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError
from tests.world import order_of, small_shop

from rebond.domain.gift_cards.actions import find_card
from rebond.domain.gift_cards.codes import code_of_refund
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.models import Account as LedgerAccount
from rebond.domain.ledger.models import Lot
from rebond.domain.refunds.ports import Account, Outcome, RefundOrder, payment_providers
from rebond.domain.store_credit.actions import spend_credit
from rebond.integrations import own_ledger
from rebond.kernel.clock import now
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def camille(shop):
    return order_of(shop).shopper


def wish(destination, minor=8000, *, currency="EUR", payment="pay_1", refund_id=None):
    refund_id = refund_id or uuid4()
    amount = Money(minor, currency)
    return RefundOrder(refund_id, payment, amount, f"{refund_id}:0", destination)


def plug(key, slug="galerie"):
    return payment_providers[key](Account(slug))


def test_the_bonus_is_no_part_of_the_refund(camille):
    credit = plug("store_credit")
    order = wish(f"shopper:{camille.pk}?bonus=10")

    answers = {credit.refund(order) for _ in range(3)}
    (listed,) = credit.refunds_of("pay_1")
    (found,) = credit.refunds_between(now() - timedelta(hours=1), now() + timedelta(hours=1))

    assert {answer.outcome for answer in answers} == {Outcome.SUCCEEDED}
    assert len(answers) == 1
    assert listed == found
    assert (listed.refund_id, listed.amount) == (order.refund_id, Money(8000, "EUR"))
    account = LedgerAccount.objects.get(shop=camille.shop, owner=camille.pk)
    assert account.balance_minor == 8800


@pytest.mark.parametrize("currency", ["JPY", "EUR", "KWD"])
def test_amounts_keep_their_currency(camille, currency):
    for key, word in (("store_credit", "shopper"), ("gift_card", "new")):
        order = wish(f"{word}:{camille.pk}", 12300, currency=currency, payment=f"p{key}")

        assert plug(key).refund(order).outcome is Outcome.SUCCEEDED
        assert [one.amount for one in plug(key).refunds_of(f"p{key}")] == [Money(12300, currency)]


@pytest.mark.parametrize(
    "destination",
    [
        "shopper:",
        "shopper:nobody",
        "shopper:00000000-0000-7000-8000-000000000000",
        "shopper:{id}?bonus=101",
        "shopper:{id}?bonus=-1",
        "shopper:{id}?bonus=1.5",
        "shopper:{id}&x=1",
        "new:{id}",
        "{id}",
    ],
)
def test_a_destination_that_is_none_gets_nothing(camille, destination):
    answer = plug("store_credit").refund(wish(destination.replace("{id}", str(camille.pk))))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "unknown_destination")
    assert not LedgerAccount.objects.filter(shop=camille.shop).exists()


def test_a_shopper_of_another_shop_gets_nothing(shop):
    stranger = order_of(small_shop("atelier")).shopper

    answer = plug("store_credit").refund(wish(f"shopper:{stranger.pk}"))

    assert answer.code == "unknown_destination"


def test_the_same_refund_of_another_amount_is_refused(camille):
    refund_id = uuid4()
    credit = plug("store_credit")
    credit.refund(wish(f"shopper:{camille.pk}", refund_id=refund_id))

    answer = credit.refund(wish(f"shopper:{camille.pk}", 9000, refund_id=refund_id))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "reference_reused")


def test_what_credit_had_paid_goes_back_there_and_earns_nothing_new(camille):
    credit = plug("store_credit")
    credit.refund(wish(f"shopper:{camille.pk}?bonus=10", 1000))
    spend_credit(camille, Money(1100, "EUR"), reference="order-1", by="checkout")

    answer = credit.refund(wish(f"shopper:{camille.pk}?bonus=10", 1100, payment="order-1"))

    assert answer.outcome is Outcome.SUCCEEDED
    (lot,) = Lot.objects.filter(shop=camille.shop)
    assert (lot.cash_left_minor, lot.bonus_left_minor) == (1000, 100)
    assert credit.page_of("order-1").endswith(f"/desk/galerie/balances/{lot.account_id}/")
    assert credit.page_of("order-9") == ""


def test_credit_that_becomes_a_card_keeps_its_parts(camille):
    plug("store_credit").refund(wish(f"shopper:{camille.pk}?bonus=10", 1000))
    spend_credit(camille, Money(1100, "EUR"), reference="order-1", by="checkout")

    order = wish(f"new:{camille.pk}?bonus=10", 1100, payment="order-1")
    answer = plug("gift_card").refund(order)

    assert answer.outcome is Outcome.SUCCEEDED
    card = GiftCard.objects.get(shop=camille.shop)
    (lot,) = Lot.objects.filter(shop=camille.shop, account=card.account_id)
    assert (lot.cash_minor, lot.bonus_minor, lot.source) == (1000, 100, "pay_1")
    (listed,) = plug("gift_card").refunds_of("order-1")
    assert listed.amount == Money(1100, "EUR")


def test_a_refund_to_no_card_of_ours_issues_one(shop):
    order = wish("", payment="pay_elsewhere")

    answer = plug("gift_card").refund(order)

    assert answer.outcome is Outcome.SUCCEEDED
    card = find_card(shop, code_of_refund(shop.pk, order.refund_id))
    assert card.shopper is None


def test_a_database_that_is_away_is_no_answer(camille, monkeypatch):
    def away(*_args, **_more):
        raise DatabaseError

    monkeypatch.setattr(own_ledger.OwnLedger, "_shop", away)
    credit = plug("store_credit")

    assert credit.refund(wish(f"shopper:{camille.pk}")).outcome is Outcome.NO_ANSWER
    assert credit.refunds_of("pay_1") is None
    assert credit.refunds_between(now(), now()) is None


def test_a_shop_that_is_unknown_waits_for_a_person():
    assert plug("gift_card", "nowhere").refund(wish("")).outcome is Outcome.WAITS_FOR_PERSON
