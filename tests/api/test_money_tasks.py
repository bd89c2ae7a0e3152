"""What about money waits, and how a machine lets a payout that is stuck go on."""

import pytest
from tests.api.clients import code, machine, post
from tests.integrations.conftest import provider  # noqa: F401  (a fixture)
from tests.world import EMAIL, findings, order_of, received_return, run_jobs, small_shop

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.models import Refund
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
CONSENT = {"channel": "phone", "given_by": EMAIL}


def inspected(order):
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    return Refund.objects.get(settlement__rma=rma)


@pytest.fixture
def failed(provider):  # noqa: F811
    """A payout that the provider refused."""
    order = order_of(small_shop(), provider="simulator")
    provider.opens(order.payments.get().reference, order.total_minor)
    provider.plan("refuse", code="declined")
    return inspected(order)


@pytest.fixture
def by_hand():
    """A payout that somebody of the shop pays."""
    return inspected(order_of(small_shop()))


def tasks(client, **asked):
    return client.get("/api/v1/money-tasks", asked).json()["items"]


def broken():
    return [breach for promise in PROMISES for breach in promise.breaches()]


def test_what_failed_stands_in_the_list_and_is_sent_once_more(failed):
    client = machine(failed.shop)
    (task,) = tasks(client)
    assert (task["kind"], task["payout"]) == ("failed", str(failed.pk))
    assert task["return_number"] == failed.settlement.rma.number
    assert tasks(client, kind="approval") == []

    first = post(client, f"payouts/{failed.pk}/tries", key="t1")
    again = post(client, f"payouts/{failed.pk}/tries", key="t1")
    late = post(client, f"payouts/{failed.pk}/tries", key="t2")
    run_jobs()

    assert (first.status_code, again.content) == (201, first.content)
    assert first.json()["id"] != str(failed.pk)
    assert code(late) == (409, "already_settled")
    assert Refund.objects.get(pk=first.json()["id"]).state == "succeeded"
    assert tasks(client) == [] and CreditNote.objects.count() == 1
    assert broken() == []


def test_a_payment_by_hand_is_noted_with_its_day(by_hand):
    client = machine(by_hand.shop)
    assert [task["kind"] for task in tasks(client)] == ["by_hand"]
    page = f"payouts/{by_hand.pk}/payments"

    assert code(post(client, page, {"reference": "V", "paid_on": "2999-01-01"}, key="a")) == (
        422,
        "payment_day_to_come",
    )
    assert code(post(client, page, {"reference": " "}, key="b")) == (
        422,
        "payment_reference_needed",
    )
    paid = post(client, page, {"reference": "VIR-1", "paid_on": "2026-11-20"}, key="c")
    run_jobs()

    assert (paid.json()["state"], paid.json()["reference"]) == ("succeeded", "VIR-1")
    by_hand.refresh_from_db()
    assert (by_hand.handled_by, str(by_hand.paid_on)) == ("api:till", "2026-11-20")
    assert code(post(client, page, {"reference": "VIR-2"}, key="d")) == (
        409,
        "illegal_refund_step",
    )
    assert CreditNote.objects.count() == 1 and broken() == []


@pytest.mark.parametrize(
    ("said", "state"),
    [({"was_paid": True, "reference": "re_42"}, "succeeded"), ({"was_paid": False}, "failed")],
)
def test_a_doubt_is_ended_by_what_the_provider_shows(failed, said, state):
    Refund.objects.filter(pk=failed.pk).update(
        state="unknown", needs_person=True, settled_at=None, failure_code=""
    )
    failed.payment.refund_reserved_minor = failed.amount_minor
    failed.payment.save(update_fields=["refund_reserved_minor"])

    told = post(machine(failed.shop), f"payouts/{failed.pk}/findings", said, key="a")
    run_jobs()

    assert told.json()["state"] == state
    assert broken() == []


def test_money_that_went_needs_its_reference(by_hand):
    client, page = machine(by_hand.shop), f"payouts/{by_hand.pk}/findings"

    assert code(post(client, page, {"was_paid": True}, key="a")) == (409, "illegal_refund_step")
    assert code(post(client, page, {"was_paid": "yes"}, key="b"))[0] == 422


def test_another_way_needs_the_customers_yes(failed):
    client, page = machine(failed.shop), f"payouts/{failed.pk}/ways"

    assert post(client, page, {"way": "store_credit"}, key="a").status_code == 422
    assert post(client, page, {"way": "original", "consent": CONSENT}, key="b").status_code == 422
    told = post(client, page, {"way": "store_credit", "consent": CONSENT}, key="c")
    run_jobs()

    assert told.json()["provider"] == "store_credit"
    assert Refund.objects.get(pk=told.json()["id"]).state == "succeeded"
    assert broken() == []


def test_the_customer_is_asked_where_it_shall_go(failed):
    client, page = machine(failed.shop), f"payouts/{failed.pk}/way-requests"

    assert post(client, page, key="a").status_code == 201
    post(client, page, key="a")

    assert Message.objects.filter(kind="way_asked").count() == 1


def test_who_has_gone_through_is_not_asked(by_hand):
    client, page = machine(by_hand.shop), f"payouts/{by_hand.pk}/way-requests"

    assert code(post(client, page, key="a")) == (409, "illegal_refund_step")
    assert not Message.objects.filter(kind="way_asked").exists()
