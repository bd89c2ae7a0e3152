"""The promises of the audit chain."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.audit.chain import digest_of
from rebond.domain.audit.models import FIRST, SERIES, AuditEntry
from rebond.domain.credit_notes.heads import written_heads
from rebond.insights.verification.table import Breaches, promise
from rebond.kernel.models import Counter, Event

AT_ONCE = 500


@promise("I28", "the audit chain of each shop is whole, and holds what was written outside")
def audit_chain() -> Breaches:
    """Numbers without a gap, each hash that of its entry after the one before, every event as it
    was, and every head that was ever written outside still in its place.
    """
    heads: dict[str, dict[int, str]] = {}
    for head in written_heads():
        if head.series == SERIES:
            heads.setdefault(head.shop_id, {})[head.number] = head.hash
    counted = Counter.objects.filter(series=SERIES).values_list("shop_id", "last")
    known = dict(counted)
    shops = {*known, *AuditEntry.objects.values_list("shop_id", flat=True).distinct()}
    for shop_id in sorted(shops, key=str):
        written = heads.pop(str(shop_id), {})
        yield from _chain(shop_id, known.get(shop_id, 0), written)
    for missing in sorted(heads):
        yield f"audit of shop {missing}: was there, and is gone"


def _chain(shop_id: UUID, last: int, written: dict[int, str]) -> Breaches:
    number, before, few = 0, FIRST, []
    for entry in AuditEntry.objects.filter(shop_id=shop_id).order_by("number").iterator():
        number += 1
        if entry.number != number:
            yield f"audit of shop {shop_id}: entry {number} is missing"
            number = entry.number
        if entry.hash != entry.sealed_after(before):
            yield f"audit entry {entry.number} of shop {shop_id} was changed"
        if written.pop(entry.number, entry.hash) != entry.hash:
            yield f"audit entry {entry.number} of shop {shop_id}: chain rewritten since"
        before = entry.hash
        few.append(entry)
        if len(few) >= AT_ONCE:
            yield from _events(shop_id, few)
            few = []
    yield from _events(shop_id, few)
    if number != last:
        yield f"audit of shop {shop_id}: {last} entries were written, {number} are there"
    for lost in sorted(written):
        yield f"audit of shop {shop_id}: entry {lost} was written outside, and is gone"


def _events(shop_id: UUID, entries: list[AuditEntry]) -> Breaches:
    """Entries whose event is gone or another one now."""
    keys = [entry.event for entry in entries if entry.event]
    events = {e.pk: e for e in Event.objects.filter(shop_id=shop_id, pk__in=keys)}
    for entry in entries:
        if entry.event and (
            entry.event not in events or digest_of(events[entry.event]) != entry.digest
        ):
            yield f"event {entry.event} of shop {shop_id} is not what entry {entry.number} saw"
