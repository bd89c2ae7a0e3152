"""Small things are refunded and stay with the shopper; no parcel is waited for."""

from datetime import timedelta

import pytest
from tests.world import LAMP, MUG, order_of, requested_return, run_jobs, small_shop

from rebond.domain.duties.clock import duties_of_return
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.states import RequestState
from rebond.domain.shipping.queries import waits_for_goods
from rebond.kernel.clock import today
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db


def kept_return(**rule):
    rules = [{"kind": "keep_it", **rule}, *GENEROUS["rules"]]
    order = order_of(small_shop(policy={"rules": rules}), lines=(LAMP, MUG))
    return requested_return(order, {"MUG-07": 1})


def test_the_return_says_that_the_goods_are_kept_and_the_money_goes_at_once():
    rma = kept_return(below_minor=1295)
    run_jobs()
    rma.refresh_from_db()

    assert (rma.goods, rma.keeps_goods) == ("kept", True)
    assert rma.settlements.get().gross_minor == 1295
    assert not waits_for_goods(rma)


@pytest.mark.parametrize(
    ("rule", "goods"),
    [
        ({"parcel_cost_minor": 1296}, "kept"),
        ({"parcel_cost_minor": 1295}, "sent_back"),
        ({"below_minor": 1294, "parcel_cost_minor": 900}, "sent_back"),
        ({"below_minor": 1294, "parcel_cost_minor": 1500}, "kept"),
    ],
)
def test_goods_worth_less_than_their_parcel_are_kept(rule, goods):
    # The mug cost 12.95.
    assert kept_return(**rule).goods == goods


def test_the_letter_asks_for_no_parcel():
    rma = kept_return(below_minor=5000)
    run_jobs()

    letter = Message.objects.filter(rma=rma).order_by("made_at").first()
    assert "vous gardez l’article" in letter.text
    assert "colis" not in letter.text


def test_once_it_is_paid_the_return_is_closed():
    rma = kept_return(below_minor=5000)
    run_jobs()
    pay_by_hand(
        Refund.objects.get().pk, reference="VIR 7", paid_on=today("Europe/Paris"), by="staff:Ana"
    )
    rma.refresh_from_db()

    assert rma.request_state == RequestState.CLOSED


def test_the_legal_day_waits_for_no_parcel():
    rma = kept_return(below_minor=5000)

    duty = next(owed for owed in duties_of_return(rma) if owed.kind == DutyKind.REFUND)
    assert duty.due_on == duty.since_on + timedelta(days=14)
