"""What is PayPal's alone: tokens, the check of a message by PayPal itself, every status."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.integrations.fakes.paypal import WEBHOOK_ID, name
from tests.integrations.harness.paypal import Harness, event

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import DisputeState, HookRequest, Outcome
from rebond.integrations.payments import paypal
from rebond.kernel.money import Money

TEN, FIVE = Money(1000, "EUR"), Money(500, "EUR")
STATUSES = {
    "COMPLETED": Outcome.SUCCEEDED,
    "PENDING": Outcome.PENDING,
    "FAILED": Outcome.REFUSED,
    "CANCELLED": Outcome.REFUSED,
}
OUTCOMES = {
    "RESOLVED_BUYER_FAVOUR": DisputeState.LOST,
    "ACCEPTED": DisputeState.LOST,
    "RESOLVED_SELLER_FAVOUR": DisputeState.WON,
    "CANCELED_BY_BUYER": DisputeState.WON,
    "DENIED": DisputeState.WON,
    "RESOLVED_WITH_PAYOUT": None,
    "NONE": None,
}


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr(paypal, "_tokens", {})
    made = Harness(tmp_path)
    made.start()
    for setting, value in made.settings().items():
        monkeypatch.setenv(f"REBOND_{setting}", value)
    yield made
    made.stop()


def refund_item(**more) -> dict:
    return {
        "id": "1JU08902781691411",
        "status": "COMPLETED",
        "amount": {"value": "5.00", "currency_code": "EUR"},
        "links": [{"rel": "up", "href": "https://api-m.paypal.com/v2/payments/captures/2GG2"}],
    } | more


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_a_refund_has_its_answer(status, bench):
    body = event("PAYMENT.CAPTURE.REFUNDED", refund_item(status=status))

    (hook,) = bench.plug().read_hook(bench.signed(body))

    assert hook.answer.outcome is STATUSES[status]
    assert (hook.amount, hook.payment_reference) == (FIVE, "2GG2")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_end_of_a_dispute_is_known_or_left_to_a_person(outcome, bench):
    thing = {
        "dispute_id": "PP-D-1",
        "status": "RESOLVED",
        "disputed_transactions": [{"seller_transaction_id": "A"}, {"seller_transaction_id": "B"}],
        "dispute_amount": {"value": "5.00", "currency_code": "EUR"},
        "dispute_outcome": {"outcome_code": outcome},
    }

    hooks = bench.plug().read_hook(bench.signed(event("CUSTOMER.DISPUTE.RESOLVED", thing)))

    assert [hook.payment_reference for hook in hooks] == ["A", "B"]
    assert len({hook.event_id for hook in hooks}) == 2
    assert {hook.dispute and hook.dispute.state for hook in hooks} == {OUTCOMES[outcome]}


def test_a_token_is_kept_and_made_anew_when_it_no_longer_counts(bench):
    payment = bench.opens(TEN)

    first = bench.plug().refund(bench.order(payment, Money(100, "EUR")))
    bench.plug().refunds_of(payment)
    assert bench.running.tokens == 1
    bench.running.revoke()
    second = bench.plug().refund(bench.order(payment, Money(100, "EUR")))

    assert first.outcome is second.outcome is Outcome.SUCCEEDED
    assert bench.running.tokens == 2
    assert len(bench.booked()) == 2


def test_a_token_of_one_shop_is_not_used_for_another(bench, monkeypatch):
    bench.plug().refund(bench.order(bench.opens(TEN), FIVE))
    monkeypatch.setenv("REBOND_OTHER_PAYPAL_CLIENT_ID", "another")
    monkeypatch.setenv("REBOND_OTHER_PAYPAL_CLIENT_SECRET", "another")

    answer = bench.plug("other").refund(bench.order(bench.opens(TEN), FIVE))

    assert answer.outcome is Outcome.WAITS_FOR_PERSON
    assert len(bench.booked()) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://api.paypal.com/v1/notifications/certs/CERT",
        "https://api.paypal.com.evil.example/certs/CERT",
        "https://evil.example/api.paypal.com/CERT",
        "https://api.paypal.com@evil.example/CERT",
        "https://api.paypal.com:8443/CERT",
        "file:///etc/passwd",
    ],
)
def test_a_certificate_from_elsewhere_is_refused_without_asking(address, bench):
    genuine = bench.signed(event("PAYMENT.CAPTURE.REFUNDED", refund_item()))
    headers = genuine.headers | {"paypal-cert-url": address}

    with pytest.raises(HookRefused) as refused:
        bench.plug().read_hook(HookRequest(headers, genuine.body))
    assert refused.value.facts["why"] == "a certificate from elsewhere"
    assert bench.running.tokens == 0


def test_a_message_that_cannot_be_checked_now_shall_come_again(bench, monkeypatch):
    genuine = bench.signed(event("PAYMENT.CAPTURE.REFUNDED", refund_item()))
    monkeypatch.setenv("REBOND_PAYPAL_URL", "http://127.0.0.1:9")

    with pytest.raises(HookRefused) as refused:
        bench.plug().read_hook(genuine)
    assert refused.value.facts["why"] == "cannot be checked now"


def test_a_message_for_another_webhook_is_refused(bench, monkeypatch):
    genuine = bench.signed(event("PAYMENT.CAPTURE.REFUNDED", refund_item()))
    monkeypatch.setenv("REBOND_PAYPAL_WEBHOOK_ID", WEBHOOK_ID[::-1])

    with pytest.raises(HookRefused):
        bench.plug().read_hook(genuine)


def test_a_long_period_is_searched_in_pieces(bench):
    payment = bench.opens(Money(100_000, "EUR"))
    until = datetime.now(UTC).replace(microsecond=0)
    days = (1, 40, 70, 99)
    for day in days:
        bench.fill(payment, 1, at=until - timedelta(days=day))

    found = bench.plug().refunds_between(until - timedelta(days=99), until)

    assert sorted(known.made_at for known in found) == sorted(
        until - timedelta(days=day) for day in days
    )


def test_a_search_that_the_app_may_not_use_is_no_empty_list(bench, monkeypatch):
    until = datetime.now(UTC)
    monkeypatch.setenv("REBOND_PAYPAL_CLIENT_SECRET", "another")

    assert bench.plug().refunds_between(until - timedelta(days=1), until) is None
    assert bench.plug().refunds_of(name()) is None
