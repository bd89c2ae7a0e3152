"""Money that failed: the desk sends it once more, and only then."""

from datetime import date

import pytest
from django.urls import reverse
from tests.integrations.conftest import provider  # noqa: F401  (a fixture)
from tests.world import findings, order_of, received_return, requested_return, run_jobs, small_shop

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.actions import pay_by_hand, settle_return
from rebond.domain.refunds.errors import IllegalRefundStep
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.actions import cancel_return
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.errors import NotExpected
from rebond.insights.verification.promises import PROMISES

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(provider):  # noqa: F811
    """A refund that the provider refused."""
    shop = small_shop()
    order = order_of(shop, provider="simulator")
    provider.opens(order.payments.get().reference, order.total_minor)
    provider.plan("refuse", code="declined")
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    return Refund.objects.get(settlement__rma=rma)


def address(refund: Refund, page: str) -> str:
    which = refund.settlement.rma.number if page == "return" else refund.pk
    return reverse(f"backoffice:{page}", args=[refund.shop.slug, which])


def test_the_desk_sends_failed_money_once_more(failed, at_desk):
    client = at_desk(failed.shop)
    assert "Try again" in client.get(address(failed, "return")).content.decode()

    assert client.post(address(failed, "again")).status_code == 302
    client.post(address(failed, "again"))
    run_jobs()

    states = Refund.objects.filter(settlement=failed.settlement).order_by("started_at")
    assert [refund.state for refund in states] == ["failed", "succeeded"]
    assert "Try again" not in client.get(address(failed, "return")).content.decode()


def test_without_the_right_nobody_sends_money(failed, at_desk):
    client = at_desk(failed.shop, Role.WAREHOUSE, name="Karim Benali")

    assert client.post(address(failed, "again")).status_code == 403
    assert Refund.objects.count() == 1


def test_another_shop_does_not_see_the_refund(failed, at_desk):
    client = at_desk(small_shop("autre"))

    assert client.post(address(failed, "again")).status_code == 404


def test_a_cancelled_return_is_neither_inspected_nor_paid():
    rma = requested_return(order_of(small_shop()), {"LAMP-01": 1})
    cancel_return(rma.pk, by="shopper")

    with pytest.raises(IllegalTransition):
        settle_return(rma.pk, by="staff:Ana")
    with pytest.raises(NotExpected):
        inspect_return(rma.pk, [], by="staff:Ana")
    assert Return.objects.get().settlements.count() == 0


def test_who_paid_by_hand_is_written_once():
    rma = received_return(order_of(small_shop()), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")

    with pytest.raises(IllegalRefundStep):
        pay_by_hand(refund.pk, reference="VIR-2", paid_on=date(2026, 11, 21), by="staff:Bob")

    refund.refresh_from_db()
    assert (refund.handled_by, refund.provider_reference) == ("staff:Ana", "VIR-1")


@pytest.fixture
def unclear(failed):
    """A refund that the clock gave to a person."""
    Refund.objects.filter(pk=failed.pk).update(
        state="unknown", needs_person=True, settled_at=None, failure_code=""
    )
    failed.payment.refund_reserved_minor = failed.amount_minor
    failed.payment.save(update_fields=["refund_reserved_minor"])
    return Refund.objects.get(pk=failed.pk)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"was_paid": "yes", "reference": "re_42"}, "succeeded"),
        ({"was_paid": "no", "reference": ""}, "failed"),
    ],
)
def test_a_person_ends_the_doubt(unclear, at_desk, said, state):
    client = at_desk(unclear.shop)
    assert "It was not paid" in client.get(address(unclear, "return")).content.decode()

    assert client.post(address(unclear, "doubt"), said).status_code == 302
    run_jobs()

    unclear.refresh_from_db()
    assert unclear.state == state
    assert CreditNote.objects.count() == (state == "succeeded")
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_money_that_went_needs_its_reference(unclear, at_desk):
    answer = at_desk(unclear.shop).post(address(unclear, "doubt"), {"was_paid": "yes"})

    assert answer.status_code == 422
    unclear.refresh_from_db()
    assert unclear.state == "unknown"


def test_where_there_is_no_doubt_nobody_ends_it(failed, at_desk):
    answer = at_desk(failed.shop).post(address(failed, "doubt"), {"was_paid": "no"})

    assert answer.status_code == 409
