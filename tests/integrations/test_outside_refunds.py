"""Refunds made in the provider's own pages: found, counted once, given their place."""

import json
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.integrations.conftest import SECRET
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.orders.models import Payment
from rebond.domain.refunds import actions, fetching, jobs
from rebond.domain.refunds.errors import AlreadyAnswered, IllegalRefundStep, QuoteRefused
from rebond.domain.refunds.guessing import guess_of
from rebond.domain.refunds.models import (
    MoneyTask,
    OutsideRefund,
    ProviderEvent,
    Refund,
    Settlement,
)
from rebond.domain.refunds.wishes import OrderRefund, WantedCharge, WantedPieces
from rebond.domain.returns.models import Return
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.simulator.payments import sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(provider):
    made = order_of(small_shop(), provider="simulator")
    provider.opens(made.payments.get().reference, 13080)
    return made


def refunded_in_the_dashboard(provider, order, minor, *, reference="") -> dict:
    """Somebody refunds at the provider, without us; the refund as the provider shows it."""
    payment = order.payments.get().reference
    wish = {"amount": minor, "currency": "EUR", "merchant_reference": reference}
    return provider._post(f"payments/{payment}/refunds", **wish)


def tell(client, item: dict, *, event: str = "evt_1", slug: str = "galerie"):
    """The provider's signed message about ``item``."""
    body = json.dumps({"id": event, "type": "refund.updated", "data": item}).encode()
    return client.post(
        reverse("payment_hook", args=[slug, "simulator"]),
        body,
        content_type="application/json",
        headers={"Simulator-Signature": sign(SECRET, body, int(time.time()))},
    )


def failed_later(provider, item: dict) -> dict:
    """The bank sends the money back: the provider says so from now on."""
    provider.sets(item["id"], "failed")
    return {**item, "status": "failed", "code": "account_closed"}


def let_messages_be_fetched(run_jobs) -> None:
    ProviderEvent.objects.exclude(next_try_at=None).update(next_try_at=now() - timedelta(seconds=1))
    fetching.fetch_due_messages()
    run_jobs()


def tasks(order) -> list[str]:
    waiting = MoneyTask.objects.filter(order=order, closed_at=None)
    return sorted(waiting.values_list("kind", flat=True))


def counted(order) -> tuple[int, int]:
    payment = Payment.objects.get(order=order)
    return payment.refund_reserved_minor, payment.refunded_outside_minor


def broken() -> list[str]:
    return [breach for promise in PROMISES for breach in promise.breaches()]


def lamps(order, count=1) -> OrderRefund:
    return OrderRefund(pieces=(WantedPieces(order.lines.get(sku="LAMP-01").pk, count),))


@pytest.fixture
def found(order, provider, client, run_jobs) -> OutsideRefund:
    """33.33 refunded in the provider's pages, of which we have heard."""
    tell(client, refunded_in_the_dashboard(provider, order, 3333))
    run_jobs()
    return OutsideRefund.objects.get()


def test_it_is_found_by_its_message_and_counts_once_however_often_it_is_told(
    order, provider, client, run_jobs
):
    item = refunded_in_the_dashboard(provider, order, 3333)

    for number in range(5):
        assert tell(client, item, event=f"evt_{number % 2}").status_code == 204
    run_jobs()
    fetching.compare(order.shop, "simulator", days_of_today(order))

    row = OutsideRefund.objects.get()
    assert (row.state, row.found_by, row.amount_minor) == ("waiting", "hook", 3333)
    assert counted(order) == (0, 3333)
    assert tasks(order) == ["outside"]
    assert Event.objects.filter(subject=order.pk, name="refund.found_outside").count() == 1
    results = set(ProviderEvent.objects.values_list("result", flat=True))
    assert results == {"applied"}
    assert broken() == []


def days_of_today(order):
    today = now().date()
    return fetching.Days(today - timedelta(days=1), today + timedelta(days=1))


def test_it_is_found_by_asking_too(order, provider):
    refunded_in_the_dashboard(provider, order, 3333)

    for _ in range(2):
        fetching.compare(order.shop, "simulator", days_of_today(order))

    assert OutsideRefund.objects.get().found_by == "pull"
    assert counted(order) == (0, 3333)
    assert broken() == []


def test_nothing_is_believed_that_the_provider_does_not_list(order, provider, client, run_jobs):
    item = {
        "id": "sim_re_forged",
        "payment": order.payments.get().reference,
        "merchant_reference": "",
        "amount": 3333,
        "currency": "EUR",
        "status": "succeeded",
    }

    tell(client, item)
    for _ in range(8):
        let_messages_be_fetched(run_jobs)

    assert not OutsideRefund.objects.exists()
    assert counted(order) == (0, 0)
    assert ProviderEvent.objects.get().result == "stuck"
    assert any("sim_re_forged" in breach for breach in broken())


def test_a_message_about_a_strangers_payment_ends_as_not_ours(order, provider, client, run_jobs):
    provider.opens("pay_strange", 5000)
    item = provider._post(
        "payments/pay_strange/refunds", amount=5000, currency="EUR", merchant_reference=""
    )

    tell(client, item)
    for _ in range(8):
        let_messages_be_fetched(run_jobs)

    assert ProviderEvent.objects.get().result == "not_ours"
    assert not OutsideRefund.objects.exists()
    assert broken() == []


def test_a_payment_that_comes_to_us_later_is_found_by_the_parked_message(
    provider, client, run_jobs
):
    shop = small_shop()
    provider.opens("pay_galerie_1001", 13080)
    item = provider._post(
        "payments/pay_galerie_1001/refunds", amount=3333, currency="EUR", merchant_reference=""
    )
    tell(client, item)
    order = order_of(shop, provider="simulator")

    let_messages_be_fetched(run_jobs)

    assert ProviderEvent.objects.get().result == "applied"
    assert counted(order) == (0, 3333)


def test_a_fact_that_breaks_the_limit_is_written_down_and_told(order, provider, client, run_jobs):
    held = actions.refund_order(
        order.pk, OrderRefund(amount_minor=13080, reason="all"), by="staff:Ana"
    ).refunds.get()
    Payment.objects.filter(order=order).update(is_disputed=True)  # so that ours stays unsent
    run_jobs()

    tell(client, refunded_in_the_dashboard(provider, order, 13080))
    run_jobs()

    held.refresh_from_db()
    assert (held.state, held.failure_code) == ("cancelled", "refunded_outside")
    assert counted(order) == (0, 13080)
    assert tasks(order) == ["blocked", "outside"]
    assert MoneyTask.objects.get(kind="outside").facts["over_minor"] == 13080
    assert broken() == []


def test_while_nobody_said_what_it_was_for_no_other_money_of_the_order_leaves(
    found, order, provider, run_jobs
):
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    held = Refund.objects.get(settlement__rma=rma)
    assert held.state == "reserved" and len(provider.refunds()) == 1

    actions.leave_outside(order.shop_id, found.pk, why="a present", by="staff:Ana")
    from_the_clock(run_jobs)

    held.refresh_from_db()
    assert held.state == "succeeded" and len(provider.refunds()) == 2
    assert counted(order) == (3333, 3333)
    assert broken() == []


def from_the_clock(run_jobs):
    jobs.check_due_refunds()
    run_jobs()


def test_its_articles_get_it_and_a_document_follows(found, order, run_jobs):
    assert guess_of(order, found) == lamps(order)

    settlement = actions.assign_outside(order.shop_id, found.pk, lamps(order), by="staff:Ana")
    run_jobs()

    found.refresh_from_db()
    refund = settlement.refunds.get()
    assert (found.state, found.settlement_id) == ("assigned", settlement.pk)
    assert (refund.is_outside, refund.state, refund.amount_minor) == (True, "succeeded", 3333)
    assert refund.provider_reference == found.provider_reference
    assert (settlement.origin, settlement.lines.get().quantity) == ("outside", 1)
    assert CreditNote.objects.get().gross_minor == 3333
    assert counted(order) == (0, 3333) and tasks(order) == []
    with pytest.raises(QuoteRefused):  # of three lamps two are left
        actions.refund_order(
            order.pk, OrderRefund(lamps(order, 3).pieces, reason="x"), by="staff:Ana"
        )
    with pytest.raises(AlreadyAnswered):
        actions.assign_outside(order.shop_id, found.pk, lamps(order), by="staff:Ana")
    assert broken() == []


def test_all_of_it_can_be_assigned_although_nothing_else_is_left(order, provider, client, run_jobs):
    tell(client, refunded_in_the_dashboard(provider, order, 13080))
    run_jobs()
    row = OutsideRefund.objects.get()
    everything = guess_of(order, row)
    assert len(everything.pieces) == 2 and len(everything.charges) == 1

    actions.assign_outside(order.shop_id, row.pk, everything, by="staff:Ana")
    run_jobs()

    assert CreditNote.objects.get().gross_minor == 13080
    assert counted(order) == (0, 13080)
    assert broken() == []


@pytest.mark.parametrize("minor", [1000, 3333, 4000])
def test_less_than_the_article_is_a_part_of_it_and_more_a_gesture(
    minor, order, provider, client, run_jobs
):
    tell(client, refunded_in_the_dashboard(provider, order, minor))
    run_jobs()

    settlement = actions.assign_outside(
        order.shop_id, OutsideRefund.objects.get().pk, lamps(order), by="staff:Ana"
    )
    run_jobs()

    assert settlement.gross_minor == minor
    assert settlement.lines.get().gross_minor == min(minor, 3333)
    assert CreditNote.objects.get().gross_minor == minor
    assert broken() == []


def test_without_articles_it_is_a_gesture(found, order, run_jobs):
    settlement = actions.assign_outside(
        order.shop_id, found.pk, OrderRefund(reason="late"), by="staff:Ana"
    )
    run_jobs()

    assert (settlement.gross_minor, settlement.lines.count()) == (3333, 0)
    assert CreditNote.objects.get().gross_minor == 3333
    assert broken() == []


def test_a_return_that_was_refunded_in_the_dashboard_is_done(found, order, run_jobs):
    rma = received_return(order, {"LAMP-01": 1})

    actions.assign_outside(order.shop_id, found.pk, lamps(order), by="staff:Ana", rma_id=rma.pk)
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()

    rma.refresh_from_db()
    assert rma.money_state == "succeeded"
    assert Settlement.objects.get().rma_id == rma.pk
    assert broken() == []


def test_money_of_a_refund_of_ours_that_waits_is_that_refund(found, order, provider, run_jobs):
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    held = Refund.objects.get(settlement__rma=rma)

    actions.match_outside(order.shop_id, found.pk, held.pk, by="staff:Ana")
    run_jobs()

    held.refresh_from_db()
    assert (held.state, held.is_outside) == ("succeeded", True)
    assert counted(order) == (0, 3333) and len(provider.refunds()) == 1
    assert Return.objects.get(pk=rma.pk).request_state == "closed"
    assert CreditNote.objects.count() == 1
    assert broken() == []


def test_money_of_another_sum_is_not_that_refund(found, order, run_jobs):
    other = actions.refund_order(
        order.pk, OrderRefund(amount_minor=1000, reason="x"), by="staff:Ana"
    ).refunds.get()

    with pytest.raises(IllegalRefundStep):
        actions.match_outside(order.shop_id, found.pk, other.pk, by="staff:Ana")


@pytest.mark.parametrize("decision", ["waiting", "left", "assigned"])
def test_what_failed_at_the_provider_is_taken_back(
    decision, found, order, provider, client, run_jobs
):
    if decision == "left":
        actions.leave_outside(order.shop_id, found.pk, why="", by="staff:Ana")
    if decision == "assigned":
        actions.assign_outside(order.shop_id, found.pk, lamps(order), by="staff:Ana")
        run_jobs()
    item = next(one for one in provider.refunds() if one["id"] == found.provider_reference)

    for event in ("evt_8", "evt_9"):
        tell(client, failed_later(provider, item), event=event)
        run_jobs()

    found.refresh_from_db()
    assert found.state == "gone"
    assert counted(order) == (0, 0)
    assert tasks(order) == (["failed"] if decision == "assigned" else [])
    if decision == "assigned":
        lost = Refund.objects.get(is_outside=True)
        assert lost.state == "failed_late"
        again = actions.refund_again(lost.pk, by="staff:Ana")
        run_jobs()
        again.refresh_from_db()
        assert (again.state, again.is_outside) == ("succeeded", False)
    assert broken() == []


def test_what_failed_before_we_heard_of_it_never_counts(order, provider, client, run_jobs):
    item = refunded_in_the_dashboard(provider, order, 3333)

    tell(client, failed_later(provider, item), event="evt_2")
    run_jobs()
    tell(client, item, event="evt_1")
    run_jobs()

    assert OutsideRefund.objects.get().state == "gone"
    assert counted(order) == (0, 0) and tasks(order) == []


def test_shipping_alone_is_guessed_too(order, provider, client, run_jobs):
    tell(client, refunded_in_the_dashboard(provider, order, 490))
    run_jobs()

    guess = guess_of(order, OutsideRefund.objects.get())

    assert guess == OrderRefund(charges=(WantedCharge(order.charges.get().pk),))


def test_a_refund_from_history_that_the_provider_lists_is_not_counted_again(order, provider):
    moment = now() - timedelta(days=2)
    before = Settlement.objects.create(
        shop=order.shop,
        order=order,
        origin="import",
        currency="EUR",
        gross_minor=3333,
        decided_by="import",
        decided_at=moment,
    )
    Refund.objects.create(
        shop=order.shop,
        settlement=before,
        payment=order.payments.get(),
        currency="EUR",
        amount_minor=3333,
        state="succeeded",
        is_outside=True,
        started_at=moment,
        settled_at=moment,
    )
    Payment.objects.filter(order=order).update(refunded_outside_minor=3333)
    refunded_in_the_dashboard(provider, order, 3333)

    fetching.compare(order.shop, "simulator", days_of_today(order))

    row = OutsideRefund.objects.get()
    assert (row.state, row.settlement_id) == ("assigned", before.pk)
    assert counted(order) == (0, 3333) and tasks(order) == []
    assert broken() == []


def test_money_that_a_person_believed_unpaid_and_that_went_is_ours_again(
    order, provider, client, run_jobs
):
    provider.plan("timeout_after", seconds=1)
    unclear = actions.refund_order(
        order.pk, OrderRefund(lamps(order).pieces, reason="x"), by="staff:Ana"
    ).refunds.get()
    run_jobs()
    Refund.objects.filter(pk=unclear.pk).update(needs_person=True)
    actions.end_doubt(unclear.pk, was_paid=False, reference="", by="staff:Ana")

    tell(client, provider.refunds()[0])
    run_jobs()

    unclear.refresh_from_db()
    assert unclear.state == "succeeded" and tasks(order) == []
    assert counted(order) == (3333, 0)
    assert broken() == []


def test_money_that_was_sent_twice_because_a_person_erred_is_told(
    order, provider, client, run_jobs
):
    provider.plan("timeout_after", seconds=1)
    unclear = actions.refund_order(
        order.pk, OrderRefund(lamps(order).pieces, reason="x"), by="staff:Ana"
    ).refunds.get()
    run_jobs()
    Refund.objects.filter(pk=unclear.pk).update(needs_person=True)
    actions.end_doubt(unclear.pk, was_paid=False, reference="", by="staff:Ana")
    actions.refund_again(unclear.pk, by="staff:Ana")
    run_jobs()

    tell(client, provider.refunds()[0])
    run_jobs()

    assert len(provider.refunds()) == 2
    assert counted(order) == (3333, 3333) and tasks(order) == ["outside"]
    assert broken() == []
