"""Writes entries at the end of their chain. Inside actions only, as the last thing they do.

The number is taken when everything else of the action is written, so the lock of the chain is the
last that any action takes, and is held until the commit alone.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from uuid import UUID

from rebond.domain.audit.models import FIRST, SERIES, AuditEntry
from rebond.kernel.acting import Actor
from rebond.kernel.models import Event, next_number


def write_event(event: Event, actor: Actor) -> None:
    """An entry for what was said in the event log."""
    write(
        event.shop_id,
        verb=event.name,
        subject=event.subject,
        actor=actor,
        at=event.at,
        event=event,
    )


def write(
    shop_id: UUID,
    *,
    verb: str,
    subject: UUID,
    actor: Actor,
    at: datetime,
    event: Event | None = None,
) -> AuditEntry:
    """The next entry of the shop's chain."""
    number = next_number(shop_id, SERIES)
    before = AuditEntry.objects.filter(shop_id=shop_id, number=number - 1)
    entry = AuditEntry(
        shop_id=shop_id,
        number=number,
        at=at,
        who_kind=actor.kind,
        who=actor.id,
        network=actor.network,
        verb=verb,
        subject=subject,
        event=event.pk if event else None,
        digest=digest_of(event) if event else "",
    )
    entry.hash = entry.sealed_after(before.values_list("hash", flat=True).first() or FIRST)
    entry.save(force_insert=True)
    return entry


def digest_of(event: Event) -> str:
    """What an entry holds of the event: nothing of it can be read back, any change shows."""
    text = json.dumps([str(event.pk), event.name, event.actor, event.payload], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
