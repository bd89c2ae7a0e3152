"""Points: earned and used with orders, and both undone with what goes back."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world import LAMP, findings, order_of, received_return, small_shop

from rebond.domain.ledger.actions import Terms, set_terms
from rebond.domain.ledger.errors import InsufficientBalance, ReferenceReused
from rebond.domain.ledger.models import Account
from rebond.domain.loyalty.actions import burn_points, earn_points, give_points, return_points
from rebond.domain.loyalty.amounts import due_back, due_to_shopper, earned_on
from rebond.domain.loyalty.models import OrderPoints, PointsReturn
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.models import Event
from rebond.kernel.money import Money


@pytest.fixture
def shop(db):
    shop = small_shop()
    set_terms(shop, Terms(points_per_unit=1), by="staff:Ana")
    return shop


@pytest.fixture
def order(shop):
    return order_of(shop, lines=[LAMP], shipping_minor=0)  # 3 lamps, 300.00


def points(shopper):
    return Account.objects.get(shop=shopper.shop_id, owner=shopper.pk, kind="points").balance_minor


def eur(minor):
    return Money(minor, "EUR")


def test_an_order_earns_once_what_the_terms_say(order, run_jobs):
    run_jobs()
    earn_points(order.pk, by="system")

    assert points(order.shopper) == order.total_minor // 100


def test_130_points_on_129_90():
    assert earned_on(eur(12990), 1) == 130
    assert due_back(130, 12990, 12990) == 130
    assert earned_on(Money(12990, "JPY"), 1) == 12990


def test_a_shop_without_points_gives_none(run_jobs, db):
    order = order_of(small_shop())
    run_jobs()

    assert not OrderPoints.objects.filter(shop=order.shop).exists()


def test_what_goes_back_takes_its_part(order):
    earn_points(order.pk, by="system")
    whole = points(order.shopper)

    done = return_points(order.pk, eur(order.total_minor // 3), key="s1", by="system")
    again = return_points(order.pk, eur(order.total_minor // 3), key="s1", by="system")

    assert done == again
    assert points(order.shopper) == whole - whole // 3


def test_points_that_are_spent_are_missed_and_never_below_zero(order):
    earn_points(order.pk, by="system")
    whole = points(order.shopper)
    burn_points(order.shopper, whole - 10, order_number="2002", by="checkout")

    done = return_points(order.pk, eur(order.total_minor), key="s1", by="system")

    assert (done.due, done.taken_back, done.missed) == (whole, 10, whole - 10)
    assert points(order.shopper) == 0
    told = Event.objects.get(shop_id=order.shop_id, name="points.missed")
    assert told.payload["missed"] == whole - 10


def test_points_that_were_used_come_back_in_proportion(order):
    give_points(order.shopper, 99, key="1", reason="welcome", by="staff:Ana")
    burn_points(order.shopper, 99, order_number=order.number, by="checkout")

    return_points(order.pk, eur(order.total_minor // 2), key="s1", by="system")
    assert points(order.shopper) == 50  # rounded up
    return_points(order.pk, eur(order.total_minor), key="s2", by="system")

    assert points(order.shopper) == 99


def test_points_are_used_once_for_an_order(order):
    give_points(order.shopper, 50, key="1", reason="welcome", by="staff:Ana")

    for _ in range(2):
        burn_points(order.shopper, 20, order_number="2002", by="checkout")

    assert points(order.shopper) == 30
    with pytest.raises(ReferenceReused):
        burn_points(order.shopper, 21, order_number="2002", by="checkout")
    with pytest.raises(InsufficientBalance):
        burn_points(order.shopper, 31, order_number="2003", by="checkout")


def test_a_refund_undoes_its_points_by_itself(order, run_jobs):
    run_jobs()
    before = points(order.shopper)
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()

    (done,) = PointsReturn.objects.filter(shop=order.shop)
    assert done.taken_back == before * done.returned_minor // order.total_minor
    assert points(order.shopper) == before - done.taken_back


def test_an_order_without_points_has_none_to_undo(db):
    order = order_of(small_shop())

    assert return_points(order.pk, eur(100), key=uuid4().hex, by="system") is None


@given(
    earned=st.integers(0, 5000),
    total=st.integers(1, 100_000),
    parts=st.lists(st.integers(0, 30_000), max_size=6),
)
def test_parts_take_what_the_whole_would(earned, total, parts):
    went = took = given_back = 0
    for part in [*parts, total]:
        went += part
        took += due_back(earned, went, total) - took
        given_back += due_to_shopper(earned, went, total) - given_back
        assert 0 <= took <= given_back <= earned

    assert took == given_back == earned
