"""What a return or a wish is worth: the same calculation for the preview and for the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from rebond.domain.orders.models import Order
from rebond.domain.refunds import amounts
from rebond.domain.refunds.errors import NothingAccepted, QuoteRefused
from rebond.domain.refunds.left import left_of
from rebond.domain.refunds.models import OutsideRefund
from rebond.domain.refunds.sold import past, sold
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.returns.models import Return
from rebond.kernel.money import half_up


@dataclass(frozen=True)
class Pieces:
    """Pieces of one order line that are paid back; ``kept_percent`` of their value is not."""

    order_line_id: UUID
    quantity: int
    kept_percent: Fraction | int = 0


@dataclass(frozen=True)
class Worked:
    """A return worked out: what was asked of which order, and the answer."""

    order: Order
    bought: amounts.Order
    before: tuple[amounts.PastRefund, ...]
    action: amounts.Action
    answer: amounts.Quote


def quote_for(
    order: Order, pieces: Sequence[Pieces], terms: Mapping[str, Any], *, way_back_minor: int = 0
) -> amounts.Quote:
    """The answer alone of ``worked_for``."""
    return worked_for(order, pieces, terms, way_back_minor=way_back_minor).answer


def worked_for(
    order: Order, pieces: Sequence[Pieces], terms: Mapping[str, Any], *, way_back_minor: int = 0
) -> Worked:
    """What comes back for ``pieces`` under ``terms`` (see ``policies.facts.Terms``).

    ``way_back_minor`` is what the chosen way of sending costs the shopper; never more is taken
    off than there is.

    Raises ``QuoteRefused``. A preview and a decision both come from here, so they agree.
    """
    bought, before = sold(order), past(order)
    wanted = tuple(
        amounts.WantedLine(line_id=str(piece.order_line_id), quantity=piece.quantity)
        for piece in pieces
        if piece.quantity
    )
    shipping = _shipping_left(bought, before) if terms.get("refunds_shipping") else ()
    plain = amounts.Action(
        verb=amounts.Verb.REFUND,
        lines=wanted,
        shipping=shipping,
        tender_order=tuple(order.shop.tender_order),
        manual_refund=True,
    )
    try:
        answer = _quote(order, bought, before, plain)
        retain = _retain(answer, pieces, terms)
        if retain is not None:
            plain = replace(plain, retain=retain)
            answer = _quote(order, bought, before, plain)
        taken = min(way_back_minor, answer.refund_total + answer.unallocated)
        if taken > 0:
            plain = replace(plain, retain=replace(retain or amounts.Retain(), way_back=taken))
            answer = _quote(order, bought, before, plain)
        return Worked(order, bought, before, plain, answer)
    except amounts.Refused as refused:
        known = {"currency": order.currency} | refused.facts
        raise QuoteRefused(reason=refused.code, **known) from refused


def worked_again(worked: Worked, action: amounts.Action) -> amounts.Quote:
    """The answer to ``action`` on the same order. Raises ``QuoteRefused``."""
    try:
        return _quote(worked.order, worked.bought, worked.before, action)
    except amounts.Refused as refused:
        known = {"currency": worked.order.currency} | refused.facts
        raise QuoteRefused(reason=refused.code, **known) from refused


def quote_of_wish(
    order: Order, wish: OrderRefund, *, but: OutsideRefund | None = None
) -> amounts.Quote:
    """What ``wish`` gives back of ``order``; asking for more than is left is refused.

    ``but`` is money that went already and for which a place is sought: it does not stand in its
    own way. Raises ``QuoteRefused``. A preview and a decision both come from here, so they agree.
    """
    bought, before = sold(order), past(order, but=but)
    try:
        return amounts.quote(bought, before, _action_of(order, bought, wish))
    except amounts.Refused as refused:
        known = {"currency": order.currency} | refused.facts
        raise QuoteRefused(reason=refused.code, **known) from refused


def first_worth(
    order: Order, wishes: Sequence[OrderRefund], amount_minor: int, *, but: OutsideRefund
) -> OrderRefund | None:
    """The first of ``wishes`` that gives back exactly ``amount_minor``; None where none does."""
    bought, before = sold(order), past(order, but=but)
    for wish in wishes:
        try:
            found = amounts.quote(bought, before, _action_of(order, bought, wish))
        except amounts.Refused:
            continue
        if found.refund_total + found.unallocated == amount_minor:
            return wish
    return None


def _action_of(order: Order, bought: amounts.Order, wish: OrderRefund) -> amounts.Action:
    shipping_ids = {charge.id for charge in bought.shipping}
    asked = [(str(charge.charge_id), charge.amount_minor) for charge in wish.charges]
    return amounts.Action(
        verb=amounts.Verb.REFUND,
        lines=tuple(_wanted(piece) for piece in wish.pieces),
        shipping=tuple(
            amounts.WantedShipping(charge, "full" if minor is None else minor)
            for charge, minor in asked
            if charge in shipping_ids
        ),
        fees=tuple(
            amounts.WantedFee(charge, "full" if minor is None else minor)
            for charge, minor in asked
            if charge not in shipping_ids
        ),
        amount=wish.amount_minor,
        tender_order=tuple(order.shop.tender_order),
        manual_refund=True,
    )


def _wanted(piece: WantedPieces) -> amounts.WantedLine:
    return amounts.WantedLine(
        line_id=str(piece.order_line_id),
        quantity=piece.quantity or None,
        amount=piece.amount_minor,
    )


def _quote(
    order: Order,
    bought: amounts.Order,
    before: Sequence[amounts.PastRefund],
    action: amounts.Action,
) -> amounts.Quote:
    """The quote; for goods worth more than what is left of them or of the money, all that is left.

    Less is left of a line that was refunded in part without pieces: a price cut, a gesture.
    """
    try:
        return amounts.quote(bought, before, action)
    except amounts.Refused as refused:
        if refused.code != "AMOUNT_EXCEEDS_REMAINING":
            raise
        return amounts.quote(bought, before, _with_the_rest(order, action, refused))


def _with_the_rest(
    order: Order, action: amounts.Action, refused: amounts.Refused
) -> amounts.Action:
    """``action`` that asks for no more than there is; raises ``refused`` where nothing is left."""
    left = refused.facts.get("max_refundable_minor")
    if "line_id" not in refused.facts:
        if not isinstance(left, int) or left <= 0:
            raise refused
        return replace(action, amount=left)
    rest = left_of(order)
    lines = tuple(_at_most(line, rest[UUID(line.line_id)].minor, order) for line in action.lines)
    wanted = tuple(line for line in lines if line is not None)
    if not wanted or wanted == action.lines:
        raise refused
    return replace(action, lines=wanted)


def _at_most(line: amounts.WantedLine, left_minor: int, order: Order) -> amounts.WantedLine | None:
    """The line for all that is left of it, where its pieces cost more; None where nothing is."""
    if left_minor <= 0:
        return None
    sold_line = next(one for one in order.lines.all() if str(one.pk) == line.line_id)
    worth = Fraction(sold_line.total_minor * (line.quantity or 0), sold_line.quantity)
    return replace(line, amount=left_minor) if worth > left_minor else line


def pieces_of(rma: Return) -> list[Pieces]:
    """The pieces of ``rma`` that are paid: the accepted ones.

    Before the inspection those that arrived, and while nothing did, all that are expected.
    """
    found = []
    lines = [line for line in rma.lines.all() if line.order_line_id is not None]
    prefetch_related_objects(lines, "inspections")
    is_here = any(line.accepted_quantity is None for line in lines) and rma.receipts.exists()
    for line in lines:
        assert line.order_line_id is not None
        if line.accepted_quantity is None:
            here = line.received_quantity if is_here else line.quantity
            found.append(Pieces(line.order_line_id, here))
            continue
        for seen in line.inspections.all():
            if seen.is_accepted:
                found.append(Pieces(line.order_line_id, seen.quantity, seen.kept_percent))
    return found


def pieces_in_full(rma: Return) -> list[Pieces]:
    """The pieces of ``rma`` that are here or expected, nothing kept and none refused.

    Source: C. conso. L221-24; a loss of value is a claim of its own, see L221-23 al. 3.
    """
    is_here = rma.receipts.exists()
    return [
        Pieces(line.order_line_id, line.received_quantity if is_here else line.quantity)
        for line in rma.lines.all()
        if line.order_line_id is not None
    ]


def together(pieces: Sequence[Pieces]) -> list[Pieces]:
    """One entry for each order line; shares kept are weighted by pieces, without rounding.

    Raises ``NothingAccepted`` when there is not a single piece.
    """
    quantity: dict[UUID, int] = {}
    kept: dict[UUID, Fraction | int] = {}
    for piece in pieces:
        quantity[piece.order_line_id] = quantity.get(piece.order_line_id, 0) + piece.quantity
        kept[piece.order_line_id] = (
            kept.get(piece.order_line_id, 0) + piece.kept_percent * piece.quantity
        )
    if not any(quantity.values()):
        raise NothingAccepted(number="")
    return [
        Pieces(line, count, Fraction(kept[line], count))
        for line, count in quantity.items()
        if count
    ]


def _shipping_left(
    bought: amounts.Order, before: Sequence[amounts.PastRefund]
) -> tuple[amounts.WantedShipping, ...]:
    gone = {item.shipping_id for refund in before for item in refund.shipping}
    return tuple(
        amounts.WantedShipping(charge.id)
        for charge in bought.shipping
        if charge.amount > 0 and charge.id not in gone
    )


def _retain(
    answer: amounts.Quote, pieces: Sequence[Pieces], terms: Mapping[str, Any]
) -> amounts.Retain | None:
    gross = {line.id: line.gross for line in answer.lines}
    goods = sum(gross.values())
    for_condition = sum(
        half_up(Fraction(gross.get(str(piece.order_line_id), 0) * piece.kept_percent, 100))
        for piece in pieces
    )
    kept = for_condition + _fees(gross, terms)
    return amounts.Retain(fixed=min(kept, goods)) if kept else None


def _fees(gross: Mapping[str, int], terms: Mapping[str, Any]) -> int:
    """The fees that the policy keeps of lines worth ``gross`` each, in minor units.

    Decisions from before fees were set line by line have one percentage for all goods.
    """
    percents = terms.get("fee_percents")
    if percents is None:
        goods = sum(gross.values())
        fee = half_up(Fraction(goods * int(terms.get("restocking_fee_percent") or 0), 100))
    else:
        fee = sum(
            half_up(Fraction(minor * int(percents.get(line, 0)), 100))
            for line, minor in gross.items()
        )
    fee += int(terms.get("fee_minor") or 0)
    cap = terms.get("fee_cap_minor")
    return fee if cap is None else min(fee, int(cap))


def way_back_in(answer: amounts.Quote) -> int:
    """What is taken off for the way back, in minor units."""
    return _amounts_of(answer, "return_shipping_kept")


def _amounts_of(answer: amounts.Quote, code: str) -> int:
    return sum(int(entry["amount_minor"]) for entry in answer.why if entry["code"] == code)


def breakdown_of(answer: amounts.Quote, currency: str) -> dict[str, Any]:
    """The quote as plain JSON values, to be shown and kept: every figure and its reasons."""
    return {
        "currency": currency,
        "total_minor": answer.refund_total,
        "net_minor": answer.net,
        "tax_minor": answer.tax,
        "tax_by_rate_minor": dict(answer.tax_by_rate),
        "retained_minor": (answer.retained or 0)
        - way_back_in(answer)
        - _amounts_of(answer, "amount_lowered"),
        "way_back_minor": way_back_in(answer),
        "lines": [
            {
                "order_line": item.id,
                "quantity": item.quantity,
                "gross_minor": item.gross,
                "net_minor": item.net,
                "tax_minor": item.tax,
                "discount_minor": item.discount,
            }
            for item in answer.lines
        ],
        "shipping": [
            {"charge": item.id, "gross_minor": item.gross, "tax_minor": item.tax}
            for item in answer.shipping
        ],
        "fees": [{"charge": fee, "gross_minor": amount} for fee, amount in answer.fees],
        "tenders": [
            {"payment": tender.payment_id, "amount_minor": tender.amount}
            for tender in answer.tenders
        ],
        "by_another_way_minor": answer.manual + answer.unallocated,
        "why": [dict(entry) for entry in answer.why],
    }
