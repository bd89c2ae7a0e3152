"""Providers that list no refunds, providers that let nobody in, and providers that are gone."""

from datetime import date, timedelta

import pytest
import time_machine
from tests.integrations.harness import harness_of
from tests.integrations.harness.adyen import message
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.orders.models import Payment
from rebond.domain.refunds import actions, jobs
from rebond.domain.refunds.errors import IllegalRefundStep, NotPaidByHand
from rebond.domain.refunds.models import (
    Attempt,
    Dispute,
    MoneyTask,
    OutsideRefund,
    ProviderEvent,
    Refund,
)
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(tmp_path, monkeypatch):
    made = harness_of("adyen")(tmp_path / "bench")
    made.start()
    for name, value in made.settings().items():
        monkeypatch.setenv(f"REBOND_{name}", value)
    yield made
    made.stop()


@pytest.fixture
def refund(bench, run_jobs):
    """Decided and asked for once, at a provider that keeps no list."""

    def begin() -> Refund:
        order = order_of(small_shop(), provider="adyen")
        captured = Money(order.payments.get().captured_minor, "EUR")
        Payment.objects.filter(order=order, shop=order.shop).update(reference=bench.opens(captured))
        rma = received_return(order, {"LAMP-01": 1})
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
        run_jobs()
        return Refund.objects.get(settlement__rma=rma)

    return begin


def check(refund: Refund, run_jobs, *, times: int = 1) -> Refund:
    """Let the clock come to the refund."""
    for _ in range(times):
        Refund.objects.filter(pk=refund.pk).exclude(next_check_at=None).update(
            next_check_at=now() - timedelta(seconds=1)
        )
        jobs.check_due_refunds()
        run_jobs()
    refund.refresh_from_db()
    return refund


def open_tasks() -> list[str]:
    return sorted(MoneyTask.objects.filter(closed_at=None).values_list("kind", flat=True))


def broken() -> list[str]:
    return [breach for promise in PROMISES for breach in promise.breaches()]


@pytest.mark.parametrize("fault", ["timeout_after", "reset_after", "timeout_before", "transient"])
def test_what_was_not_answered_is_sent_again_under_the_same_key(fault, refund, bench, run_jobs):
    bench.plan(fault, seconds=1)

    unclear = refund()
    assert (unclear.state, unclear.next_check_at < now() + timedelta(minutes=1)) == (
        "unknown",
        True,
    )
    settled = check(unclear, run_jobs)

    assert settled.state == "pending"
    assert len(bench.booked()) == 1
    assert set(bench.calls()) == {f"{settled.pk}:0"}
    assert not Attempt.objects.filter(refund=settled, kind="look").exists()
    assert broken() == []


def test_a_definite_no_is_believed_at_once(refund, bench):
    bench.plan("refuse", code="declined")

    failed = refund()

    assert failed.state == "failed"
    assert open_tasks() == ["failed"]
    assert Payment.objects.get(pk=failed.payment_id).refund_reserved_minor == 0


def test_an_error_that_is_kept_for_the_key_is_given_to_a_person(refund, bench, run_jobs):
    bench.plan("500_after")

    waiting = check(refund(), run_jobs, times=3)

    assert waiting.is_in_doubt and open_tasks() == ["unclear"]
    assert len(bench.calls()) == 1
    settled = actions.end_doubt(waiting.pk, was_paid=True, reference="PSP1", by="staff:Ana")
    assert (settled.state, open_tasks()) == ("succeeded", [])


def test_pauses_grow_and_after_a_day_a_person_is_asked_and_nothing_more_is_sent(
    refund, bench, run_jobs
):
    bench.plan("timeout_before", count=5, seconds=1)
    unclear = check(refund(), run_jobs, times=4)
    assert timedelta(minutes=4) < unclear.next_check_at - now() < timedelta(minutes=16)

    with time_machine.travel(now() + timedelta(hours=25), tick=True):
        waiting = check(unclear, run_jobs, times=3)

        assert waiting.is_in_doubt and open_tasks() == ["unclear"]
        assert len(bench.calls()) == 5
        assert broken() == []


def test_a_no_after_an_unheard_request_may_be_no_no(refund, bench, run_jobs, monkeypatch):
    bench.plan("timeout_after", seconds=1)
    unclear = refund()
    for name, value in bench.wrong_key().items():
        monkeypatch.setenv(f"REBOND_{name}", value)

    waiting = check(unclear, run_jobs, times=2)

    assert (waiting.state, waiting.is_in_doubt) == ("unknown", True)
    assert open_tasks() == ["unclear"]
    with pytest.raises(IllegalRefundStep):
        actions.pay_by_hand(waiting.pk, reference="VIR", paid_on=date(2026, 11, 20), by="staff:Ana")


def test_a_provider_that_never_says_more_than_underway_is_asked_about(refund, bench, run_jobs):
    underway = refund()
    assert check(underway, run_jobs).needs_person is False

    with time_machine.travel(now() + timedelta(days=11), tick=True):
        waiting = check(underway, run_jobs)

        assert (waiting.state, waiting.is_in_doubt) == ("pending", True)
        settled = actions.end_doubt(waiting.pk, was_paid=True, reference="PSP", by="staff:Ana")
    assert settled.state == "succeeded"


def test_who_is_not_let_in_pays_by_hand(refund, bench, monkeypatch):
    monkeypatch.delenv("REBOND_ADYEN_API_KEY")
    waiting = refund()
    assert (waiting.state, waiting.failure_code) == ("requires_action", "not_connected")
    assert MoneyTask.objects.get().facts["code"] == "not_connected"

    paid = actions.pay_by_hand(
        waiting.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana"
    )

    assert (paid.state, paid.handled_by, open_tasks()) == ("succeeded", "staff:Ana", [])
    assert bench.booked() == [] and broken() == []


def test_once_the_key_is_set_the_money_is_sent_again(refund, bench, monkeypatch, run_jobs):
    monkeypatch.delenv("REBOND_ADYEN_API_KEY")
    waiting = refund()
    monkeypatch.setenv("REBOND_ADYEN_API_KEY", bench.settings()["ADYEN_API_KEY"])

    fresh = actions.refund_again(waiting.pk, by="staff:Ana")
    run_jobs()

    waiting.refresh_from_db()
    fresh.refresh_from_db()
    assert (waiting.state, fresh.state, open_tasks()) == ("cancelled", "pending", [])
    assert [booked.refund_id for booked in bench.booked()] == [str(fresh.pk)]
    assert broken() == []


def test_what_a_provider_has_taken_is_not_paid_by_hand_too(refund, run_jobs, bench):
    underway = refund()
    Refund.objects.filter(pk=underway.pk).update(state="requires_action")

    with pytest.raises(NotPaidByHand):
        actions.pay_by_hand(
            underway.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana"
        )


def test_a_provider_that_is_gone_before_the_request_waits_for_a_person(run_jobs):
    order = order_of(small_shop(), provider="formerly")
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")

    run_jobs()

    waiting = Refund.objects.get(settlement__rma=rma)
    assert (waiting.state, waiting.failure_code) == ("requires_action", "no_plug")
    assert waiting.waits_for_payer and open_tasks() == ["by_hand"]


@pytest.mark.parametrize("state", ["sending", "unknown", "pending", "requires_action"])
def test_a_provider_that_is_gone_after_the_request_stops_no_clock(state, refund, run_jobs):
    underway = refund()
    Refund.objects.filter(pk=underway.pk).update(provider="formerly", state=state)

    watched = check(underway, run_jobs)

    assert open_tasks() == ["unclear"]
    assert watched.next_check_at > now()
    assert watched.is_in_doubt is (state != "requires_action")


def test_money_that_was_held_is_sent_when_nothing_holds_it_any_more(refund, bench, run_jobs):
    order = order_of(small_shop(), provider="adyen")
    captured = Money(order.payments.get().captured_minor, "EUR")
    Payment.objects.filter(order=order, shop=order.shop).update(reference=bench.opens(captured))
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    held = actions.settle_return(rma.pk, by="staff:Ana").refunds.get()
    Payment.objects.filter(order=order).update(is_disputed=True)
    run_jobs()
    assert check(held, run_jobs).state == "reserved"

    Payment.objects.filter(order=order).update(is_disputed=False)

    assert check(held, run_jobs).state == "pending"
    assert len(bench.booked()) == 1


def test_a_late_answer_without_its_token_is_still_dropped(refund, bench):
    underway = refund()

    state = actions.settle_refund(underway.pk, underway.pk, Answer(Outcome.REFUSED))

    assert state == "pending"


# --- messages are all there is ----------------------------------------------------------------


def tell(client, bench, item: dict) -> int:
    """A signed webhook with one item, as the provider posts it."""
    signed = bench.signed(message(item))
    answer = client.post(
        "/hooks/payments/galerie/adyen/",
        signed.body,
        content_type="application/json",
        headers={name.title(): value for name, value in signed.headers.items()},
    )
    return answer.status_code


def about(payment, minor, code="REFUND", *, name="PSPOUTSIDE000001", **more) -> dict:
    return {
        "eventCode": code,
        "success": "true",
        "pspReference": name,
        "originalReference": payment.reference,
        "merchantReference": "order 1001",
        "amount": {"value": minor, "currency": "EUR"},
    } | more


def test_a_refund_in_its_own_pages_is_believed_by_its_message(refund, bench, client, run_jobs):
    payment = refund().payment

    for _ in range(2):
        assert tell(client, bench, about(payment, 500)) == 204
    found = OutsideRefund.objects.get()
    assert (found.state, found.amount_minor) == ("waiting", 500)
    assert Payment.objects.get(pk=payment.pk).refunded_outside_minor == 500
    tell(client, bench, about(payment, 500, "REFUND_FAILED", success="true"))

    found.refresh_from_db()
    assert found.state == "gone"
    assert Payment.objects.get(pk=payment.pk).refunded_outside_minor == 0
    assert broken() == []


def test_a_message_that_says_too_little_is_shown_to_people(refund, bench, client):
    payment = refund().payment

    assert tell(client, bench, about(payment, 500, "CANCEL_OR_REFUND")) == 204

    assert ProviderEvent.objects.get().result == "stuck"
    assert any("CANCEL_OR_REFUND" in breach for breach in broken())


def test_what_a_person_believed_unpaid_is_paid_when_the_provider_says_so(refund, bench, client):
    bench.plan("500_after")
    unclear = refund()
    Refund.objects.filter(pk=unclear.pk).update(needs_person=True)
    actions.end_doubt(unclear.pk, was_paid=False, reference="", by="staff:Ana")
    (booked,) = bench.booked()
    item = about(unclear.payment, unclear.amount_minor, name=booked.reference)

    tell(client, bench, item | {"merchantReference": str(unclear.pk)})

    unclear.refresh_from_db()
    assert (unclear.state, open_tasks()) == ("succeeded", [])
    assert Payment.objects.get(pk=unclear.payment_id).refund_reserved_minor == 3333
    assert broken() == []


def test_what_failed_there_stays_failed_when_an_older_message_comes_late(refund, bench, client):
    underway = refund()
    (booked,) = bench.booked()
    item = about(underway.payment, underway.amount_minor, name=booked.reference)
    ours = item | {"merchantReference": str(underway.pk)}

    tell(client, bench, ours | {"eventCode": "REFUND_FAILED"})
    tell(client, bench, ours)

    underway.refresh_from_db()
    assert (underway.state, open_tasks()) == ("failed", ["failed"])


def test_a_second_chargeback_after_a_won_one_takes_the_money_for_good(refund, bench, client):
    payment = refund().payment
    steps = ("CHARGEBACK", "CHARGEBACK_REVERSED", "SECOND_CHARGEBACK", "CHARGEBACK_REVERSED")

    for place, code in enumerate(steps):
        tell(client, bench, about(payment, 2000, code, name=f"PSPDISPUTE00000{place}"))

    disputes = Dispute.objects.order_by("reference").values_list("state", "consumed_minor")
    assert list(disputes) == [("won", 0), ("lost", 2000)]
    assert Payment.objects.get(pk=payment.pk).refunded_outside_minor == 2000
    assert broken() == []
