"""Writes entries at the end of their chain. Inside actions only, as the last thing they do.

The number is taken when everything else of the action is written, so the lock of the chain is the
last that any action takes, and is held until the commit alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rebond.domain.audit.models import FIRST, SERIES, AuditEntry
from rebond.kernel.acting import Actor
from rebond.kernel.models import Event, next_number
from rebond.kernel.prepared import Prepared
from rebond.kernel.writing import insert_all


@dataclass(frozen=True)
class Deed:
    """What somebody did or looked at. ``event`` is the row of the event log, None for a look."""

    shop_id: UUID
    verb: str
    subject: UUID
    actor: Actor
    at: datetime
    event: Event | None = None


def write_events(said: Sequence[tuple[Event, Actor]]) -> None:
    """Entries for what an action said in the event log, in the same order."""
    by_shop: dict[UUID, list[Deed]] = {}
    for event, actor in said:
        deed = Deed(event.shop_id, event.name, event.subject, actor, event.at, event)
        by_shop.setdefault(event.shop_id, []).append(deed)
    for deeds in by_shop.values():
        write(deeds)


def write(deeds: Sequence[Deed]) -> list[AuditEntry]:
    """The next entries of the chain of one shop."""
    shop_id = deeds[0].shop_id
    first = next_number(shop_id, SERIES, count=len(deeds))
    before = _numbered.first(shop_id, first - 1)
    hash_before = FIRST if before is None else before.hash
    entries = []
    for number, deed in enumerate(deeds, first):
        entry = AuditEntry(
            shop_id=shop_id,
            number=number,
            at=deed.at,
            who_kind=deed.actor.kind,
            who=deed.actor.id,
            network=deed.actor.network,
            verb=deed.verb,
            subject=deed.subject,
            event=deed.event.pk if deed.event else None,
            digest=digest_of(deed.event) if deed.event else "",
        )
        hash_before = entry.hash = entry.sealed_after(hash_before)
        entries.append(entry)
    insert_all(entries)
    return entries


_numbered = Prepared(
    lambda shop_id, number: AuditEntry.objects.filter(shop_id=shop_id, number=number), UUID, int
)


def digest_of(event: Event) -> str:
    """What an entry holds of the event: nothing of it can be read back, any change shows."""
    text = json.dumps([str(event.pk), event.name, event.actor, event.payload], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
