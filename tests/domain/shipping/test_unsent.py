"""Accepted returns whose goods nobody sends: reminded twice, and put away where that is lawful."""

from datetime import timedelta

import pytest
import time_machine
from tests.world import order_of, requested_return, run_jobs, small_shop

from rebond.domain.orders.models import OrderLine
from rebond.domain.returns.actions import expire_return, reopen_return
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import Ground
from rebond.domain.shipping.actions import announce_parcel, note_hand_in, set_shipping_terms
from rebond.domain.shipping.jobs import ask_for_goods
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def rma(shop):
    return requested_return(order_of(shop))


def patience(shop, *, remind=7, expire=30):
    set_shipping_terms(
        shop,
        label_carrier="",
        lost_after_days=10,
        remind_after_days=remind,
        expire_after_days=expire,
        by="test",
    )


def pass_days(*days):
    """Let the clock come by on each of these days from now."""
    for day in days:
        with time_machine.travel(now() + timedelta(days=day)):
            ask_for_goods()
            run_jobs()


def letters(kind):
    return Message.objects.filter(kind=kind).count()


def test_the_shopper_is_reminded_once_and_then_once_more_before_the_end(shop, rma):
    patience(shop)

    pass_days(6)
    assert letters("sending_reminded") == 0
    pass_days(8, 9, 15)
    assert letters("sending_reminded") == 1
    pass_days(28, 29)
    assert letters("sending_reminded") == 2


def test_nobody_sent_and_the_return_is_put_away_its_pieces_free(shop, rma):
    patience(shop)

    pass_days(8, 28, 32)

    rma.refresh_from_db()
    assert rma.request_state == "expired"
    assert letters("return_expired") == 1
    assert not OrderLine.objects.filter(shop=shop, returned_quantity__gt=0).exists()
    assert reopen_return(rma.pk, by="staff:Ana").request_state == "requested"


def test_without_an_end_it_is_only_asked_for(shop, rma):
    pass_days(8, 100, 300)

    rma.refresh_from_db()
    assert (rma.request_state, letters("sending_reminded")) == ("approved", 1)


def test_nobody_is_put_away_without_days_to_read_of_it(shop, rma):
    pass_days(2)
    patience(shop)

    pass_days(50)
    rma.refresh_from_db()
    assert (rma.request_state, letters("sending_reminded")) == ("approved", 1)
    pass_days(51, 52)
    rma.refresh_from_db()
    assert rma.request_state == "approved"
    pass_days(57)
    rma.refresh_from_db()
    assert rma.request_state == "expired"


def test_a_parcel_on_its_way_is_not_asked_for(shop, rma):
    patience(shop)
    parcel = announce_parcel(
        rma.pk, carrier="own_carrier", carrier_name="La Poste", tracking_number="6A1", by="shopper"
    )
    note_hand_in(parcel.pk, at=now(), by="shopper")

    pass_days(8, 40)

    assert letters("sending_reminded") == 0
    with pytest.raises(IllegalTransition):
        expire_return(rma.pk, by="system")


def test_a_legal_withdrawal_is_never_put_away(shop, rma):
    patience(shop)
    Return.objects.filter(pk=rma.pk).update(ground=Ground.WITHDRAWAL)

    pass_days(8, 28, 40)

    rma.refresh_from_db()
    assert rma.request_state == "approved"
    with pytest.raises(IllegalTransition):
        expire_return(rma.pk, by="staff:Ana")


def test_each_shop_has_a_patience_of_its_own(shop, rma):
    patience(shop, remind=0, expire=0)
    other = requested_return(order_of(small_shop("atelier"), number="77"))

    pass_days(8)

    assert [message.rma_id for message in Message.objects.filter(kind="sending_reminded")] == [
        other.pk
    ]
    assert Shop.objects.count() == 2
