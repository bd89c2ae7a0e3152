"""Sends what is queued, with no transaction open, and looks for what is due by the clock."""

from __future__ import annotations

import time
from uuid import UUID

from rebond.domain.shops.models import Shop
from rebond.kernel import egress
from rebond.kernel.actions import outside_transaction
from rebond.outbound.webhooks.actions import Answer, Try, begin_try, end_try
from rebond.outbound.webhooks.lines import heads_due, send_soon

SECONDS = 20.0
MOST_DUE = 200


def send(delivery_id: str) -> None:
    """Try a delivery once, when it is its turn."""
    wanted = begin_try(UUID(delivery_id))
    if wanted is not None:
        end_try(wanted.delivery_id, wanted.number, _answer_of(wanted))


def send_due() -> None:
    """By the clock: take up what is due, also where a try was lost with its process."""
    for shop in Shop.objects.only("id"):
        for delivery in heads_due(shop.pk, MOST_DUE):
            send_soon(delivery)


def _answer_of(wanted: Try) -> Answer:
    outside_transaction()
    began = time.monotonic()
    status, body, error = None, "", ""
    try:
        reply = egress.request(
            "POST",
            wanted.url,
            content=wanted.body.encode(),
            headers=wanted.headers,
            seconds=SECONDS,
            public_only=True,
        )
        status, body = reply.status, reply.body.decode(errors="replace")
    except egress.NoAnswer as problem:
        error = str(problem)
    return Answer(status, body, error, int((time.monotonic() - began) * 1000))
