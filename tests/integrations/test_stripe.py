"""What is Stripe's alone: every status it documents, and two other people's fakes of it.

``localstripe`` (PyPI) holds our plug to the wire format of PaymentIntents, refunds and lists. It
keeps no idempotency keys, lets refunds exceed the charge, lists none by date and sends no message
about a refund, so it can show nothing of those. ``stripe-stateful-mock`` (npm) holds it to the
refund rules (never above the charge, one answer per key) but knows charges only: no
PaymentIntents, no lists by date, no messages. Neither is Stripe.
"""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
import stripe
from tests.integrations.harness.stripe import KEY, SECRET, Harness, event

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import (
    DisputeState,
    HookRequest,
    Outcome,
    RefundOrder,
    payment_providers,
)
from rebond.kernel.money import Money

MOCK = Path(__file__).parents[2] / ".stripe-mock" / "node_modules" / ".bin" / "stripe-stateful-mock"
STATUSES = {
    "succeeded": Outcome.SUCCEEDED,
    "pending": Outcome.PENDING,
    "requires_action": Outcome.REQUIRES_ACTION,
    "failed": Outcome.REFUSED,
    "canceled": Outcome.REFUSED,
}
DISPUTES = {
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.OPEN,
    "warning_needs_response": DisputeState.OPEN,
    "warning_under_review": DisputeState.OPEN,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}


@pytest.fixture
def bench(tmp_path, monkeypatch):
    made = Harness(tmp_path)
    made.start()
    for name, value in made.settings().items():
        monkeypatch.setenv(f"REBOND_{name}", value)
    yield made
    made.stop()


def refund_item(**more) -> dict:
    return {
        "id": "re_1",
        "object": "refund",
        "amount": 500,
        "currency": "eur",
        "payment_intent": "pi_1",
        "status": "succeeded",
        "metadata": {"refund_id": str(uuid4())},
    } | more


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_a_refund_has_its_answer(status, bench):
    body = event("refund.updated", refund_item(status=status, failure_reason=None))

    (hook,) = bench.plug().read_hook(bench.signed(body))

    assert hook.answer.outcome is STATUSES[status]
    assert bool(hook.answer.code) is (hook.answer.outcome is Outcome.REFUSED)


@pytest.mark.parametrize("status", DISPUTES)
def test_every_status_of_a_dispute_is_known(status, bench):
    thing = {"id": "du_1", "amount": 500, "currency": "eur", "charge": "ch_1", "status": status}

    (hook,) = bench.plug().read_hook(bench.signed(event("charge.dispute.updated", thing)))

    assert hook.dispute.state is DISPUTES[status]
    assert hook.dispute.payment_reference == "ch_1"


def test_the_banks_reference_is_kept_whatever_the_way(bench):
    way = {"type": "eu_bank_transfer", "eu_bank_transfer": {"reference": "RF18 5390"}}
    body = event("refund.updated", refund_item(destination_details=way))

    (hook,) = bench.plug().read_hook(bench.signed(body))

    assert hook.answer.bank_reference == "RF18 5390"


def test_an_event_of_the_other_mode_is_nobodys(bench, monkeypatch):
    live = bench.signed(event("refund.updated", refund_item(), live=True))
    rehearsal = bench.signed(event("refund.updated", refund_item()))

    assert bench.plug().read_hook(live)[0].refund_id is None
    assert bench.plug().read_hook(rehearsal)[0].refund_id is not None
    monkeypatch.setenv("REBOND_STRIPE_SECRET_KEY", "sk_live_x")
    assert bench.plug().read_hook(rehearsal)[0].refund_id is None


def test_while_a_secret_is_replaced_both_open_the_door(bench, monkeypatch):
    monkeypatch.setenv("REBOND_STRIPE_WEBHOOK_SECRET", f"whsec_new, {SECRET}")
    body = event("refund.updated", refund_item())

    assert bench.plug().read_hook(bench.signed(body))
    assert bench.plug().read_hook(bench.signed(body, secret="whsec_new"))


def test_stripes_own_signer_and_several_signatures_are_understood(bench):
    body = event("refund.updated", refund_item())
    stamp = int(time.time())
    true = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET, stamp)
    old = stripe.WebhookSignature.generate_signature_header(body.decode(), "whsec_old", stamp)
    header = f"{old},{true.split(',')[1]}"

    assert bench.plug().read_hook(HookRequest({"stripe-signature": header}, body))
    with pytest.raises(HookRefused):
        many = true + ",v1=00" * 300
        bench.plug().read_hook(HookRequest({"stripe-signature": many}, body))


def test_a_charge_is_refunded_as_a_charge(bench):
    bench.payment_prefix = "ch_"
    payment = bench.opens(Money(1000, "EUR"))

    answer = bench.plug().refund(bench.order(payment, Money(500, "EUR")))

    assert answer.outcome is Outcome.SUCCEEDED
    assert [known.payment_reference for known in bench.plug().refunds_of(payment)] == [payment]


def test_the_pages_address_follows_the_key(bench, monkeypatch):
    assert bench.plug().page_of("pi_1") == "https://dashboard.stripe.com/test/payments/pi_1"
    monkeypatch.setenv("REBOND_STRIPE_SECRET_KEY", "rk_live_x")
    assert bench.plug().page_of("pi_1") == "https://dashboard.stripe.com/payments/pi_1"


# --- other people's fakes --------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _started(command: list[str], port: int, **environment: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    pytest.fail(f"{command} did not start")


@pytest.fixture
def localstripe(tmp_path, monkeypatch):
    port = _free_port()
    process = _started(
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"], port
    )
    monkeypatch.setenv("REBOND_STRIPE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("REBOND_STRIPE_SECRET_KEY", KEY)
    yield stripe.StripeClient(
        KEY, base_addresses={"api": f"http://127.0.0.1:{port}"}, max_network_retries=0
    )
    process.kill()
    process.wait()


@pytest.fixture
def stateful_mock(monkeypatch):
    if not MOCK.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("stripe-stateful-mock is missing: run scripts/stripe_mock.py first")
        pytest.skip("stripe-stateful-mock is not here: scripts/stripe_mock.py fetches it with npm")
    port = _free_port()
    process = _started([str(MOCK)], port, PORT=str(port), LOG_LEVEL="silent")
    monkeypatch.setenv("REBOND_STRIPE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("REBOND_STRIPE_SECRET_KEY", KEY)
    yield stripe.StripeClient(
        KEY, base_addresses={"api": f"http://127.0.0.1:{port}"}, max_network_retries=0
    )
    process.kill()
    process.wait()


def _wish(payment: str, minor: int, *, key: str = "") -> RefundOrder:
    refund_id = uuid4()
    return RefundOrder(refund_id, payment, Money(minor, "EUR"), key or f"{refund_id}:0")


@pytest.mark.once
def test_localstripe_understands_our_refunds_and_we_its_lists(localstripe):
    customer = localstripe.v1.customers.create({"email": "camille@client.example"})
    card = localstripe.v1.payment_methods.create(
        {
            "type": "card",
            "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2039, "cvc": "123"},
        }
    )
    localstripe.v1.payment_methods.attach(card.id, {"customer": customer.id})
    intent = localstripe.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "customer": customer.id,
            "payment_method": card.id,
            "confirm": True,
        }
    )
    plug = payment_providers["stripe"]()
    first, second = _wish(intent.id, 1500), _wish(intent.id, 1500)

    answers = [plug.refund(first), plug.refund(second)]

    assert [answer.outcome for answer in answers] == [Outcome.SUCCEEDED] * 2
    listed = plug.refunds_of(intent.id)
    assert {known.refund_id for known in listed} == {first.refund_id, second.refund_id}
    assert {known.reference for known in listed} == {answer.reference for answer in answers}
    assert {known.amount for known in listed} == {Money(1500, "EUR")}


@pytest.mark.once
def test_localstripe_refuses_a_payment_that_it_does_not_know(localstripe):
    answer = payment_providers["stripe"]().refund(_wish("pi_nobody", 1500))

    assert answer.outcome is Outcome.REFUSED


@pytest.mark.once
def test_the_stateful_mock_pays_once_per_key_and_never_above_the_charge(stateful_mock):
    charge = stateful_mock.v1.charges.create(
        {"amount": 5000, "currency": "eur", "source": "tok_visa"}
    )
    plug = payment_providers["stripe"]()
    order = _wish(charge.id, 3000)

    first, again = plug.refund(order), plug.refund(order)
    too_much = plug.refund(_wish(charge.id, 2001))
    rest = plug.refund(_wish(charge.id, 2000))
    reused = plug.refund(_wish(charge.id, 100, key=order.idempotency_key))

    assert first == again
    assert [answer.outcome for answer in (first, rest)] == [Outcome.SUCCEEDED] * 2
    assert (too_much.outcome, bool(too_much.code)) == (Outcome.REFUSED, True)
    assert reused.outcome is Outcome.REFUSED
    charge = stateful_mock.v1.charges.retrieve(charge.id)
    assert charge.amount_refunded == 5000
    kept = [json.loads(str(r))["metadata"]["refund_id"] for r in charge.refunds.data]
    assert str(order.refund_id) in kept
