"""The verbs: from an order, its past refunds and one action to a quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rebond.domain.refunds.amounts.ledger import Ledger, replay
from rebond.domain.refunds.amounts.model import (
    Action,
    Order,
    PastLine,
    PastRefund,
    PastShipping,
    ProviderResult,
    Quote,
    QuotedItem,
    Refused,
    Replacement,
    Verb,
)
from rebond.domain.refunds.amounts.pricing import TaxKey, price
from rebond.domain.refunds.amounts.retaining import retained
from rebond.domain.refunds.amounts.selection import (
    Chosen,
    Selection,
    covers_all,
    everything_left,
    move_tax,
    select,
    to_total,
    whys_of,
)
from rebond.domain.refunds.amounts.tenders import Plan, plan_for
from rebond.domain.refunds.amounts.why import Why, because
from rebond.kernel.money import allocate, half_up

_OF_GOODS = frozenset({Verb.REFUND, Verb.PREVIEW, Verb.RETURN, Verb.EXCHANGE})
_WITHOUT_PAYMENT = frozenset(
    {Verb.CREDIT_NOTE, Verb.CANCEL_ITEMS, Verb.CANCEL_ORDER, Verb.EXCHANGE, Verb.QUERY_REMAINING}
)


@dataclass(frozen=True)
class _Sum:
    """The money side of a selection.

    ``value`` is taken off the order, ``owed`` of it is to be paid out and ``kept``
    is retained (None: nothing was asked to be kept); ``kept_fees`` of that are fees
    without tax. ``rounding`` is the part of ``value`` that is in no item.
    """

    selection: Selection
    value: int
    owed: int
    whys: tuple[Why, ...]
    kept: int | None = None
    kept_fees: int = 0
    rounding: int = 0


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
    total = _cancelled_order(ledger, action) if _is_whole(action) else _selected(ledger, action)
    if action.verb is Verb.CREDIT_NOTE:
        return _note(ledger, total)
    return _money(ledger, action, total)


def _is_whole(action: Action) -> bool:
    return action.verb is Verb.CANCEL_ORDER


def _check_state(order: Order, ledger: Ledger, action: Action) -> None:
    if order.cancelled:
        raise Refused("NOT_REFUNDABLE", max_refundable_minor=0)
    if not order.returns_enabled and action.lines and action.verb in _OF_GOODS:
        raise Refused("RETURNS_DISABLED")
    unpaid = ledger.paid == 0 and ledger.priced.charged > 0
    if unpaid and action.verb not in _WITHOUT_PAYMENT:
        raise Refused("NOT_PAID")


def _selected(ledger: Ledger, action: Action) -> _Sum:
    """The sum of what the action names, by its items, its amount or both."""
    selection = select(action, ledger)
    if selection.is_empty and action.amount is None:
        raise Refused("NOTHING_TO_REFUND")
    if action.amount is not None and action.amount <= 0:
        raise Refused("AMOUNT_NOT_POSITIVE")
    if any(amount < 0 for _, amount in selection.fees) and selection.total <= 0:
        raise Refused("AMOUNT_NOT_POSITIVE")
    total = _valued(ledger, action, selection)
    if _is_underpaid_cancellation(ledger, action):
        return _overpaid_part(ledger, _less_kept(ledger, action, total))
    if total.value > _limit(ledger, action):
        raise Refused("AMOUNT_EXCEEDS_REMAINING")
    _check_wallet_order(ledger, action, selection, total.value)
    return _less_kept(ledger, action, total)


def _is_underpaid_cancellation(ledger: Ledger, action: Action) -> bool:
    return action.verb is Verb.CANCEL_ITEMS and ledger.paid < ledger.priced.charged


def _overpaid_part(ledger: Ledger, total: _Sum) -> _Sum:
    """Items of an order that was not fully paid: only what is then paid too much goes back."""
    if total.value > ledger.note_limit:
        raise Refused("AMOUNT_EXCEEDS_REMAINING")
    due = ledger.total - total.value + (total.kept or 0)
    too_much = max(ledger.paid - ledger.paid_out - due, 0)
    return replace(total, owed=min(total.owed, too_much))


def _limit(ledger: Ledger, action: Action) -> int:
    if action.verb is Verb.CREDIT_NOTE:
        return ledger.note_limit
    if not action.refund:
        return max(ledger.limit, ledger.note_limit)
    return ledger.limit


def _valued(ledger: Ledger, action: Action, selection: Selection) -> _Sum:
    whys = whys_of(selection)
    if action.amount is not None and not selection.is_empty and not selection.own_amounts:
        return _replaced_total(action.amount, selection, whys)
    if action.amount is not None and selection.is_empty:
        whys.append(because("amount_asked", action.amount, 0))
        return _Sum(selection, action.amount, action.amount, tuple(whys))
    if action.amount is not None and action.amount != selection.total:
        raise Refused("AMOUNT_MISMATCH", computed_minor=selection.total)
    if action.scale_to_cap and (scaled := _scaled(ledger, selection)):
        return scaled
    if _closes(ledger, selection):
        return _closing(ledger, selection, _charged(ledger, action))
    return _open_sum(ledger, selection, whys)


def _replaced_total(amount: int, selection: Selection, whys: list[Why]) -> _Sum:
    whys.append(because("amount_asked", amount, selection.total))
    if amount < selection.total:
        selection = to_total(selection, amount)
    return _Sum(selection, amount, amount, tuple(whys), rounding=amount - selection.total)


def _closes(ledger: Ledger, selection: Selection, *, scaled: bool = False) -> bool:
    return ledger.named and covers_all(selection, ledger, scaled=scaled)


def _scaled(ledger: Ledger, selection: Selection) -> _Sum | None:
    """The selection in proportion to the cap; None when the cap is no limit."""
    cap, charged = ledger.priced.order.cap, ledger.priced.charged
    if cap is None or cap >= charged:
        return None
    if _closes(ledger, selection, scaled=True):
        amount = max(cap - ledger.refunded - ledger.kept, 0)
    else:
        amount = half_up(Fraction(selection.total * cap, charged))
    why = because("scaled_to_cap", amount, cap, selection.total)
    scaled = to_total(selection, amount)
    whys = (*whys_of(scaled), why)
    return _Sum(scaled, amount, amount, whys, rounding=amount - scaled.total)


def _charged(ledger: Ledger, action: Action) -> int:
    """What was charged; for money, what was paid where only rounding tells them apart."""
    charged = ledger.priced.charged
    is_rounding = abs(ledger.paid - charged) <= ledger.priced.rounding_room
    return ledger.paid if is_rounding and action.verb is not Verb.CREDIT_NOTE else charged


def _closing(ledger: Ledger, selection: Selection, charged: int) -> _Sum:
    """Everything that is left goes back: what was charged minus what went back before."""
    amount = max(charged - ledger.refunded - ledger.kept, 0)
    selection = _with_document_tax(ledger, selection, amount)
    whys = whys_of(selection)
    whys.append(because("paid_minus_refunded", charged, ledger.refunded, amount))
    rounding = amount - selection.total
    if rounding:
        whys.append(because("rounding_difference", rounding))
    return _Sum(selection, amount, amount, tuple(whys), rounding=rounding)


def _with_document_tax(ledger: Ledger, selection: Selection, amount: int) -> Selection:
    """The last taxes of a document are what the document has left of them."""
    if ledger.priced.order.document_tax:
        selection = _with_rest_of_each_rate(ledger, selection)
    stated = ledger.priced.tax_total
    if stated is None:
        return selection
    more = stated - ledger.tax_refunded() - selection.tax
    if abs(more) > ledger.priced.rounding_room:
        return selection
    gap = amount - selection.total
    if more * gap > 0:
        selection = move_tax(selection, min(more, gap, key=abs), included=False)
    more = stated - ledger.tax_refunded() - selection.tax
    return move_tax(selection, more, included=True)


def _with_rest_of_each_rate(ledger: Ledger, selection: Selection) -> Selection:
    for rate, (charged, refunded) in ledger.document_taxes().items():
        selected = sum(
            amount
            for piece in selection.chosen
            for tax, amount in zip(piece.item.taxes, piece.part.taxes, strict=True)
            if tax.rate == rate and not tax.stored
        )
        more = charged - refunded - selected
        for included in (False, True):
            before = selection.tax
            selection = move_tax(selection, more, included=included, rate=rate)
            more -= selection.tax - before
    return selection


def _open_sum(ledger: Ledger, selection: Selection, whys: list[Why]) -> _Sum:
    """The plain sum; where the order was charged less than its parts, never more than is left."""
    total = selection.total
    short = ledger.priced.parts_total - ledger.priced.charged
    left = ledger.limit
    is_rounding = 0 < short <= ledger.priced.rounding_room and 0 < total - left <= short
    amount = left if is_rounding and ledger.named else total
    whys.append(because("items_total", amount))
    if amount != total:
        whys.append(because("rounding_difference", amount - total))
    return _Sum(selection, amount, amount, tuple(whys), rounding=amount - total)


def _check_wallet_order(ledger: Ledger, action: Action, selection: Selection, amount: int) -> None:
    """An amount without items cannot reach what was spent of a sold credit."""
    balance = ledger.wallet_left
    if balance is None or not selection.is_empty:
        return
    sold = sum(left.gross for key, left in ledger.lines.items() if ledger.is_wallet(key))
    most = max(_limit(ledger, action) - max(sold - balance, 0), 0)
    if amount > most:
        raise Refused("AMOUNT_EXCEEDS_REMAINING", max_refundable_minor=min(most, ledger.limit))


def _less_kept(ledger: Ledger, action: Action, total: _Sum) -> _Sum:
    """What is paid out once the shop has kept its part."""
    whys = list(total.whys)
    owed, kept, kept_fees = total.value, None, 0
    if action.retain is not None:
        most = max(ledger.paid - ledger.refunded, 0)
        kept, reasons = retained(action.retain, total.selection, ledger, most=most)
        held = action.retain.keep_fee_ids
        whys = [why for why in whys if why.get("fee_id") not in held] + reasons
        kept_fees = sum(amount for name, amount in total.selection.fees if name in held)
        owed -= kept
    if action.return_shipping:
        owed -= action.return_shipping
        whys.append(because("return_shipping_kept", action.return_shipping))
    owed = max(owed, 0)
    if not action.refund:
        whys.append(because("no_money_back", owed))
        owed = 0
    return replace(total, owed=owed, kept=kept, kept_fees=kept_fees, whys=tuple(whys))


def _cancelled_order(ledger: Ledger, action: Action) -> _Sum:
    """Everything that was paid and did not go back, less what is kept."""
    selection = everything_left(ledger)
    left = max(ledger.limit - ledger.kept, 0)
    amount = min(left, max(selection.total, 0)) if not _all_refundable(ledger) else left
    whys = whys_of(selection)
    whys.append(because("paid_minus_refunded", ledger.paid, ledger.refunded, amount))
    _check_wallet_whole(ledger, amount)
    total = _Sum(selection, amount, amount, tuple(whys), rounding=amount - selection.total)
    return _less_kept(ledger, action, total)


def _all_refundable(ledger: Ledger) -> bool:
    return all(line.refundable for line in ledger.priced.order.lines)


def _check_wallet_whole(ledger: Ledger, amount: int) -> None:
    balance = ledger.wallet_left
    sold = sum(left.gross for key, left in ledger.lines.items() if ledger.is_wallet(key))
    if balance is not None and sold > balance and amount:
        most = max(amount - (sold - balance), 0)
        raise Refused("AMOUNT_EXCEEDS_REMAINING", max_refundable_minor=most)


def _note(ledger: Ledger, total: _Sum) -> Quote:
    """A credit note: the order is worth less, no money moves."""
    past = replace(
        _past(ledger, total, Plan(), kept=0), amount=total.owed, payments=(), money=False
    )
    return _quoted(ledger, total, Plan(), total.owed, past, note=True)


def _money(ledger: Ledger, action: Action, total: _Sum) -> Quote:
    placed = plan_for(action, ledger.purses, total.owed)
    moved = placed.placed
    keeps = total.kept or 0
    if not action.adjust_items:
        past = PastRefund(amount=moved, payments=_payments(placed), total_change=0)
    else:
        past = _past(ledger, total, placed, kept=total.value - moved)
        change = total.value - keeps if not _is_whole(action) else ledger.total - keeps
        change -= min(action.return_shipping, change)
        past = replace(past, amount=moved, total_change=change)
    return _quoted(ledger, total, placed, moved, past, action=action)


def _quoted(
    ledger: Ledger,
    total: _Sum,
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
    taxes = _less_share_of_kept(_taxes_of(ledger, total, action), total)
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
        tax_by_rate=_by_rate(taxes),
        tax_by_id=_by_id(taxes),
        lines=_rows(piece for piece in total.selection.chosen if not piece.shipping),
        shipping=_rows(piece for piece in total.selection.chosen if piece.shipping),
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
    ledger: Ledger, action: Action | None, total: _Sum, after: int, failed: bool
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


def _taxes_of(ledger: Ledger, total: _Sum, action: Action | None) -> list[tuple[TaxKey, int]]:
    """Every tax inside the sum: of its items, or the share of an amount that names none."""
    if not total.selection.is_empty:
        of_items = [
            (tax.key, amount)
            for piece in total.selection.chosen
            for tax, amount in zip(piece.item.taxes, piece.part.taxes, strict=True)
        ]
        is_rest = action is not None and _is_whole(action)
        return _less_loose(of_items, ledger.loose_taxes) if is_rest else of_items
    if action is not None and not action.adjust_items:
        return []
    return list(ledger.loose_share(total.value).items())


def _less_loose(
    taxes: list[tuple[TaxKey, int]], loose: Mapping[TaxKey, int]
) -> list[tuple[TaxKey, int]]:
    """The taxes without what earlier amounts, that named no item, gave back of them."""
    gone = dict(loose)
    rest = []
    for key, amount in taxes:
        part = min(amount, gone.get(key, 0))
        gone[key] = gone.get(key, 0) - part
        rest.append((key, amount - part))
    return rest


def _less_share_of_kept(taxes: list[tuple[TaxKey, int]], total: _Sum) -> list[tuple[TaxKey, int]]:
    """The taxes of what is paid out: those of the items less their part of what is kept."""
    kept, gross = (total.kept or 0) - total.kept_fees, total.selection.items_gross
    whole = sum(amount for _, amount in taxes)
    if kept <= 0 or gross <= 0 or not whole or any(amount < 0 for _, amount in taxes):
        return taxes
    rest = whole - min(half_up(Fraction(whole * kept, gross)), whole)
    shares = allocate(rest, [amount for _, amount in taxes])
    return [(key, share) for (key, _), share in zip(taxes, shares, strict=True)]


def _by_rate(taxes: list[tuple[TaxKey, int]]) -> dict[str, int]:
    """Taxes added up per rate, written as the order first wrote it."""
    names: dict[Fraction, str] = {}
    table: dict[str, int] = {}
    for (_, rate, text), amount in taxes:
        if rate and text is not None:
            name = names.setdefault(rate, text)
            table[name] = table.get(name, 0) + amount
    return table


def _by_id(taxes: list[tuple[TaxKey, int]]) -> dict[str, int]:
    table: dict[str, int] = {}
    for (tax_id, _, _), amount in taxes:
        if tax_id is not None:
            table[tax_id] = table.get(tax_id, 0) + amount
    return table


def _rows(pieces: Iterable[Chosen]) -> tuple[QuotedItem, ...]:
    rows: dict[str, QuotedItem] = {}
    for piece in pieces:
        item, part = piece.item, piece.part
        units = 1 if piece.unit is not None else piece.quantity
        row = rows.get(item.id, QuotedItem(item.id, 0, 0, 0, 0, 0))
        rows[item.id] = QuotedItem(
            item.id,
            row.quantity + units,
            row.gross + item.gross(part),
            row.net + item.net(part),
            row.tax + part.tax,
            row.discount + part.discount,
        )
    return tuple(rows.values())


def _payments(placed: Plan) -> tuple[tuple[str, int], ...]:
    return tuple((purse.id, part) for purse, part in placed.all_parts)


def _past(ledger: Ledger, total: _Sum, placed: Plan, *, kept: int) -> PastRefund:
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
    sums = _Sum(selection, selection.total, 0, tuple(whys))
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
