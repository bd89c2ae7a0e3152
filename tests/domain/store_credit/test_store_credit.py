"""Store credit: lots keep their origin, spends take and give back the same parts."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from tests.world import order_of, small_shop

from rebond.domain.ledger.actions import (
    Terms,
    block,
    capture,
    cash_out,
    expire_hold,
    release,
    set_terms,
    take_back,
    unblock,
)
from rebond.domain.ledger.errors import (
    AmountNotPositive,
    BalanceBlocked,
    BalanceReasonNeeded,
    CashOutExceedsCash,
    HoldOver,
    HoldUnknown,
    InsufficientBalance,
    NothingToRestore,
    OtherCurrency,
    ReferenceNeeded,
    ReferenceReused,
    TermsNotPossible,
)
from rebond.domain.ledger.jobs import expire_due
from rebond.domain.ledger.models import Account, Entry, Hold, Lot, Transaction
from rebond.domain.ledger.queries import usable
from rebond.domain.ledger.refunding import Owed
from rebond.domain.store_credit.actions import (
    give_credit,
    refund_back_to_credit,
    refund_into_credit,
    reserve_credit,
    spend_credit,
)
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db


def eur(minor):
    return Money(minor, "EUR")


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def camille(shop):
    return order_of(shop).shopper


def owed(shopper, minor, *, reference="pay_1", refund_id=None):
    return Owed(shopper.shop_id, refund_id or uuid4(), eur(minor), reference, "provider:x")


def keep(shopper, minor, *, percent=0, **more):
    return refund_into_credit(owed(shopper, minor, **more), shopper, bonus_percent=percent)


def spend(shopper, minor, reference="order-1"):
    return spend_credit(shopper, eur(minor), reference=reference, by="checkout")


def balance(shopper):
    return Account.objects.get(shop=shopper.shop_id, owner=shopper.pk, kind="store_credit")


def parts(shopper):
    """Cash and bonus of the shopper's balance."""
    there = usable(balance(shopper))
    return there.cash_minor, there.bonus_minor


def test_a_refund_kept_with_ten_percent_has_two_parts(camille):
    keep(camille, 8000, percent=10)

    lot = Lot.objects.get(shop=camille.shop)
    assert (lot.cash_minor, lot.bonus_minor, lot.source) == (8000, 800, "pay_1")
    assert balance(camille).balance == eur(8800)


def test_the_bonus_is_rounded_down(camille):
    keep(camille, 999, percent=10)

    assert parts(camille) == (999, 99)


def test_an_amount_comes_on_top_beside_the_percent(camille):
    refund_into_credit(owed(camille, 8000), camille, bonus_percent=10, bonus_minor=500)

    assert parts(camille) == (8000, 1300)  # 800 and 500


def test_a_bonus_is_never_more_than_the_refund(camille):
    refund_into_credit(owed(camille, 300), camille, bonus_percent=10, bonus_minor=500)

    assert parts(camille) == (300, 300)


def test_money_that_had_a_bonus_earns_no_amount_on_top(camille):
    other = order_of(camille.shop, number="1002", email="other@example.org").shopper
    keep(camille, 1000, percent=10)
    spend(camille, 1100)

    again = owed(camille, 1100, reference="order-1")
    refund_into_credit(again, other, bonus_percent=10, bonus_minor=500)

    assert parts(other) == (1000, 100)


def test_the_same_refund_is_kept_once(camille):
    wish = owed(camille, 8000)

    first = refund_into_credit(wish, camille, bonus_percent=10)
    second = refund_into_credit(wish, camille, bonus_percent=10)

    assert first == second
    assert balance(camille).balance_minor == 8800


def test_the_same_refund_of_another_amount_is_refused(camille):
    refund = uuid4()
    keep(camille, 8000, refund_id=refund)

    with pytest.raises(ReferenceReused):
        keep(camille, 9000, refund_id=refund)


def test_the_oldest_lot_goes_first_and_its_bonus_before_its_cash(camille):
    keep(camille, 1000, percent=10)
    keep(camille, 500, percent=10)

    spend(camille, 1120)  # 100 + 1000 of the first lot, 20 of the second's bonus

    left = Lot.objects.filter(shop=camille.shop).order_by("opened_at")
    assert [(lot.cash_left_minor, lot.bonus_left_minor) for lot in left] == [(0, 0), (500, 30)]


def test_a_spend_that_comes_back_gives_the_same_parts(camille):
    keep(camille, 1000, percent=10)
    spend(camille, 600)  # 100 bonus, 500 cash

    refund_back_to_credit(owed(camille, 600, reference="order-1"))

    assert parts(camille) == (1000, 100)
    assert Lot.objects.filter(shop=camille.shop).count() == 1


def test_half_a_spend_gives_half_of_each_part(camille):
    keep(camille, 1000, percent=10)
    spend(camille, 600)

    refund_back_to_credit(owed(camille, 300, reference="order-1"))

    assert parts(camille) == (500 + 250, 50)


def test_halves_come_back_to_the_whole_and_no_further(camille):
    keep(camille, 1000, percent=10)
    spend(camille, 601)

    for minor in (301, 300):
        refund_back_to_credit(owed(camille, minor, reference="order-1"))

    assert parts(camille) == (1000, 100)
    with pytest.raises(NothingToRestore):
        refund_back_to_credit(owed(camille, 1, reference="order-1"))


def test_money_that_had_a_bonus_earns_no_second_one(camille):
    keep(camille, 1000, percent=10)
    spend(camille, 1100)

    keep(camille, 1100, percent=10, reference="order-1")

    assert parts(camille) == (1000, 100)


def test_a_payment_that_no_credit_made_has_nothing_to_give_back(camille):
    with pytest.raises(NothingToRestore):
        refund_back_to_credit(owed(camille, 100, reference="pay_9"))


def test_a_gesture_is_never_paid_out(camille):
    gift = eur(500)
    give_credit(camille, gift, is_cash=False, key="1", reason="late parcel", by="staff:Ana")

    with pytest.raises(CashOutExceedsCash) as refused:
        cash_out(balance(camille).pk, eur(1), reference="VIR-1", reason="asked", by="staff:Ana")

    assert refused.value.facts["cash_minor"] == 0


def test_only_the_cash_part_is_paid_out(camille):
    keep(camille, 1000, percent=10)

    with pytest.raises(CashOutExceedsCash):
        cash_out(balance(camille).pk, eur(1001), reference="V", reason="asked", by="staff:Ana")
    cash_out(balance(camille).pk, eur(1000), reference="V", reason="asked", by="staff:Ana")

    assert parts(camille) == (0, 100)


def test_more_than_there_is_cannot_be_spent(camille):
    keep(camille, 1000)

    with pytest.raises(InsufficientBalance) as refused:
        spend(camille, 1001)

    assert refused.value.facts == {"asked_minor": 1001, "free_minor": 1000, "currency": "EUR"}
    assert balance(camille).balance_minor == 1000


def test_a_form_that_is_sent_twice_gives_once(camille):
    for _ in range(2):
        give_credit(camille, eur(500), is_cash=True, key="form", reason="owed", by="staff:Ana")

    assert balance(camille).balance_minor == 500


@pytest.mark.parametrize("reason", ["", "  "])
def test_credit_by_hand_needs_a_reason(camille, reason):
    with pytest.raises(BalanceReasonNeeded):
        give_credit(camille, eur(500), is_cash=True, key="1", reason=reason, by="staff:Ana")


@pytest.mark.parametrize("minor", [0, -5])
def test_nothing_and_less_than_nothing_is_no_credit(camille, minor):
    with pytest.raises(AmountNotPositive):
        give_credit(camille, eur(minor), is_cash=True, key="1", reason="x", by="staff:Ana")


def test_a_mistake_is_taken_back_by_a_line_against_it(camille):
    give_credit(camille, eur(500), is_cash=True, key="1", reason="oops", by="staff:Ana")

    taken = take_back(balance(camille).pk, eur(500), key="2", reason="wrong one", by="staff:Ana")

    assert taken.reason == "wrong one"
    assert balance(camille).balance_minor == 0
    assert Transaction.objects.filter(shop=camille.shop).count() == 2


def test_another_currency_is_another_account(camille):
    keep(camille, 1000)

    with pytest.raises(InsufficientBalance):
        spend_credit(camille, Money(1, "GBP"), reference="o", by="checkout")
    with pytest.raises(OtherCurrency):
        take_back(balance(camille).pk, Money(1, "GBP"), key="9", reason="x", by="staff:Ana")


# --- holds --------------------------------------------------------------------------------


def hold(shopper, minor, reference="cart-1", minutes=30):
    until = now() + timedelta(minutes=minutes)
    return reserve_credit(shopper, eur(minor), reference=reference, expires_at=until, by="checkout")


def test_what_is_held_cannot_be_spent_elsewhere(camille):
    keep(camille, 1000)
    hold(camille, 600)

    with pytest.raises(InsufficientBalance):
        spend(camille, 401)
    spend(camille, 400)

    assert (balance(camille).balance_minor, balance(camille).held_minor) == (600, 600)


def test_a_hold_is_captured_in_parts_and_the_rest_let_go(camille):
    keep(camille, 1000, percent=10)
    hold(camille, 600)

    capture(camille.shop_id, "cart-1", eur(250), reference="ship-1", by="checkout")
    capture(camille.shop_id, "cart-1", eur(250), reference="ship-1", by="checkout")
    freed = release(camille.shop_id, "cart-1", by="checkout")
    again = release(camille.shop_id, "cart-1", by="checkout")

    assert (freed, again) == (350, 0)
    assert (balance(camille).balance_minor, balance(camille).held_minor) == (850, 0)
    assert parts(camille) == (850, 0)  # the bonus went first


def test_a_capture_without_amount_takes_all_that_is_left_once(camille):
    keep(camille, 1000)
    hold(camille, 600)

    first = capture(camille.shop_id, "cart-1", reference="a", by="checkout")
    second = capture(camille.shop_id, "cart-1", reference="a", by="checkout")

    assert first == second
    with pytest.raises(HoldOver):
        capture(camille.shop_id, "cart-1", reference="b", by="checkout")
    with pytest.raises(HoldUnknown):
        capture(camille.shop_id, "cart-2", reference="c", by="checkout")


def test_no_more_is_captured_than_was_held(camille):
    keep(camille, 1000)
    hold(camille, 600)

    with pytest.raises(HoldOver):
        capture(camille.shop_id, "cart-1", eur(601), reference="a", by="checkout")


def test_a_hold_is_the_same_when_asked_again_and_refused_for_something_else(camille):
    keep(camille, 1000)

    assert hold(camille, 600) == hold(camille, 600)
    assert balance(camille).held_minor == 600
    with pytest.raises(ReferenceReused):
        hold(camille, 500)
    with pytest.raises(ReferenceNeeded):
        hold(camille, 1, reference=" ")


def test_a_hold_ends_by_the_clock(camille):
    keep(camille, 1000)
    made = hold(camille, 600)

    expire_due()
    assert balance(camille).held_minor == 600
    with time_machine.travel(now() + timedelta(hours=1)):
        with pytest.raises(HoldOver):
            capture(camille.shop_id, "cart-1", reference="a", by="checkout")
        expire_due()
        assert expire_hold(made.pk, moment=now()) == 0

    assert balance(camille).held_minor == 0
    assert Hold.objects.get(pk=made.pk).released_minor == 600


def test_a_blocked_account_spends_nothing_and_takes_what_is_owed(camille):
    keep(camille, 1000)
    hold(camille, 200)
    block(balance(camille).pk, reason="taken over", by="staff:Ana")

    with pytest.raises(BalanceBlocked):
        spend(camille, 1)
    with pytest.raises(BalanceBlocked):
        hold(camille, 1, reference="cart-2")
    capture(camille.shop_id, "cart-1", reference="a", by="checkout")  # was promised before
    keep(camille, 300)
    unblock(balance(camille).pk, reason="it was them", by="staff:Ana")
    spend(camille, 1)

    assert balance(camille).balance_minor == 1000 - 200 + 300 - 1


# --- time ---------------------------------------------------------------------------------


def test_a_bonus_ends_when_the_terms_say_and_cash_stays(camille):
    set_terms(camille.shop, Terms(bonus_percent=10, bonus_days=90), by="staff:Ana")
    keep(camille, 1000, percent=10)

    with time_machine.travel(now() + timedelta(days=91)):
        with pytest.raises(InsufficientBalance):  # before the clock has booked it off
            spend(camille, 1001)
        expire_due()
        expire_due()
        assert parts(camille) == (1000, 0)

    assert Transaction.objects.filter(shop=camille.shop, kind="expired").count() == 1


def test_cash_ends_only_where_the_merchant_chose_so(camille):
    keep(camille, 1000)
    set_terms(camille.shop, Terms(cash_days=365), by="staff:Ana")
    keep(camille, 500)

    with time_machine.travel(now() + timedelta(days=366)):
        expire_due()

    assert balance(camille).balance_minor == 1000


def test_a_bonus_that_comes_back_too_late_can_be_used_for_a_month(camille):
    set_terms(camille.shop, Terms(bonus_days=10), by="staff:Ana")
    keep(camille, 1000, percent=10)
    spend(camille, 1100)

    with time_machine.travel(now() + timedelta(days=20)) as clock:
        refund_back_to_credit(owed(camille, 1100, reference="order-1"))
        expire_due()
        assert parts(camille) == (1000, 100)
        clock.shift(timedelta(days=31))
        expire_due()
        assert parts(camille) == (1000, 0)


def test_what_is_held_when_its_time_ends_is_used_or_ends_after_its_release(camille):
    set_terms(camille.shop, Terms(bonus_days=10), by="staff:Ana")
    keep(camille, 1000, percent=10)
    hold(camille, 60, minutes=60 * 24 * 30)

    with time_machine.travel(now() + timedelta(days=11)):
        expire_due()
        assert balance(camille).balance_minor == 1060  # 40 of the bonus ended
        release(camille.shop_id, "cart-1", by="checkout")
        expire_due()

    assert balance(camille).balance_minor == 1000


@pytest.mark.parametrize(
    "terms", [Terms(bonus_percent=101), Terms(bonus_days=0), Terms(points_per_unit=-1)]
)
def test_terms_out_of_bounds_are_refused(shop, terms):
    with pytest.raises(TermsNotPossible):
        set_terms(shop, terms, by="staff:Ana")


# --- books --------------------------------------------------------------------------------


def test_every_movement_is_told_once(camille, run_jobs):
    keep(camille, 1000, percent=10)
    spend(camille, 100)
    hold(camille, 100)
    release(camille.shop_id, "cart-1", by="checkout")

    told = Event.objects.filter(shop_id=camille.shop_id, subject=balance(camille).pk)
    assert list(told.order_by("sequence").values_list("name", flat=True)) == [
        "balance.issued",
        "balance.used",
        "balance.held",
        "balance.released",
    ]
    assert told.get(name="balance.issued").payload["bonus_minor"] == 100


@pytest.mark.parametrize("model", [Transaction, Entry])
def test_the_books_only_grow(camille, model):
    keep(camille, 1000)

    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(shop=camille.shop).update(amount_minor=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(shop=camille.shop).delete()
