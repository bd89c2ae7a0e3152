"""Lays out a document where a gesture took a part of a line's room before the line came back.

A gesture is paid for the whole sale and documented on what was left of it. The line that is then
paid in full has less room than its money: what does not fit any more stands, as the gesture did, on
what is left of the sale. In all, for each line and for each rate nothing is credited beyond the
invoice. Source: CGI 289 I-5 and 272-1; docs/reference/documents.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from rebond.domain.credit_notes.content import (
    AMOUNT,
    Item,
    Totals,
    shares_of,
    totals_of,
)
from rebond.domain.credit_notes.room import Standing
from rebond.domain.credit_notes.snapshot import Source, price_of, sources_of, tax_after
from rebond.domain.refunds.models import Settlement
from rebond.kernel.money import allocate

MOST_ROUNDS = 30

Row = tuple[Item, Source]


def fitted(
    settlement: Settlement, items: Sequence[Item], sources: Sequence[Source], standing: Standing
) -> tuple[list[Item], list[Source], Totals]:
    """The positions and their totals, moved as far as is needed to where there is room.

    Unchanged where all fits. Where the sale has too little left as a whole they stay too long,
    and the counters refuse the document. What is kept is spread over all positions anew each
    time, therefore the rounds.
    """
    rows: list[Row] = list(zip(items, sources, strict=True))
    totals = _totals(settlement, rows, settlement.figures["tax_by_rate_minor"])
    left = {
        one: max(0, price_of(one) - standing.used(one.pk, with_promised=False).gross_minor)
        for one in sources_of(settlement.order)
        if price_of(one) >= 0
    }
    for _ in range(MOST_ROUNDS):
        credited = _credited(rows, totals)
        over = {one: max(0, credited.get(one.pk, 0) - room) for one, room in left.items()}
        free = {one: max(0, room - credited.get(one.pk, 0)) for one, room in left.items()}
        excess = min(sum(over.values()), sum(free.values()))
        if not excess:
            break
        rows = _moved(rows, over, free, excess, standing)
        totals = _totals(settlement, rows)
    return [item for item, _ in rows], [source for _, source in rows], totals


def _totals(
    settlement: Settlement, rows: Sequence[Row], decided: dict[str, int] | None = None
) -> Totals:
    return totals_of(
        [item for item, _ in rows],
        kept_minor=settlement.kept_minor,
        gross_minor=settlement.gross_minor,
        decided_tax=decided,
    )


def _credited(rows: Sequence[Row], totals: Totals) -> dict[UUID, int]:
    """What the document credits of each line and charge, after what is kept."""
    found: dict[UUID, int] = {}
    shares = shares_of([item for item, _ in rows], totals)
    for (_, source), share in zip(rows, shares, strict=True):
        found[source.pk] = found.get(source.pk, 0) + share.gross_minor
    return found


def _moved(
    rows: Sequence[Row],
    over: dict[Source, int],
    free: dict[Source, int],
    excess: int,
    standing: Standing,
) -> list[Row]:
    """``rows`` with ``excess`` taken off what is too long and put where something is free."""
    too_long = {one.pk: minor for one, minor in over.items() if minor}
    weights = [min(item.gross_minor, too_long.get(one.pk, 0)) for item, one in rows]
    cuts = allocate(excess, weights)
    found = [
        (_worth(item, one, item.gross_minor - cut, standing) if cut else item, one)
        for (item, one), cut in zip(rows, cuts, strict=True)
    ]
    at = {one.pk: index for index, (item, one) in enumerate(found) if item.kind == AMOUNT}
    for one, part in zip(free, allocate(sum(cuts), list(free.values())), strict=True):
        if not part:
            continue
        if one.pk in at:
            item = found[at[one.pk]][0]
            beside = [row for row in found if row[1] == one and row[0] is not item]
            found[at[one.pk]] = (_worth(item, one, item.gross_minor + part, standing, beside), one)
        else:
            item = Item(one.title, "", 1, part, {}, AMOUNT, str(one.pk))
            beside = [row for row in found if row[1] == one]
            found.append((_worth(item, one, part, standing, beside), one))
    return found


def _worth(
    item: Item, source: Source, minor: int, standing: Standing, beside: Sequence[Row] = ()
) -> Item:
    """``item`` for ``minor`` with the tax of that part; ``beside`` stands in the document too."""
    used = standing.used(source.pk, with_promised=False)
    for other, _ in beside:
        used.add(0, other.gross_minor, other.tax_by_rate)
    return replace(item, gross_minor=minor, tax_by_rate=tax_after(used, source, minor))
