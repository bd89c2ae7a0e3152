"""Takes pieces of a return that are here into a return of their own. Used inside actions only."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from rebond.domain.returns.events import PiecesSplitOff, ReturnSplit
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import InspectionState
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.models import next_number
from rebond.kernel.writing import insert_all

Lines = dict[UUID, ReturnLine]


def split(
    rma: Return, pieces: Mapping[UUID, int], *, are_accepted: bool, by: str
) -> tuple[Return, Lines]:
    """A new return with ``pieces`` of the locked ``rma``, and its lines by the line they came from.

    ``pieces`` counts inspected pieces by line, all accepted or none of them; some other piece
    stays. What was asked, promised and decided goes along, and the pieces stay claimed once.
    """
    moment = now()
    number = f"R-{moment.year}-{next_number(rma.shop_id, f'return:{moment.year}'):06d}"
    apart = Return(
        shop=rma.shop,
        number=number,
        number_key=number.lower(),
        order=rma.order,
        shopper=rma.shopper,
        origin=rma.origin,
        ground=rma.ground,
        request_state=rma.request_state,
        parcel_state=rma.parcel_state,
        inspection_state=InspectionState.COMPLIANT
        if are_accepted
        else InspectionState.NON_COMPLIANT,
        language=rma.language,
        comment=rma.comment,
        goods=rma.goods,
        terms=rma.terms,
        requested_at=rma.requested_at,
        decided_at=rma.decided_at,
        split_from=rma,
    )
    insert_all([apart])
    lines = {line.pk: line for line in rma.lines.filter(pk__in=pieces)}
    moved = {
        pk: _moved(lines[pk], apart, count, are_accepted=are_accepted)
        for pk, count in pieces.items()
    }
    _look_again(rma)
    said = ", ".join(f"{line.quantity} × {line.sku}" for line in moved.values())[:500]
    record(ReturnSplit(str(apart.pk), number, rma.number, said), shop_id=rma.shop_id, actor=by)
    record(PiecesSplitOff(str(rma.pk), rma.number, number, said), shop_id=rma.shop_id, actor=by)
    return apart, moved


def _moved(line: ReturnLine, apart: Return, count: int, *, are_accepted: bool) -> ReturnLine:
    """The line itself where all its pieces go, else a new one beside what is left of it."""
    if count == line.quantity:
        line.rma = apart
        line.save(update_fields=["rma"])
        line.photos.update(rma=apart)
        return line
    accepted = count if are_accepted else 0
    line.quantity -= count
    line.received_quantity -= count
    line.accepted_quantity = (line.accepted_quantity or 0) - accepted
    line.save(update_fields=["quantity", "received_quantity", "accepted_quantity"])
    return ReturnLine.objects.create(
        shop_id=line.shop_id,
        rma=apart,
        position=line.position,
        order_line_id=line.order_line_id,
        sku=line.sku,
        title=line.title,
        quantity=count,
        reason_id=line.reason_id,
        outcome=line.outcome,
        comment=line.comment,
        received_quantity=count,
        accepted_quantity=accepted,
    )


def _look_again(rma: Return) -> None:
    """What the inspection says of the pieces that are left."""
    left = list(rma.lines.all())
    is_whole = all(line.accepted_quantity == line.quantity for line in left)
    rma.inspection_state = InspectionState.COMPLIANT if is_whole else InspectionState.NON_COMPLIANT
    rma.touch("inspection_state")
