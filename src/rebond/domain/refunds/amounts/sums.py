"""What a selection comes to: the sum that goes back, what of it is kept, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from rebond.domain.refunds.amounts.ledger import Ledger
from rebond.domain.refunds.amounts.model import Action, Refused, Verb
from rebond.domain.refunds.amounts.retaining import retained
from rebond.domain.refunds.amounts.selection import (
    Selection,
    covers_all,
    everything_left,
    move_tax,
    select,
    to_total,
    whys_of,
)
from rebond.domain.refunds.amounts.why import Why, because
from rebond.kernel.money import half_up


@dataclass(frozen=True)
class Sum:
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


def selected(ledger: Ledger, action: Action) -> Sum:
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


def cancelled_order(ledger: Ledger, action: Action) -> Sum:
    """Everything that was paid and did not go back, less what is kept."""
    selection = everything_left(ledger)
    left = max(ledger.limit - ledger.kept, 0)
    amount = min(left, max(selection.total, 0)) if not _all_refundable(ledger) else left
    whys = whys_of(selection)
    whys.append(because("paid_minus_refunded", ledger.paid, ledger.refunded, amount))
    _check_wallet_whole(ledger, amount)
    total = Sum(selection, amount, amount, tuple(whys), rounding=amount - selection.total)
    return _less_kept(ledger, action, total)


def _is_underpaid_cancellation(ledger: Ledger, action: Action) -> bool:
    return action.verb is Verb.CANCEL_ITEMS and ledger.paid < ledger.priced.charged


def _overpaid_part(ledger: Ledger, total: Sum) -> Sum:
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


def _valued(ledger: Ledger, action: Action, selection: Selection) -> Sum:
    whys = whys_of(selection)
    if action.amount is not None and not selection.is_empty and not selection.own_amounts:
        return _replaced_total(action.amount, selection, whys)
    if action.amount is not None and selection.is_empty:
        whys.append(because("amount_asked", action.amount, 0))
        return Sum(selection, action.amount, action.amount, tuple(whys))
    if action.amount is not None and action.amount != selection.total:
        raise Refused("AMOUNT_MISMATCH", computed_minor=selection.total)
    if action.scale_to_cap and (scaled := _scaled(ledger, selection)):
        return scaled
    if _closes(ledger, selection):
        return _closing(ledger, selection, _charged(ledger, action))
    return _open_sum(ledger, selection, whys)


def _replaced_total(amount: int, selection: Selection, whys: list[Why]) -> Sum:
    whys.append(because("amount_asked", amount, selection.total))
    if amount < selection.total:
        selection = to_total(selection, amount)
    return Sum(selection, amount, amount, tuple(whys), rounding=amount - selection.total)


def _closes(ledger: Ledger, selection: Selection, *, scaled: bool = False) -> bool:
    return ledger.named and covers_all(selection, ledger, scaled=scaled)


def _scaled(ledger: Ledger, selection: Selection) -> Sum | None:
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
    return Sum(scaled, amount, amount, whys, rounding=amount - scaled.total)


def _charged(ledger: Ledger, action: Action) -> int:
    """What was charged; for money, what was paid where only rounding tells them apart."""
    charged = ledger.priced.charged
    is_rounding = abs(ledger.paid - charged) <= ledger.priced.rounding_room
    return ledger.paid if is_rounding and action.verb is not Verb.CREDIT_NOTE else charged


def _closing(ledger: Ledger, selection: Selection, charged: int) -> Sum:
    """Everything that is left goes back: what was charged minus what went back before."""
    amount = max(charged - ledger.refunded - ledger.kept, 0)
    selection = _with_document_tax(ledger, selection, amount)
    whys = whys_of(selection)
    whys.append(because("paid_minus_refunded", charged, ledger.refunded, amount))
    rounding = amount - selection.total
    if rounding:
        whys.append(because("rounding_difference", rounding))
    return Sum(selection, amount, amount, tuple(whys), rounding=rounding)


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


def _open_sum(ledger: Ledger, selection: Selection, whys: list[Why]) -> Sum:
    """The plain sum; where the order was charged less than its parts, never more than is left."""
    total = selection.total
    short = ledger.priced.parts_total - ledger.priced.charged
    left = ledger.limit
    is_rounding = 0 < short <= ledger.priced.rounding_room and 0 < total - left <= short
    amount = left if is_rounding and ledger.named else total
    whys.append(because("items_total", amount))
    if amount != total:
        whys.append(because("rounding_difference", amount - total))
    return Sum(selection, amount, amount, tuple(whys), rounding=amount - total)


def _check_wallet_order(ledger: Ledger, action: Action, selection: Selection, amount: int) -> None:
    """An amount without items cannot reach what was spent of a sold credit."""
    balance = ledger.wallet_left
    if balance is None or not selection.is_empty:
        return
    sold = sum(left.gross for key, left in ledger.lines.items() if ledger.is_wallet(key))
    most = max(_limit(ledger, action) - max(sold - balance, 0), 0)
    if amount > most:
        raise Refused("AMOUNT_EXCEEDS_REMAINING", max_refundable_minor=min(most, ledger.limit))


def _less_kept(ledger: Ledger, action: Action, total: Sum) -> Sum:
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


def _all_refundable(ledger: Ledger) -> bool:
    return all(line.refundable for line in ledger.priced.order.lines)


def _check_wallet_whole(ledger: Ledger, amount: int) -> None:
    balance = ledger.wallet_left
    sold = sum(left.gross for key, left in ledger.lines.items() if ledger.is_wallet(key))
    if balance is not None and sold > balance and amount:
        most = max(amount - (sold - balance), 0)
        raise Refused("AMOUNT_EXCEEDS_REMAINING", max_refundable_minor=most)
