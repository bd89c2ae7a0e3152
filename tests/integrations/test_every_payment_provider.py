"""The promise every payment provider makes. A new file in the folder is tested by being there."""

from uuid import uuid4

import pytest

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import (
    Answer,
    HookRequest,
    Outcome,
    RefundOrder,
    payment_providers,
)
from rebond.kernel.money import Money

EVERY = pytest.mark.parametrize("key", payment_providers.keys())


def wish(minor: int = 500) -> RefundOrder:
    refund_id = uuid4()
    return RefundOrder(refund_id, "pay_1", Money(minor, "EUR"), f"{refund_id}:0")


@EVERY
def test_it_says_who_it_is(key, provider):
    plug = payment_providers[key]()

    assert plug.key == key
    assert plug.title
    assert {plug.is_idempotent, plug.is_manual, plug.tried_live} <= {True, False}


@EVERY
def test_the_same_key_twice_pays_once(key, provider):
    provider.opens("pay_1", 1000)
    order, plug = wish(), payment_providers[key]()

    first, second = plug.refund(order), plug.refund(order)

    assert isinstance(first, Answer)
    assert first == second
    assert len(provider.refunds()) <= 1


@EVERY
def test_a_provider_that_is_away_never_raises(key, monkeypatch):
    monkeypatch.setenv("REBOND_SIMULATOR_URL", "http://127.0.0.1:9")
    plug = payment_providers[key]()

    answer = plug.refund(wish())

    assert answer.outcome in {Outcome.NO_ANSWER, Outcome.WAITS_FOR_PERSON}
    assert plug.refunds_of("pay_1") is None


@EVERY
@pytest.mark.parametrize(
    "headers", [{}, {"simulator-signature": ""}, {"simulator-signature": "t=1,v1=00"}]
)
def test_an_unsigned_or_stale_message_is_refused(key, headers, provider):
    with pytest.raises(HookRefused):
        payment_providers[key]().read_hook(HookRequest(headers, b"{}"))


@EVERY
def test_without_a_secret_the_door_is_closed(key, monkeypatch):
    monkeypatch.delenv("REBOND_SIMULATOR_SECRET", raising=False)

    with pytest.raises(HookRefused):
        payment_providers[key]().read_hook(HookRequest({}, b"{}"))
