"""An event as other systems see it: the same in the feed and in a webhook."""

from __future__ import annotations

import json
from typing import Any

from rebond.kernel.models import Event


def event_out(row: Event) -> dict[str, Any]:
    """The event with its ids. ``sequence`` counts the events of ``subject`` without a gap."""
    return {
        "id": str(row.pk),
        "type": row.name,
        "timestamp": row.at.isoformat(),
        "subject": str(row.subject),
        "sequence": row.sequence,
        "actor": row.actor,
        "data": row.payload,
    }


def body_of(row: Event) -> str:
    """The body that is signed and sent, every time the same bytes."""
    return json.dumps(event_out(row), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
