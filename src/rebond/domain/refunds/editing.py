"""Works out a return for another amount than its own. Used inside actions and previews only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rebond.domain.discussions.queries import agreed_percents
from rebond.domain.orders.models import ChargeKind, Order
from rebond.domain.refunds import amounts
from rebond.domain.refunds.edits import LONGEST_WORDS, LOWERING, AmountEdit, EditGround
from rebond.domain.refunds.errors import (
    AmountAboveCap,
    AmountUnchanged,
    EditNeedsWords,
    GroundNotOpen,
)
from rebond.domain.refunds.left import left_of
from rebond.domain.refunds.quoting import Worked, breakdown_of, worked_again
from rebond.domain.returns.guarantee import is_defect
from rebond.domain.returns.models import Return
from rebond.domain.returns.steps import LOOKED_AT
from rebond.domain.warehouse.models import Inspection
from rebond.domain.warehouse.shares import lines_to_withdraw


@dataclass(frozen=True)
class Edited:
    """The quote for the other amount, and the note of the change that stands in the sum."""

    answer: amounts.Quote
    note: dict[str, Any]


def edited(rma: Return, worked: Worked, edit: AmountEdit) -> Edited:
    """``worked`` for the amount of ``edit``.

    Less is kept back on the ground that was named. More first lets go what was kept, then gives
    back of what is left of the sale: its articles, then its charges. Raises ``AmountUnchanged``,
    ``EditNeedsWords``, ``GroundNotOpen`` and ``AmountAboveCap``.
    """
    answer, order = worked.answer, worked.order
    computed = answer.refund_total + answer.unallocated
    delta = edit.amount_minor - computed
    if not delta or edit.amount_minor <= 0:
        raise AmountUnchanged(computed_minor=computed, currency=order.currency)
    if not edit.words.strip() or len(edit.words) > LONGEST_WORDS:
        raise EditNeedsWords(limit=LONGEST_WORDS)
    why = why_not(rma, edit.ground, is_lower=delta < 0)
    if why:
        raise GroundNotOpen(ground=edit.ground.value, why=why)
    note = {
        "computed_minor": computed,
        "amount_minor": delta,
        "ground": edit.ground.value,
        "words": edit.words.strip(),
    }
    if delta < 0:
        kept = replace(worked.action.retain or amounts.Retain(), lowered=-delta)
        return Edited(worked_again(worked, replace(worked.action, retain=kept)), note)
    action, places, waived = _raised(worked, delta)
    again = _with_first_whys(worked_again(worked, action), worked.answer, set(places))
    if again.refund_total + again.unallocated != edit.amount_minor:
        raise AmountAboveCap(most_minor=computed, currency=order.currency)
    return Edited(again, note | {"places": places, "waived": waived})


def why_not(rma: Return, ground: EditGround, *, is_lower: bool) -> str:
    """Why ``ground`` is not open for ``rma``, as ``why`` of ``GroundNotOpen``; empty where it is.

    Who withdrew, or may withdraw, owes for a loss of value alone, and it takes evidence; who only
    may withdraw can also have said yes in a discussion, or to less for a fault.
    Source: C. conso. L221-23 al. 3 and L221-24; L217-8 for goods that do not conform.
    """
    if is_lower == (ground is EditGround.GOODWILL):
        return "direction"
    if not is_lower:
        return ""
    is_faulty = any(is_defect(line.reason) for line in rma.lines.select_related("reason"))
    if is_faulty and ground is not EditGround.AGREED:
        return "our_fault"
    if ground is EditGround.LOSS_OF_VALUE and rma.inspection_state not in LOOKED_AT:
        return "not_inspected"
    if not (rma.is_withdrawal or lines_to_withdraw(rma)):
        return ""
    is_agreed = is_faulty or bool(agreed_percents(rma))
    if ground is EditGround.AGREED and is_agreed and not rma.is_withdrawal:
        return ""
    if ground is not EditGround.LOSS_OF_VALUE:
        return "withdrawal"
    here = Inspection.objects.filter(shop_id=rma.shop_id, line__rma=rma)
    has_evidence = here.exclude(note="").exclude(photo=None).exists()
    return "" if has_evidence else "no_evidence"


def open_grounds(rma: Return) -> list[EditGround]:
    """The grounds on which less may be paid for ``rma``."""
    return [ground for ground in LOWERING if not why_not(rma, ground, is_lower=True)]


def edited_breakdown(found: Edited, order: Order) -> dict[str, Any]:
    """The sum of the other amount as plain JSON values, its change inside."""
    return breakdown_of(found.answer, order.currency) | {"edit": found.note}


def _raised(worked: Worked, more: int) -> tuple[amounts.Action, dict[str, int], dict[str, int]]:
    """The action that gives ``more``; what of it stands on which line or charge, what is let go."""
    action, order = worked.action, worked.order
    waived = {"kept": 0, "way_back": 0}
    retain = action.retain
    if retain is not None:
        fixed, way_back = min(more, retain.fixed), 0
        way_back = min(more - fixed, retain.way_back)
        waived = {"kept": fixed, "way_back": way_back}
        more -= fixed + way_back
        retain = replace(retain, fixed=retain.fixed - fixed, way_back=retain.way_back - way_back)
    places: dict[str, int] = {}
    left = _left(order)
    asked = {item.id: item.gross for item in (*worked.answer.lines, *worked.answer.shipping)}
    ids = [*(line.line_id for line in action.lines)]
    ids += [str(line.pk) for line in order.lines.all() if str(line.pk) not in ids]
    ids += [str(one.pk) for one in order.charges.all() if one.kind == ChargeKind.SHIPPING]
    for key in ids:
        part = min(more, max(0, left.get(key, 0) - asked.get(key, 0)))
        if part:
            places[key] = part
            more -= part
    if more:
        most = worked.answer.refund_total + worked.answer.unallocated
        raise AmountAboveCap(most_minor=most + _room(worked, left, asked), currency=order.currency)
    return replace(_with_places(action, order, places, asked), retain=retain), places, waived


def _left(order: Order) -> dict[str, int]:
    """What is left of each line and of shipping, by id; fees are not given back as a gesture."""
    fees = {one.pk for one in order.charges.all() if one.kind != ChargeKind.SHIPPING}
    return {str(key): one.minor for key, one in left_of(order).items() if key not in fees}


def _with_first_whys(
    answer: amounts.Quote, first: amounts.Quote, places: set[str]
) -> amounts.Quote:
    """``answer`` that says of what was raised how much it is worth without the gesture."""
    before = [entry for entry in first.why if _about(entry) in places]
    after = [entry for entry in answer.why if _about(entry) not in places]
    return replace(answer, why=(*before, *after))


def _about(entry: Mapping[str, Any]) -> str:
    return str(entry.get("line_id") or entry.get("shipping_id") or entry.get("id") or "")


def _room(worked: Worked, left: dict[str, int], asked: dict[str, int]) -> int:
    """How much more than the worked-out amount there is in all."""
    retain = worked.action.retain
    kept = retain.fixed + retain.way_back if retain is not None else 0
    return kept + sum(max(0, minor - asked.get(key, 0)) for key, minor in left.items())


def _with_places(
    action: amounts.Action, order: Order, places: dict[str, int], asked: dict[str, int]
) -> amounts.Action:
    lines = [
        replace(line, amount=asked[line.line_id] + places[line.line_id])
        if line.line_id in places
        else line
        for line in action.lines
    ]
    named = {line.line_id for line in lines}
    bought = {str(line.pk) for line in order.lines.all()}
    lines += [
        amounts.WantedLine(line_id=key, amount=minor)
        for key, minor in places.items()
        if key in bought and key not in named
    ]
    charges = [charge for charge in action.shipping if charge.shipping_id not in places]
    charges += [
        amounts.WantedShipping(key, asked.get(key, 0) + minor)
        for key, minor in places.items()
        if key not in bought
    ]
    return replace(action, lines=tuple(lines), shipping=tuple(charges))
