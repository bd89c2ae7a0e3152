"""The promises of the audit chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from rebond.domain.audit.chain import digest_of
from rebond.domain.audit.models import FIRST, SERIES, AuditEntry
from rebond.domain.credit_notes.heads import written_heads
from rebond.insights.verification.table import Breaches, promise
from rebond.kernel.models import Counter, Event

AT_ONCE = 500


@dataclass(frozen=True)
class Piece:
    """Some entries of one chain, looked at: how many, the last one's number, what is wrong."""

    checked: int
    last: int
    is_last: bool
    breaches: list[str]


@promise("I28", "the audit chain of each shop is whole, and holds what was written outside")
def audit_chain() -> Breaches:
    """Numbers without a gap, each hash that of its entry after the one before, every event as it
    was, and every head that was ever written outside still in its place.
    """
    heads = _heads()
    counted = Counter.objects.filter(series=SERIES).values_list("shop_id", flat=True)
    shops = {*counted, *AuditEntry.objects.values_list("shop_id", flat=True).distinct()}
    for shop_id in sorted(shops, key=str):
        for piece in _pieces(shop_id, heads.pop(str(shop_id), {})):
            yield from piece.breaches
    for missing in sorted(heads):
        yield f"audit of shop {missing}: was there, and is gone"


def heads_of(shop_id: UUID) -> Mapping[int, str]:
    """The heads of the chain of one shop that were written outside: the hash of each number."""
    return _heads().get(str(shop_id), {})


def check_piece(shop_id: UUID, heads: Mapping[int, str], *, after: int, most: int) -> Piece:
    """What is wrong with the ``most`` entries that follow number ``after``; 0 begins the chain.

    ``heads`` are those of ``heads_of``. Entries that are written meanwhile break nothing.
    """
    counted, breaches = _counted(shop_id), []
    before = _hash_of(shop_id, after)
    if before is None:
        if after > counted:
            return Piece(0, after, is_last=True, breaches=[])
        breaches.append(f"audit of shop {shop_id}: entry {after} is missing")
    rows = AuditEntry.objects.filter(shop_id=shop_id, number__gt=after).order_by("number")
    entries, number = list(rows[:most]), after
    for entry in entries:
        number += 1
        if entry.number != number:
            breaches.append(f"audit of shop {shop_id}: entry {number} is missing")
            number = entry.number
        if before is not None and entry.hash != entry.sealed_after(before):
            breaches.append(f"audit entry {number} of shop {shop_id} was changed")
        if heads.get(number, entry.hash) != entry.hash:
            breaches.append(f"audit entry {number} of shop {shop_id}: chain rewritten since")
        before = entry.hash
    breaches += _events(shop_id, entries)
    is_last = len(entries) < most
    if is_last and not counted <= number <= _counted(shop_id):
        breaches.append(
            f"audit of shop {shop_id}: {counted} entries were written, {number} are there"
        )
    seen = {entry.number for entry in entries}
    for lost in sorted(n for n in heads if n > after and (is_last or n <= number)):
        if lost not in seen:
            breaches.append(
                f"audit of shop {shop_id}: entry {lost} was written outside, and is gone"
            )
    return Piece(len(entries), number, is_last, breaches)


def _pieces(shop_id: UUID, heads: Mapping[int, str]) -> Iterator[Piece]:
    piece = Piece(0, 0, is_last=False, breaches=[])
    while not piece.is_last:
        piece = check_piece(shop_id, heads, after=piece.last, most=AT_ONCE)
        yield piece


def _heads() -> dict[str, dict[int, str]]:
    heads: dict[str, dict[int, str]] = {}
    for head in written_heads():
        if head.series == SERIES:
            heads.setdefault(head.shop_id, {})[head.number] = head.hash
    return heads


def _counted(shop_id: UUID) -> int:
    counter = Counter.objects.filter(shop_id=shop_id, series=SERIES)
    return counter.values_list("last", flat=True).first() or 0


def _hash_of(shop_id: UUID, number: int) -> str | None:
    """The hash of an entry; None where it is not there."""
    if number == 0:
        return FIRST
    entry = AuditEntry.objects.filter(shop_id=shop_id, number=number)
    return entry.values_list("hash", flat=True).first()


def _events(shop_id: UUID, entries: list[AuditEntry]) -> Breaches:
    """Entries whose event is gone or another one now."""
    keys = [entry.event for entry in entries if entry.event]
    events = {e.pk: e for e in Event.objects.filter(shop_id=shop_id, pk__in=keys)}
    for entry in entries:
        if entry.event and (
            entry.event not in events or digest_of(events[entry.event]) != entry.digest
        ):
            yield f"event {entry.event} of shop {shop_id} is not what entry {entry.number} saw"
