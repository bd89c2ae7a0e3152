"""What is Mollie's alone: unsigned calls with a token, what is asked after them, every status."""

from datetime import UTC, datetime

import pytest
from tests.integrations.harness.mollie import SECRET, TOKEN, Harness, event

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import DisputeState, HookRequest, Outcome
from rebond.integrations.payments import mollie
from rebond.kernel.money import Money

TEN, FIVE = Money(1000, "EUR"), Money(500, "EUR")
STATUSES = {
    "queued": Outcome.PENDING,
    "pending": Outcome.PENDING,
    "processing": Outcome.PENDING,
    "refunded": Outcome.SUCCEEDED,
    "failed": Outcome.REFUSED,
    "canceled": Outcome.REFUSED,
}


@pytest.fixture
def bench(tmp_path, monkeypatch):
    made = Harness(tmp_path)
    made.start()
    for setting, value in made.settings().items():
        monkeypatch.setenv(f"REBOND_{setting}", value)
    yield made
    made.stop()


def classic(payment: str, token: str | None = TOKEN) -> HookRequest:
    query = {} if token is None else {"token": token}
    return HookRequest({}, f"id={payment}".encode(), query)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_a_refund_has_its_answer(status):
    known = mollie._known(
        {
            "id": "re_1",
            "status": status,
            "amount": {"currency": "EUR", "value": "5.00"},
            "paymentId": "tr_1",
            "createdAt": "2018-03-14T17:09:02.0Z",
        }
    )

    assert known.answer.outcome is STATUSES[status]
    assert bool(known.answer.code) is (known.answer.outcome is Outcome.REFUSED)


def test_a_call_without_a_signature_needs_the_token_and_makes_us_ask(bench):
    payment = bench.opens(TEN)
    order = bench.order(payment, FIVE)
    answer = bench.plug().refund(order)
    bench.advance()

    (hook,) = bench.plug().read_hook(classic(payment))

    assert (hook.refund_id, hook.reference) == (order.refund_id, answer.reference)
    assert (hook.answer.outcome, hook.amount) == (Outcome.SUCCEEDED, FIVE)
    for token in (None, "", "another", TOKEN + "x", "é"):
        with pytest.raises(HookRefused):
            bench.plug().read_hook(classic(payment, token))


def test_every_refund_and_chargeback_of_the_payment_is_told_by_one_call(bench):
    payment = bench.opens(TEN)
    orders = [bench.order(payment, Money(minor, "EUR")) for minor in (100, 200)]
    for order in orders:
        bench.plug().refund(order)
    bench.dispute_message(payment, FIVE, DisputeState.LOST)

    hooks = bench.plug().read_hook(classic(payment))

    assert {hook.refund_id for hook in hooks[:2]} == {order.refund_id for order in orders}
    assert hooks[2].dispute.state is DisputeState.LOST
    assert len({hook.event_id for hook in hooks}) == 3
    bench.advance()
    later = bench.plug().read_hook(classic(payment))
    assert {hook.event_id for hook in later[:2]}.isdisjoint({hook.event_id for hook in hooks})


@pytest.mark.parametrize("name", ["ord_1", "tr_", "tr_a/../x", "tr_%C3%A4", "", "tr_1&id=tr_2/x"])
def test_a_call_about_something_else_asks_nothing(name, bench, monkeypatch):
    monkeypatch.setattr(mollie, "request", lambda *_, **__: pytest.fail("somebody was asked"))

    assert bench.plug().read_hook(classic(name)) == []


def test_each_way_in_has_a_secret_of_its_own(bench, monkeypatch):
    payment = bench.opens(TEN)
    signed = bench.signed(event("payment", payment))
    monkeypatch.delenv("REBOND_MOLLIE_HOOK_TOKEN")

    with pytest.raises(HookRefused):
        bench.plug().read_hook(classic(payment, SECRET))
    assert bench.plug().read_hook(signed) == []
    monkeypatch.delenv("REBOND_MOLLIE_HOOK_SECRET")
    monkeypatch.setenv("REBOND_MOLLIE_HOOK_TOKEN", TOKEN)
    with pytest.raises(HookRefused):
        bench.plug().read_hook(HookRequest(signed.headers, signed.body, {"token": TOKEN}))
    assert bench.plug().read_hook(classic(payment)) == []


def test_while_a_secret_is_replaced_one_true_signature_is_enough(bench, monkeypatch):
    signed = bench.signed(event("payment", bench.opens(TEN)), secret="the new one")
    twice = "sha256=" + "0" * 64 + ", " + signed.headers["x-mollie-signature"]
    monkeypatch.setenv("REBOND_MOLLIE_HOOK_SECRET", f"{SECRET},the new one")

    assert bench.plug().read_hook(HookRequest({"x-mollie-signature": twice}, signed.body)) == []


def test_a_message_about_what_cannot_be_asked_now_shall_come_again(bench, monkeypatch):
    payment = bench.opens(TEN)
    monkeypatch.setenv("REBOND_MOLLIE_URL", "http://127.0.0.1:9")

    with pytest.raises(HookRefused) as refused:
        bench.plug().read_hook(classic(payment))
    assert refused.value.facts["why"] == "cannot be checked now"


def test_the_key_goes_to_no_address_that_a_list_names(bench, monkeypatch):
    asked = []
    true = mollie.request

    def noting(method, url, **more):
        asked.append(url)
        return true(method, url, **more)

    monkeypatch.setattr(mollie, "request", noting)
    payment = bench.opens(Money(100_000, "EUR"))
    bench.fill(payment, 600, at=datetime.now(UTC))

    assert len(bench.plug().refunds_of(payment)) == 600
    assert len(asked) == 3
    assert all(url.startswith(bench.running.url) for url in asked)


def test_a_duplicate_call_is_asked_again_later(bench):
    payment = bench.opens(TEN)
    order = bench.order(payment, FIVE)
    bench.plug().refund(order)
    other = bench.order(payment, Money(100, "EUR"), key=order.idempotency_key)

    assert bench.plug().refund(other).outcome is Outcome.NO_ANSWER
    assert len(bench.booked()) == 1
