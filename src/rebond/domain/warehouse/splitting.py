"""Pieces of an inspection that go on in a return of their own. Used inside actions only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.splitting import split
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Inspection, Receipt, Unit


def split_refused(rma: Return, *, by: str) -> Return | None:
    """The pieces that were found and not accepted, in a return of their own.

    None where there are none, or nothing was accepted either: then all of them stay together.
    """
    rows = list(Inspection.objects.filter(shop_id=rma.shop_id, line__rma=rma))
    refused = [row for row in rows if not row.is_accepted and row.grade != Grade.MISSING]
    if not refused or not any(row.is_accepted for row in rows):
        return None
    pieces: Counter[UUID] = Counter()
    for row in refused:
        pieces[row.line_id] += row.quantity
    apart, lines = split(rma, pieces, are_accepted=False, by=by)
    for row in refused:
        row.line = lines[row.line_id]
        row.save(update_fields=["line"])
    _arrived_with(rma, apart)
    return apart


def split_units(rma: Return, units: Sequence[Unit], *, by: str) -> Return:
    """``units``, accepted pieces of ``rma``, in a return of their own; others stay."""
    by_row: dict[UUID, list[Unit]] = defaultdict(list)
    for unit in units:
        by_row[unit.inspection_id].append(unit)
    rows = list(Inspection.objects.filter(shop_id=rma.shop_id, pk__in=by_row))
    pieces: Counter[UUID] = Counter()
    for row in rows:
        pieces[row.line_id] += len(by_row[row.pk])
    apart, lines = split(rma, pieces, are_accepted=True, by=by)
    for row in rows:
        mine = by_row[row.pk]
        left = row.quantity - len(mine)
        if left:
            Inspection.objects.filter(shop_id=rma.shop_id, pk=row.pk).update(quantity=left)
            row.pk, row.quantity = None, len(mine)  # a row of its own with the same findings
            row._state.adding = True
        row.line = lines[row.line_id]
        row.save()
        Unit.objects.filter(shop_id=rma.shop_id, pk__in=[unit.pk for unit in mine]).update(
            inspection=row
        )
    _arrived_with(rma, apart)
    return apart


def _arrived_with(rma: Return, apart: Return) -> None:
    """The pieces came in the same parcel, on the same day."""
    first = rma.receipts.order_by("at").first()
    if first is not None:
        counts = {str(line.pk): line.received_quantity for line in apart.lines.all()}
        Receipt.objects.create(
            shop_id=rma.shop_id, rma=apart, counts=counts, note="", by=first.by, at=first.at
        )
