"""In a long queue money goes before letters, and letters before paper."""

import pytest
from tests.world import order_of, small_shop

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.actions import pay_by_hand, refund_order
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.wishes import OrderRefund
from rebond.kernel.clock import today
from rebond.kernel.jobs import claim, perform

pytestmark = pytest.mark.django_db


def step() -> str:
    """Do the first job of the queue; returns what it did, nothing when there is none."""
    for job in claim(1):
        perform(job)
        return str(job.arguments[-1]).rpartition(".")[2]
    return ""


def test_a_refund_overtakes_the_paper_of_the_one_before(run_jobs):
    shop = small_shop()
    first, second = (order_of(shop, number=number) for number in ("1001", "1002"))
    run_jobs()
    wish = OrderRefund(amount_minor=100, reason="late")
    refund_order(first.pk, wish, by="staff:Ana")
    run_jobs()
    paid = Refund.objects.get(settlement__order=first)
    pay_by_hand(paid.pk, reference="VIR-1", paid_on=today("Europe/Paris"), by="staff:Ana")
    while not CreditNote.objects.exists():
        step()

    refund_order(second.pk, wish, by="staff:Ana")
    done = list(iter(step, ""))

    assert done[0] == "send_refund"
    assert done.index("settle_points") < done.index("print_credit_note")
