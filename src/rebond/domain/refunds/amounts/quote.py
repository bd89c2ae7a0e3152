"""The verbs: from an order, its past refunds and one action to a quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rebond.domain.refunds.amounts.ledger import Ledger, replay
from rebond.domain.refunds.amounts.model import (
    Action,
    Order,
    PastLine,
    PastRefund,
    PastShipping,
    ProviderResult,
    Quote,
    Refused,
    Replacement,
    Verb,
)
from rebond.domain.refunds.amounts.pricing import price
from rebond.domain.refunds.amounts.retaining import retained
from rebond.domain.refunds.amounts.selection import (
    Chosen,
    select,
    whys_of,
)
from rebond.domain.refunds.amounts.sums import Sum, cancelled_order, selected
from rebond.domain.refunds.amounts.tables import by_id, by_rate, less_share_of_kept, rows, taxes_of
from rebond.domain.refunds.amounts.tenders import Plan, plan_for
from rebond.domain.refunds.amounts.why import Why, because
from rebond.kernel.money import half_up

_OF_GOODS = frozenset({Verb.REFUND, Verb.PREVIEW, Verb.RETURN, Verb.EXCHANGE})
_WITHOUT_PAYMENT = frozenset(
    {Verb.CREDIT_NOTE, Verb.CANCEL_ITEMS, Verb.CANCEL_ORDER, Verb.EXCHANGE, Verb.QUERY_REMAINING}
)


def quote(order: Order, previous: Sequence[PastRefund], action: Action) -> Quote:
    """What goes back for ``action`` after the ``previous`` refunds, and why.

    A preview and an execution are the same calculation. Raises ``Refused`` with
    ``refunded_total_minor`` and ``max_refundable_minor`` in its facts.
    Source: docs/reference/quote.md.
    """
    ledger = replay(price(order), previous)
    try:
        return _answer(order, ledger, action)
    except Refused as refusal:
        known = {
            "refunded_total_minor": ledger.refunded,
            "max_refundable_minor": ledger.limit,
        }
        raise Refused(refusal.code, **(known | refusal.facts)) from None


def _answer(order: Order, ledger: Ledger, action: Action) -> Quote:
    if action.verb is Verb.QUERY_REMAINING:
        return _remaining(order, ledger, action)
    _check_state(order, ledger, action)
    if action.verb is Verb.ALLOCATE_TENDERS:
        return _allocation(ledger, action)
    if action.verb is Verb.EXCHANGE:
        return _exchange(order, ledger, action)
    total = (
        cancelled_order(ledger, action)
        if action.verb is Verb.CANCEL_ORDER
        else selected(ledger, action)
    )
    if action.verb is Verb.CREDIT_NOTE:
        return _note(ledger, total)
    return _money(ledger, action, total)


def _check_state(order: Order, ledger: Ledger, action: Action) -> None:
    if order.cancelled:
        raise Refused("NOT_REFUNDABLE", max_refundable_minor=0)
    if not order.returns_enabled and action.lines and action.verb in _OF_GOODS:
        raise Refused("RETURNS_DISABLED")
    unpaid = ledger.paid == 0 and ledger.priced.charged > 0
    if unpaid and action.verb not in _WITHOUT_PAYMENT:
        raise Refused("NOT_PAID")


def _note(ledger: Ledger, total: Sum) -> Quote:
    """A credit note: the order is worth less, no money moves."""
    past = replace(
        _past(ledger, total, Plan(), kept=0), amount=total.owed, payments=(), money=False
    )
    return _quoted(ledger, total, Plan(), total.owed, past, note=True)


def _money(ledger: Ledger, action: Action, total: Sum) -> Quote:
    placed = plan_for(action, ledger.purses, total.owed)
    moved = placed.placed
    keeps = total.kept or 0
    if not action.adjust_items:
        past = PastRefund(amount=moved, payments=_payments(placed), total_change=0)
    else:
        past = _past(ledger, total, placed, kept=total.value - moved)
        change = (
            total.value - keeps if action.verb is not Verb.CANCEL_ORDER else ledger.total - keeps
        )
        change -= min(action.return_shipping, change)
        past = replace(past, amount=moved, total_change=change)
    return _quoted(ledger, total, placed, moved, past, action=action)


def _quoted(
    ledger: Ledger,
    total: Sum,
    placed: Plan,
    moved: int,
    past: PastRefund,
    *,
    note: bool = False,
    action: Action | None = None,
) -> Quote:
    """The quote of a sum that was placed; a failed answer of the provider moves nothing."""
    failed = action is not None and action.provider_result is ProviderResult.FAILED
    change = moved if past.total_change is None else past.total_change
    whys = list(total.whys) + _tender_whys(placed, action)
    if failed:
        whys.append(because("nothing_moved", moved))
    refunded = ledger.refunded + (0 if failed else moved)
    paid = ledger.paid - ledger.paid_out - (0 if failed or note else moved)
    after = ledger.total - (0 if failed else change)
    balance = after - paid
    shown = _shown_total(ledger, action, total, after, failed)
    limit = ledger.note_limit if note else ledger.limit
    whys.append(because("order_total_after", ledger.total, shown - ledger.total, shown))
    whys.append(because("balance", after, paid, balance))
    if limit < total.value or (note and ledger.limit < moved):
        whys.append(because("capped_by_payment", ledger.paid, ledger.limit))
    held = action.retain.keep_fee_ids if action is not None and action.retain else ()
    taxes = less_share_of_kept(taxes_of(ledger, total, action), total)
    tax = sum(amount for _, amount in taxes)
    return Quote(
        refund_total=moved,
        refunded_total=refunded,
        remaining=max(limit - (0 if failed else moved), 0),
        max_refundable=ledger.limit,
        paid_total=paid,
        order_total_after=shown,
        balance=balance,
        net=total.owed - tax,
        tax=tax,
        discount=sum(piece.part.discount for piece in total.selection.chosen),
        tax_by_rate=by_rate(taxes),
        tax_by_id=by_id(taxes),
        lines=rows(piece for piece in total.selection.chosen if not piece.shipping),
        shipping=rows(piece for piece in total.selection.chosen if piece.shipping),
        fees=tuple(fee for fee in total.selection.fees if fee[0] not in held),
        tenders=tuple(purse.tender(part) for purse, part in placed.automatic),
        unallocated=placed.unallocated,
        manual=placed.manual_total,
        outside=placed.outside,
        retained=total.kept,
        rounding=total.rounding,
        why=tuple(whys),
        past=None if failed or (action and action.verb is Verb.PREVIEW) else past,
    )


def _shown_total(
    ledger: Ledger, action: Action | None, total: Sum, after: int, failed: bool
) -> int:
    """After cancelled items the order total is without them; what is kept stands beside it."""
    if failed or action is None or action.verb is not Verb.CANCEL_ITEMS:
        return after
    return ledger.total - total.value


def _tender_whys(placed: Plan, action: Action | None) -> list[Why]:
    whys = []
    for purse, part in placed.automatic:
        code = "tender_preferred" if purse.id in placed.preferred else "tender_chosen"
        whys.append(because(code, purse.id, part, purse.left - part))
    if placed.manual_total:
        whys.append(because("manual_part", placed.manual_total))
    if placed.outside:
        whys.append(because("tender_outside", action and action.to, placed.outside))
    if placed.unallocated:
        whys.append(because("not_placed", placed.unallocated))
    return whys


def _payments(placed: Plan) -> tuple[tuple[str, int], ...]:
    return tuple((purse.id, part) for purse, part in placed.all_parts)


def _past(ledger: Ledger, total: Sum, placed: Plan, *, kept: int) -> PastRefund:
    """What the next quote has to know of this one."""
    lines = [piece for piece in total.selection.chosen if not piece.shipping]
    return PastRefund(
        lines=tuple(_past_line(piece) for piece in lines),
        shipping=tuple(
            PastShipping(p.item.id, gross=p.gross, taxes=p.part.taxes)
            for p in total.selection.chosen
            if p.shipping
        ),
        fees=total.selection.fees,
        payments=_payments(placed),
        kept=kept,
        from_wallet=sum(piece.gross for piece in lines if ledger.is_wallet(piece.item.id)),
    )


def _past_line(piece: Chosen) -> PastLine:
    return PastLine(
        piece.item.id,
        quantity=piece.quantity,
        unit=piece.unit,
        gross=piece.gross,
        taxes=piece.part.taxes,
        discount=piece.part.discount,
    )


def _standing(ledger: Ledger) -> Quote:
    """The order as it is; nothing is asked of it."""
    paid = ledger.paid - ledger.paid_out
    return Quote(
        refund_total=0,
        refunded_total=ledger.refunded,
        remaining=ledger.limit,
        max_refundable=ledger.limit,
        paid_total=paid,
        order_total_after=ledger.total,
        balance=ledger.total - paid,
    )


def _remaining(order: Order, ledger: Ledger, action: Action) -> Quote:
    """What is left of the named units and shipping charges, else of the order."""
    standing = _standing(ledger)
    if order.cancelled:
        return replace(standing, remaining=0, max_refundable=0)
    if not action.lines and not action.shipping and not action.fees:
        return standing
    return replace(standing, remaining=sum(_named_left(ledger, action)))


def _named_left(ledger: Ledger, action: Action) -> list[int]:
    left: list[int] = []
    for line in action.lines:
        if line.line_id not in ledger.lines:
            raise Refused("LINE_NOT_IN_ORDER", line_id=line.line_id)
        item = ledger.lines[line.line_id]
        if line.unit is None:
            quantity = item.quantity if line.quantity is None else line.quantity
            whole = quantity >= item.quantity
            left.append(item.gross if whole else item.item.gross(item.worth(max(quantity, 0))))
        else:
            if line.unit > item.item.quantity:
                raise Refused("LINE_NOT_IN_ORDER", line_id=line.line_id)
            part = item.unit_worth(line.unit)
            left.append(min(item.item.gross(part), item.gross) if part else 0)
    for charge in action.shipping:
        if charge.shipping_id not in ledger.shipping:
            raise Refused("LINE_NOT_IN_ORDER", shipping_id=charge.shipping_id)
        left.append(ledger.shipping[charge.shipping_id].gross)
    for fee in action.fees:
        if fee.fee_id not in ledger.fees:
            raise Refused("LINE_NOT_IN_ORDER", fee_id=fee.fee_id)
        left.append(ledger.fees[fee.fee_id])
    return left


def _allocation(ledger: Ledger, action: Action) -> Quote:
    """Only the plan: which payment would take how much. Nothing is written."""
    if action.amount is None:
        raise Refused("NOTHING_TO_REFUND")
    if action.amount <= 0:
        raise Refused("AMOUNT_NOT_POSITIVE")
    placed = plan_for(action, ledger.purses, action.amount)
    return replace(
        _standing(ledger),
        refund_total=placed.placed,
        tenders=tuple(purse.tender(part) for purse, part in placed.automatic),
        unallocated=placed.unallocated,
        manual=placed.manual_total,
        outside=placed.outside,
        why=tuple(_tender_whys(placed, action)),
    )


def _exchange(order: Order, ledger: Ledger, action: Action) -> Quote:
    """Goods against goods: the order total moves by the difference, money only by the balance."""
    selection = select(action, ledger)
    if selection.is_empty and not action.replacements:
        raise Refused("NOTHING_TO_REFUND")
    whys = whys_of(selection)
    added = 0
    for goods in action.replacements:
        gross, tax = _replacement(goods, included=order.prices_include_tax)
        added += gross
        whys.append(because("replacement_charged", goods.quantity, gross, tax))
    if action.outbound_shipping:
        whys.append(because("outbound_shipping_charged", action.outbound_shipping))
    if action.return_shipping:
        whys.append(because("return_shipping_kept", action.return_shipping))
    charges = added + action.outbound_shipping + action.return_shipping
    change = selection.total - charges
    sums = Sum(selection, selection.total, 0, tuple(whys))
    kept = 0
    if action.retain is not None:
        most = max(ledger.paid - ledger.refunded, 0)
        kept, reasons = retained(action.retain, selection, ledger, most=most)
        sums = replace(sums, kept=kept, whys=(*sums.whys, *reasons))
    past = _past(ledger, sums, Plan(), kept=selection.total)
    past = replace(past, amount=0, payments=(), total_change=change - kept)
    answer = _quoted(ledger, sums, Plan(), 0, past, action=action)
    tax = selection.tax
    return replace(answer, net=selection.total - tax, tax=tax)


def _replacement(goods: Replacement, *, included: bool) -> tuple[int, int]:
    """Gross and tax of new goods; a tax on top is rounded once for the whole quantity."""
    value = goods.unit_price * goods.quantity
    if included:
        return value, half_up(value * goods.tax_rate / (1 + goods.tax_rate))
    tax = half_up(value * goods.tax_rate)
    return value + tax, tax
