"""Money leaves once, whatever the provider or the line does: every fault, then the clock."""

import json
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.integrations.conftest import SECRET
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds import actions, doubts, jobs, queries
from rebond.domain.refunds.errors import AlreadySettled
from rebond.domain.refunds.models import Attempt, ProviderEvent, Refund
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.outbound.notifications.models import Message
from rebond.simulator.payments import sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund(provider, run_jobs, monkeypatch):
    """A refund of 33.33 whose request has just been answered, or not, as the test planned."""
    monkeypatch.setattr(doubts, "QUIET_PERIOD", timedelta(0))

    def begin() -> Refund:
        order = order_of(small_shop(), provider="simulator")
        provider.opens(order.payments.get().reference, 13080)
        rma = received_return(order, {"LAMP-01": 1})
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
        run_jobs()
        return Refund.objects.get(settlement__rma=rma)

    return begin


def let_the_clock_look(refund: Refund, run_jobs, *, times: int = 5) -> Refund:
    """Make every check due and do it, as the clock would."""
    for _ in range(times):
        Refund.objects.filter(pk=refund.pk).exclude(next_check_at=None).update(
            next_check_at=now() - timedelta(seconds=1)
        )
        jobs.check_due_refunds()
        run_jobs()
    refund.refresh_from_db()
    return refund


def broken() -> list[str]:
    return [breach for promise in PROMISES for breach in promise.breaches()]


def test_a_plain_refund_is_paid_documented_and_has_its_bank_reference(refund, provider):
    paid = refund()

    assert (paid.state, paid.amount_minor) == ("succeeded", 3333)
    assert paid.bank_reference.startswith("ARN")
    assert [r["merchant_reference"] for r in provider.refunds()] == [str(paid.pk)]
    assert CreditNote.objects.count() == 1
    assert broken() == []


@pytest.mark.parametrize("fault", ["timeout_after", "reset_after", "500_after", "garbage"])
def test_paid_but_the_answer_was_lost_is_found_and_not_paid_again(
    fault, refund, provider, run_jobs
):
    provider.plan(fault, seconds=1)

    unclear = refund()
    assert unclear.state == "unknown"
    settled = let_the_clock_look(unclear, run_jobs)

    assert settled.state == "succeeded"
    assert len(provider.refunds()) == 1
    assert broken() == []


def test_never_executed_is_sent_again_under_the_same_key(refund, provider, run_jobs):
    provider.plan("timeout_before", seconds=1)

    settled = let_the_clock_look(refund(), run_jobs)

    assert settled.state == "succeeded"
    assert len(provider.refunds()) == 1
    assert set(provider.keys()) == {f"{settled.pk}:0"}


def test_a_stored_error_gets_a_new_key_only_after_three_looks(refund, provider, run_jobs):
    provider.plan("500_before")

    unclear = refund()
    let_the_clock_look(unclear, run_jobs, times=2)
    assert set(provider.keys()) == {f"{unclear.pk}:0"}
    settled = let_the_clock_look(unclear, run_jobs, times=3)

    assert (settled.state, settled.generation) == ("succeeded", 1)
    assert len(provider.refunds()) == 1
    assert Attempt.objects.filter(refund=settled, outcome="absent").count() == 3
    assert broken() == []


def test_a_refusal_is_looked_up_first_and_frees_the_money(refund, provider):
    provider.plan("refuse", code="declined")

    failed = refund()

    assert (failed.state, failed.failure_code) == ("failed", "declined")
    assert failed.payment.refund_reserved_minor == 0
    assert failed.settlement.rma.money_state == "failed"
    assert not CreditNote.objects.exists()
    assert Message.objects.filter(kind="refund_failed").count() == 1
    assert broken() == []


def test_money_that_failed_is_sent_again_on_request_and_documented_once(refund, provider, run_jobs):
    provider.plan("refuse", code="declined")
    failed = refund()

    again = actions.refund_again(failed.pk, by="staff:Ana")
    run_jobs()

    again.refresh_from_db()
    rma = failed.settlement.rma
    rma.refresh_from_db()
    assert (again.state, rma.money_state, rma.request_state) == ("succeeded", "succeeded", "closed")
    assert CreditNote.objects.count() == 1
    assert [r["status"] for r in provider.refunds()] == ["succeeded"]
    with pytest.raises(AlreadySettled):
        actions.refund_again(failed.pk, by="staff:Ana")
    assert broken() == []


def test_a_busy_provider_is_asked_again_later(refund, provider, run_jobs):
    provider.plan("429")

    settled = let_the_clock_look(refund(), run_jobs)

    assert settled.state == "succeeded"
    assert len(provider.refunds()) == 1


def test_pending_that_succeeds_is_told_only_then(refund, provider, run_jobs):
    provider.plan("pending")

    waiting = refund()
    assert waiting.state == "pending"
    assert not Message.objects.filter(kind="refunded").exists()
    provider.advance()
    settled = let_the_clock_look(waiting, run_jobs)

    assert settled.state == "succeeded"
    assert Message.objects.filter(kind="refunded").count() == 1


def test_money_that_comes_back_days_later_is_said_and_not_sent_again(
    refund, provider, run_jobs, client
):
    provider.plan("succeeded_then_failed")
    paid = refund()
    assert paid.state == "succeeded"

    changed = provider.advance()[0]
    assert post_hook(client, paid, changed).status_code == 204
    run_jobs()
    let_the_clock_look(paid, run_jobs)

    assert paid.state == "failed_late"
    assert len(provider.keys()) == 1
    assert Message.objects.filter(kind="refund_failed").count() == 1
    assert paid.payment.refund_reserved_minor == 0


def post_hook(client, refund: Refund, item: dict, *, event: str = "evt_1", secret: str = SECRET):
    body = json.dumps({"id": event, "type": "refund.updated", "data": item}).encode()
    url = reverse("payment_hook", args=[refund.shop.slug, "simulator"])
    return client.post(
        url,
        body,
        content_type="application/json",
        headers={"Simulator-Signature": sign(secret, body, int(time.time()))},
    )


def test_a_message_told_twenty_times_takes_effect_once(refund, provider, client):
    provider.plan("pending")
    waiting = refund()
    changed = provider.advance()[0]

    answers = [post_hook(client, waiting, changed).status_code for _ in range(20)]

    assert set(answers) == {204}
    assert ProviderEvent.objects.get().result == "applied"
    assert Event.objects.filter(name="refund.succeeded").count() == 1


def test_a_message_before_the_answer_settles_and_the_late_worker_changes_nothing(
    provider, client, run_jobs
):
    order = order_of(small_shop(), provider="simulator")
    provider.opens(order.payments.get().reference, 13080)
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    actions.settle_return(rma.pk, by="staff:Ana")
    refund = Refund.objects.get()
    armed = actions.arm_refund(refund.pk)
    item = {
        "id": "sim_re_1",
        "merchant_reference": str(refund.pk),
        "amount": refund.amount_minor,
        "currency": "EUR",
        "status": "succeeded",
    }

    post_hook(client, refund, item)
    late = Answer(Outcome.NO_ANSWER)
    state = actions.settle_refund(refund.pk, armed.token, late)

    assert state == "succeeded"


@pytest.mark.parametrize(
    "change", [{"amount": 1}, {"currency": "USD"}, {"merchant_reference": "nobody's"}]
)
def test_a_message_that_does_not_fit_is_parked(change, refund, provider, client):
    provider.plan("pending")
    waiting = refund()
    changed = provider.advance()[0] | change

    assert post_hook(client, waiting, changed).status_code == 204

    waiting.refresh_from_db()
    assert waiting.state == "pending"
    assert ProviderEvent.objects.get().result == "parked"


def test_a_wrongly_signed_message_is_not_even_kept(refund, provider, client, monkeypatch):
    provider.plan("pending")
    waiting = refund()
    changed = provider.advance()[0]

    assert post_hook(client, waiting, changed, secret="another").status_code == 401
    monkeypatch.delenv("REBOND_SIMULATOR_SECRET")
    assert post_hook(client, waiting, changed).status_code == 503
    assert not ProviderEvent.objects.exists()


def test_a_provider_that_cannot_be_asked_leaves_the_refund_watched(refund, provider, run_jobs):
    provider.plan("timeout_after", seconds=1)
    unclear = refund()
    provider.plan("list_500")

    watched = let_the_clock_look(unclear, run_jobs, times=1)

    assert watched.state == "unknown"
    assert watched.next_check_at > now()
    assert let_the_clock_look(watched, run_jobs).state == "succeeded"


def test_an_unknown_refund_older_than_its_key_is_given_to_a_person(refund, provider, run_jobs):
    provider.plan("timeout_before", seconds=1)
    unclear = refund()
    Attempt.objects.filter(refund=unclear).update(started_at=now() - timedelta(hours=25))

    waiting = let_the_clock_look(unclear, run_jobs)

    assert waiting.needs_person
    assert provider.refunds() == []
    assert len(provider.keys()) == 1


def test_a_refund_given_to_a_person_is_still_looked_at_and_stands_in_nobodys_way(
    refund, provider, run_jobs
):
    provider.plan("timeout_before", seconds=1)
    unclear = refund()
    Attempt.objects.filter(refund=unclear).update(started_at=now() - timedelta(hours=25))

    watched = let_the_clock_look(unclear, run_jobs)

    assert watched.needs_person
    assert watched.next_check_at > now()
    assert Event.objects.filter(name="refund.unclear", payload__needs_person=True).count() == 1
    assert queries.due_for_check(now()) == []
