"""Signs what is sent. Source: Standard Webhooks 1.0, "Signature scheme"."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

BOTH = timedelta(hours=24)
"""So long after a change the old secret signs beside the new one."""


def secret_of(endpoint_id: UUID, generation: int) -> str:
    """The secret of an endpoint, ``whsec_…``, from 32 bytes that only this installation can make.

    It is made again each time and kept nowhere: a copy of the database holds none.
    """
    key = salted_hmac(
        "rebond.webhooks.secret", f"{endpoint_id}:{generation}", algorithm="sha256"
    ).digest()
    return "whsec_" + base64.b64encode(key).decode()


def headers_of(
    endpoint_id: UUID,
    generation: int,
    rotated_at: datetime | None,
    *,
    message_id: str,
    body: str,
    at: datetime,
) -> dict[str, str]:
    """The three headers of a try made ``at``; two signatures while a secret is being changed."""
    stamp = str(int(at.timestamp()))
    generations = [generation]
    if rotated_at is not None and generation > 1 and at < rotated_at + BOTH:
        generations.append(generation - 1)
    signed = [
        _signature(secret_of(endpoint_id, one), message_id, stamp, body) for one in generations
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signed),
        "content-type": "application/json",
        "user-agent": "Rebond",
    }


def _signature(secret: str, message_id: str, stamp: str, body: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{message_id}.{stamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
