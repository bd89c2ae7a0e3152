"""Sends what is queued, with no transaction open, and looks for what is due by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from functools import partial
from uuid import UUID

from rebond.domain.shops.models import Shop
from rebond.kernel import egress
from rebond.kernel.lanes import in_lane
from rebond.outbound.webhooks.actions import Answer, Try, begin_try, end_try
from rebond.outbound.webhooks.lines import heads_due, send_soon

SECONDS = 5.0
SECONDS_OF_SLOW = 20.0
MOST_DUE = 200
READS_BYTES = 64 * 1024


Sending = Generator[Callable[[], Answer], Answer, None]


@in_lane("webhooks")
def send(delivery_id: str) -> Sending:
    """Try a delivery once, when it is its turn."""
    return _send(begin_try(UUID(delivery_id)), SECONDS)


@in_lane("webhooks-slow")
def send_to_slow(delivery_id: str) -> Sending:
    """As ``send``, with more patience, to a receiver that kept us waiting the last time."""
    return _send(begin_try(UUID(delivery_id), among_slow=True), SECONDS_OF_SLOW)


def _send(wanted: Try | None, seconds: float) -> Sending:
    if wanted is not None:
        answer = yield partial(_answer_of, wanted, seconds)
        end_try(wanted.delivery_id, wanted.number, answer)


def send_due() -> None:
    """By the clock: take up what is due, also where a try was lost with its process."""
    for shop in Shop.objects.only("id"):
        for delivery in heads_due(shop.pk, MOST_DUE):
            send_soon(delivery)


def _answer_of(wanted: Try, seconds: float) -> Answer:
    began = time.monotonic()
    status, body, error = None, "", ""
    try:
        reply = egress.request(
            "POST",
            wanted.url,
            content=wanted.body.encode(),
            headers=wanted.headers,
            seconds=seconds,
            public_only=True,
            reads_bytes=READS_BYTES,
        )
        status, body = reply.status, reply.body.decode(errors="replace")
    except egress.NoAnswer as problem:
        error = str(problem)
    return Answer(status, body, error, int((time.monotonic() - began) * 1000))
