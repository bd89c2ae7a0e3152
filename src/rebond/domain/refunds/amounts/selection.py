"""What the action selects of an order, checked against what is left and valued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from fractions import Fraction

from rebond.domain.refunds.amounts import parts
from rebond.domain.refunds.amounts.ledger import ItemLeft, Ledger
from rebond.domain.refunds.amounts.model import (
    Action,
    Basis,
    Refused,
    WantedFee,
    WantedLine,
    WantedShipping,
)
from rebond.domain.refunds.amounts.pricing import Part, Priced
from rebond.domain.refunds.amounts.why import Why, because
from rebond.kernel.money import allocate, half_up


@dataclass(frozen=True)
class Chosen:
    """One selected piece of a line or shipping charge.

    ``quantity`` units go back, or the one ``unit``; 0 without a unit means money
    that belongs to none. ``own_amount`` says that the action named the amount, ``fixed_gross``
    that it named it with the tax inside.
    """

    left: ItemLeft
    part: Part
    quantity: int = 0
    unit: int | None = None
    own_amount: bool = False
    fixed_gross: bool = False
    shipping: bool = False

    @property
    def item(self) -> Priced:
        return self.left.item

    @property
    def gross(self) -> int:
        return self.item.gross(self.part)


@dataclass(frozen=True)
class Selection:
    """All that is selected; ``fees`` are amounts per fee id.

    ``own_amounts`` says that the action named an amount for every piece.
    """

    chosen: tuple[Chosen, ...] = ()
    fees: tuple[tuple[str, int], ...] = ()
    own_amounts: bool = False

    @property
    def items_gross(self) -> int:
        return sum(piece.gross for piece in self.chosen)

    @property
    def lines_gross(self) -> int:
        return sum(piece.gross for piece in self.chosen if not piece.shipping)

    @property
    def fees_total(self) -> int:
        return sum(amount for _, amount in self.fees)

    @property
    def total(self) -> int:
        return self.items_gross + self.fees_total

    @property
    def tax(self) -> int:
        return sum(piece.part.tax for piece in self.chosen)

    @property
    def is_empty(self) -> bool:
        return not self.chosen and not self.fees


def select(action: Action, ledger: Ledger) -> Selection:
    """The pieces that ``action`` names, each with its value.

    Raises ``Refused`` when a piece is unknown, named twice, not refundable or
    more than what is left of it. Source: docs/reference/quote.md, "Limits".
    """
    _refuse_twice((line.line_id, line.unit) for line in action.lines)
    _refuse_twice((charge.shipping_id, None) for charge in action.shipping)
    _refuse_twice((fee.fee_id, None) for fee in action.fees)
    lines = _lines(action.lines, ledger)
    _check_wallet(lines, action, ledger)
    shipping = tuple(
        piece
        for wanted in action.shipping
        if (piece := _shipping(wanted, ledger, alone=_is_alone(action))) is not None
    )
    fees = tuple(_fee(wanted, ledger) for wanted in action.fees)
    own = all(wanted.amount is not None for wanted in action.lines)
    chosen = lines + shipping
    if ledger.priced.order.document_tax:
        chosen = _rounded_once(chosen)
    return Selection(chosen, fees, own_amounts=own and bool(chosen or fees))


def everything_left(ledger: Ledger) -> Selection:
    """All refundable lines, shipping charges and fees that are left.

    Raises ``Refused("NOT_REFUNDABLE")`` when no line of the order may go back.
    """
    sold = ledger.priced.order.lines
    refundable = {line.id for line in sold if line.refundable}
    if sold and not refundable:
        raise Refused("NOT_REFUNDABLE")
    lines = [_all_of(left) for line_id, left in ledger.lines.items() if line_id in refundable]
    shipping = [
        Chosen(left, left.rest, shipping=True) for left in ledger.shipping.values() if left.gross
    ]
    fees = tuple((fee_id, amount) for fee_id, amount in ledger.fees.items() if amount)
    chosen = tuple(piece for piece in lines if piece.quantity or piece.gross) + tuple(shipping)
    if ledger.priced.order.document_tax:
        chosen = _rounded_once(chosen)
    return Selection(chosen, fees)


def covers_all(selection: Selection, ledger: Ledger, *, scaled: bool = False) -> bool:
    """Whether nothing but the cents of rounding is left once the selection went back."""
    chosen: dict[int, list[Chosen]] = {}
    for piece in selection.chosen:
        chosen.setdefault(id(piece.left), []).append(piece)
    for left in (*ledger.lines.values(), *ledger.shipping.values()):
        if not _is_used_up(left, chosen.get(id(left), []), scaled):
            return False
    taken = dict(selection.fees)
    return all(amount == taken.get(fee_id, 0) for fee_id, amount in ledger.fees.items())


def to_total(selection: Selection, total: int) -> Selection:
    """The selection with its items made worth ``total`` less the fees, in proportion."""
    target = total - selection.fees_total
    grosses = [piece.gross for piece in selection.chosen]
    if target < 0 or not any(grosses) or min(grosses) < 0:
        return selection
    shares = allocate(target, grosses)
    chosen = tuple(
        replace(piece, part=parts.scaled(piece.item, piece.part, share))
        for piece, share in zip(selection.chosen, shares, strict=True)
    )
    return replace(selection, chosen=chosen)


def move_tax(
    selection: Selection, more: int, *, included: bool, rate: Fraction | None = None
) -> Selection:
    """The selection with ``more`` tax (or less) on its last taxed items.

    Only items whose prices contain the tax, or only those where it comes on top, and
    only taxes of ``rate`` (None: all). The net of a tax on top and the gross of a
    contained one stay.
    """
    chosen = list(selection.chosen)
    for i in reversed(range(len(chosen))):
        piece = chosen[i]
        if piece.item.included is not included:
            continue
        taxes = list(piece.part.taxes)
        for t, tax in enumerate(piece.item.taxes):
            if not more or (rate is not None and (tax.stored or tax.rate != rate)):
                continue
            room = piece.item.net(replace(piece.part, taxes=tuple(taxes))) if included else more
            step = max(min(more, room), -taxes[t])
            taxes[t] += step
            more -= step
        chosen[i] = replace(piece, part=replace(piece.part, taxes=tuple(taxes)))
    return replace(selection, chosen=tuple(chosen))


def whys_of(selection: Selection) -> list[Why]:
    """Why each piece is worth what it is."""
    whys: list[Why] = []
    for piece in selection.chosen:
        whys += _whys_of_piece(piece)
    return whys + [because("fee_refunded", fee_id, amount) for fee_id, amount in selection.fees]


def _whys_of_piece(piece: Chosen) -> list[Why]:
    item, part = piece.item, piece.part
    if piece.shipping:
        return [because("shipping_refunded", item.id, piece.gross, part.tax)]
    quantity = 1 if piece.unit else piece.quantity
    whys = [because("line_value", item.id, quantity, piece.gross, item.net(part))]
    if item.discount:
        whys.append(because("line_discount_share", item.id, part.discount, item.discount))
    if item.taxes:
        whys.append(because("line_tax_share", item.id, part.tax, item.whole.tax))
    if part == piece.left.rest and part != item.whole:
        whys.append(because("last_part_takes_the_rest", item.id, piece.gross))
    return whys


def _is_alone(action: Action) -> bool:
    return not action.lines and not action.fees and len(action.shipping) == 1


def _refuse_twice(names: Iterable[tuple[str, int | None]]) -> None:
    """A line may be named once, or once per unit."""
    seen: dict[str, set[int | None]] = {}
    for name, unit in names:
        units = seen.setdefault(name, set())
        if units and (unit is None or None in units or unit in units):
            raise Refused("DUPLICATE_LINE", item_id=name)
        units.add(unit)


def _lines(wanted: Sequence[WantedLine], ledger: Ledger) -> tuple[Chosen, ...]:
    """Units of one line are taken one after the other, so that the last takes the rest."""
    ahead: dict[str, ItemLeft] = {}
    chosen = []
    for line in wanted:
        if line.line_id not in ledger.lines:
            raise Refused("LINE_NOT_IN_ORDER", line_id=line.line_id)
        left = ahead.setdefault(line.line_id, deepcopy(ledger.lines[line.line_id]))
        piece = _line(line, left, ledger)
        if piece.unit is not None:
            left.take_unit(piece.unit, piece.part)
        chosen.append(replace(piece, left=ledger.lines[line.line_id]))
    return tuple(chosen)


def _line(wanted: WantedLine, left: ItemLeft, ledger: Ledger) -> Chosen:
    sold = next(line for line in ledger.priced.order.lines if line.id == wanted.line_id)
    if wanted.quantity is not None and wanted.quantity <= 0:
        raise Refused("QUANTITY_NOT_POSITIVE", line_id=wanted.line_id)
    if wanted.amount is not None and wanted.amount <= 0:
        raise Refused("AMOUNT_NOT_POSITIVE", line_id=wanted.line_id)
    if not sold.refundable:
        raise Refused("NOT_REFUNDABLE", line_id=wanted.line_id)
    if wanted.unit is not None:
        return _named_unit(wanted, left)
    quantity = wanted.quantity or 0
    if quantity > left.quantity:
        raise Refused(
            "QUANTITY_EXCEEDS_REMAINING", line_id=wanted.line_id, remaining_quantity=left.quantity
        )
    if wanted.amount is not None:
        return Chosen(
            left,
            _by_amount(wanted, left, left.rest),
            quantity,
            own_amount=True,
            fixed_gross=_is_gross(wanted),
        )
    worth = left.worth(quantity)
    if left.item.gross(worth) > left.gross:
        raise Refused("AMOUNT_EXCEEDS_REMAINING", line_id=wanted.line_id)
    return Chosen(left, parts.limited(left.item, worth, left.rest), quantity)


def _named_unit(wanted: WantedLine, left: ItemLeft) -> Chosen:
    unit = wanted.unit or 0
    if unit > left.item.quantity or (wanted.quantity or 1) > 1:
        raise Refused("QUANTITY_EXCEEDS_REMAINING", line_id=wanted.line_id)
    worth = left.unit_worth(unit)
    if worth is None:
        if wanted.amount is not None:
            raise _too_much(wanted.basis, 0)
        code = "ALREADY_REFUNDED" if unit in left.done else "QUANTITY_EXCEEDS_REMAINING"
        raise Refused(code, line_id=wanted.line_id, unit=unit)
    part = worth if wanted.amount is None else _by_amount(wanted, left, worth)
    if left.item.gross(part) > left.gross:
        raise Refused("AMOUNT_EXCEEDS_REMAINING", line_id=wanted.line_id)
    part = parts.limited(left.item, part, left.rest)
    own = wanted.amount is not None
    return Chosen(left, part, unit=unit, own_amount=own, fixed_gross=own and _is_gross(wanted))


def _is_gross(wanted: WantedLine | WantedShipping) -> bool:
    return wanted.basis in (None, Basis.GROSS)


def _by_amount(
    wanted: WantedLine | WantedShipping, left: ItemLeft, of: Part, code: str | None = None
) -> Part:
    """The part of ``of`` that is worth the wanted amount, in the basis it was asked."""
    amount = wanted.amount
    assert isinstance(amount, int)
    item = left.item
    most, cut = {
        Basis.NET: (item.net(of), parts.by_net),
        Basis.LIST: (parts.list_of(item, of), parts.by_list),
    }.get(wanted.basis or Basis.GROSS, (item.gross(of), parts.by_gross))
    if amount > most:
        raise _too_much(wanted.basis, most, code or "AMOUNT_EXCEEDS_REMAINING")
    return cut(item, of, amount)


def _too_much(basis: Basis | None, most: int, code: str = "AMOUNT_EXCEEDS_REMAINING") -> Refused:
    """The maximum stands beside the refusal only in a basis that was asked for."""
    return Refused(code) if basis is None else Refused(code, max_refundable_minor=max(most, 0))


def _shipping(wanted: WantedShipping, ledger: Ledger, *, alone: bool) -> Chosen | None:
    left = ledger.shipping.get(wanted.shipping_id)
    if left is None:
        raise Refused("LINE_NOT_IN_ORDER", shipping_id=wanted.shipping_id)
    if wanted.amount == "full":
        if left.gross:
            return Chosen(left, left.rest, shipping=True)
        if left.item.gross(left.item.whole):
            raise Refused("SHIPPING_ALREADY_REFUNDED", shipping_id=wanted.shipping_id)
        if alone:
            raise Refused("NOTHING_TO_REFUND", shipping_id=wanted.shipping_id)
        return None
    if wanted.amount == 0 and not alone:
        return None
    if wanted.amount <= 0:
        raise Refused("AMOUNT_NOT_POSITIVE", shipping_id=wanted.shipping_id)
    part = _by_amount(wanted, left, left.rest, "SHIPPING_EXCEEDS_REMAINING")
    return Chosen(left, part, own_amount=True, fixed_gross=_is_gross(wanted), shipping=True)


def _fee(wanted: WantedFee, ledger: Ledger) -> tuple[str, int]:
    if wanted.fee_id not in ledger.fees:
        raise Refused("LINE_NOT_IN_ORDER", fee_id=wanted.fee_id)
    left = ledger.fees[wanted.fee_id]
    if wanted.amount == "full":
        if not left and ledger.priced.fees[wanted.fee_id]:
            raise Refused("ALREADY_REFUNDED", fee_id=wanted.fee_id)
        return wanted.fee_id, left
    if ledger.priced.fees[wanted.fee_id] >= 0 >= wanted.amount:
        raise Refused("AMOUNT_NOT_POSITIVE", fee_id=wanted.fee_id)
    if not min(left, 0) <= wanted.amount <= max(left, 0):
        raise Refused("AMOUNT_EXCEEDS_REMAINING", fee_id=wanted.fee_id)
    return wanted.fee_id, wanted.amount


def _check_wallet(lines: Sequence[Chosen], action: Action, ledger: Ledger) -> None:
    """A credit that was partly spent cannot be refunded above what is left of it."""
    balance = ledger.wallet_left
    pieces = [piece for piece in lines if ledger.is_wallet(piece.item.id)]
    if balance is None or sum(piece.gross for piece in pieces) <= balance:
        return
    raise Refused("AMOUNT_EXCEEDS_REMAINING", max_refundable_minor=min(balance, ledger.limit))


def _all_of(left: ItemLeft) -> Chosen:
    return Chosen(left, left.rest, left.quantity)


def _is_used_up(left: ItemLeft, chosen: Sequence[Chosen], scaled: bool) -> bool:
    if left.is_empty(scaled=scaled):
        return True
    if sum(piece.part.value for piece in chosen) >= left.rest.value:
        return True
    if left.loose or any(piece.own_amount for piece in chosen):
        return False
    if left.forgone and not scaled:
        return False
    units = sum(1 if piece.unit else piece.quantity for piece in chosen)
    return bool(chosen) and not chosen[0].shipping and units >= left.quantity


def _rounded_once(chosen: tuple[Chosen, ...]) -> tuple[Chosen, ...]:
    """The taxes of one rate on the whole selection, added up unrounded and rounded once."""
    cells: dict[Fraction, list[tuple[int, int, Fraction]]] = {}
    for i, piece in enumerate(chosen):
        if piece.fixed_gross:
            continue
        for t, tax in enumerate(piece.item.taxes):
            if not tax.stored and tax.rate is not None:
                cells.setdefault(tax.rate, []).append((i, t, _unrounded(piece, t)))
    taxes = [list(piece.part.taxes) for piece in chosen]
    for row in cells.values():
        exact = [max(amount, Fraction(0)) for _, _, amount in row]
        for (i, t, _), share in zip(row, allocate(half_up(sum(exact)), exact), strict=True):
            taxes[i][t] = share
    return tuple(
        replace(piece, part=replace(piece.part, taxes=tuple(row)))
        for piece, row in zip(chosen, taxes, strict=True)
    )


def _unrounded(piece: Chosen, position: int) -> Fraction:
    """The piece's exact share of one tax; the last piece of an item has what is left of it."""
    item, tax = piece.item, piece.item.taxes[position]
    if piece.part.value == piece.left.rest.value:
        return tax.exact - piece.left.refunded.taxes[position]
    if piece.quantity and not piece.own_amount:
        return tax.exact * piece.quantity / item.quantity
    return tax.exact * piece.part.value / item.value if item.value else Fraction(0)
