"""What the shop keeps of a cancelled or returned order."""

from __future__ import annotations

from fractions import Fraction

from rebond.domain.refunds.amounts.ledger import Ledger
from rebond.domain.refunds.amounts.model import Retain
from rebond.domain.refunds.amounts.selection import Selection
from rebond.domain.refunds.amounts.why import Why, because
from rebond.kernel.money import half_up


def retained(
    retain: Retain, selection: Selection, ledger: Ledger, *, most: int
) -> tuple[int, list[Why]]:
    """The amount kept, at most ``most``, and why.

    The percentage is of the gross of the selected lines, never of fees; it is
    rounded half up once, with everything else that is kept.
    Source: docs/reference/quote.md, "What the shop keeps".
    """
    units = _counted_units(retain, selection, ledger)
    kept_fees = [(i, amount) for i, amount in selection.fees if i in retain.keep_fee_ids]
    of_lines = selection.lines_gross * retain.percent / 100
    per_unit = retain.per_unit * units
    exact = of_lines + per_unit + retain.fixed + retain.way_back
    exact += retain.lowered
    exact += sum(amount for _, amount in kept_fees)
    asked = max(half_up(exact), 0)
    whys = [because("fee_kept", fee_id, amount) for fee_id, amount in kept_fees]
    if retain.fixed:
        whys.append(because("retained_fixed", retain.fixed))
    if retain.percent:
        whys.append(_percent_why(retain.percent, selection.lines_gross, of_lines))
    if retain.way_back:
        whys.append(because("return_shipping_kept", retain.way_back))
    if retain.lowered:
        whys.append(because("amount_lowered", retain.lowered))
    if retain.per_unit:
        whys.append(because("retained_per_unit", retain.per_unit, units, per_unit))
    if asked > most:
        whys.append(because("retained_limited_to_paid", asked, most))
    return min(asked, most), whys


def _percent_why(percent: Fraction, of: int, amount: Fraction) -> Why:
    return because("retained_percent", str(percent), of, half_up(amount))


def _counted_units(retain: Retain, selection: Selection, ledger: Ledger) -> int:
    sold = {line.id: line for line in ledger.priced.order.lines}
    units = 0
    for piece in selection.chosen:
        if piece.shipping:
            continue
        if retain.skip_free and not piece.item.gross(piece.item.whole):
            continue
        if retain.skip_addons and sold[piece.item.id].addon_to is not None:
            continue
        units += 1 if piece.unit is not None else piece.quantity
    return units
