"""What a correction brings on top of what was paid: exactly what had been kept for it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID

from rebond.domain.contests.models import Contest
from rebond.domain.refunds.models import Settlement
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.warehouse.models import Inspection
from rebond.kernel.money import half_up


def wish_of(contest: Contest, settlement: Settlement, *, reason: str) -> OrderRefund | None:
    """The refund for what ``contest`` corrected after ``settlement``; None where it is nothing.

    Pieces that were not paid at all are paid now. Of pieces that were paid in part, the share that
    was kept, worked out from the gross of their line as it was then, and all together never more
    than was kept.
    """
    rows = Inspection.objects.filter(shop_id=contest.shop_id, pk__in=list(contest.was))
    found: dict[UUID, list[Inspection]] = {}
    for seen in rows.select_related("line__order_line").order_by("line__position", "id"):
        if seen.line.order_line_id is not None:
            found.setdefault(seen.line.order_line_id, []).append(seen)
    gross = {row["order_line"]: row for row in settlement.figures["lines"]}
    left = int(settlement.figures.get("retained_minor") or 0)
    wanted = []
    for line_id, seen_there in found.items():
        share = _share_kept(contest, seen_there, gross.get(str(line_id)))
        back = min(left, half_up(share))
        left -= back
        refused = sum(one.quantity for one in seen_there if not _was(contest, one)["is_accepted"])
        if refused and back:
            back += _worth(seen_there[0], refused)
        if refused or back:
            wanted.append(WantedPieces(line_id, refused, back or None))
    return OrderRefund(pieces=tuple(wanted), reason=reason) if wanted else None


def _was(contest: Contest, seen: Inspection) -> Any:
    return contest.was[str(seen.pk)]


def _share_kept(contest: Contest, seen: list[Inspection], paid: Any) -> Fraction:
    """What was kept of the pieces of one line that were paid in part, in minor units."""
    if not paid or not paid["quantity"]:
        return Fraction(0)
    percent = sum(
        one.quantity * _was(contest, one)["kept_percent"]
        for one in seen
        if _was(contest, one)["is_accepted"]
    )
    return Fraction(paid["gross_minor"] * percent, 100 * paid["quantity"])


def _worth(seen: Inspection, pieces: int) -> int:
    bought = seen.line.order_line
    assert bought is not None
    return half_up(Fraction(bought.total_minor * pieces, bought.quantity))
