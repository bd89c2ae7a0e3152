"""A provider that says "paid" of another sum than was asked for is not believed."""

import json
from uuid import uuid4

import pytest

from rebond.domain.refunds.ports import Outcome, RefundOrder
from rebond.integrations.payments import simulator
from rebond.kernel.egress import Reply
from rebond.kernel.money import Money

RIGHT = {"id": "re_1", "payment": "p", "status": "succeeded", "amount": 1000, "currency": "EUR"}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, Outcome.SUCCEEDED),
        ({"amount": 1}, Outcome.BROKEN_ANSWER),
        ({"amount": 1001}, Outcome.BROKEN_ANSWER),
        ({"amount": -1000}, Outcome.BROKEN_ANSWER),
        ({"currency": "JPY"}, Outcome.BROKEN_ANSWER),
        ({"amount": 1, "status": "pending"}, Outcome.BROKEN_ANSWER),
    ],
)
def test_only_the_sum_that_was_asked_for_counts(monkeypatch, change, outcome):
    body = json.dumps(RIGHT | change).encode()
    monkeypatch.setattr(simulator, "request", lambda *_, **__: Reply(200, {}, body))

    answer = simulator.Simulator().refund(RefundOrder(uuid4(), "p", Money(1000, "EUR"), "key"))

    assert answer.outcome is outcome
