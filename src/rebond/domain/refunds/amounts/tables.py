"""The rows and tax tables that a quote shows for its sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from rebond.domain.refunds.amounts.ledger import Ledger
from rebond.domain.refunds.amounts.model import Action, QuotedItem, Verb
from rebond.domain.refunds.amounts.pricing import TaxKey
from rebond.domain.refunds.amounts.selection import Chosen
from rebond.domain.refunds.amounts.sums import Sum
from rebond.kernel.money import allocate, half_up


def taxes_of(ledger: Ledger, total: Sum, action: Action | None) -> list[tuple[TaxKey, int]]:
    """Every tax inside the sum: of its items, or the share of an amount that names none."""
    if not total.selection.is_empty:
        of_items = [
            (tax.key, amount)
            for piece in total.selection.chosen
            for tax, amount in zip(piece.item.taxes, piece.part.taxes, strict=True)
        ]
        is_rest = action is not None and action.verb is Verb.CANCEL_ORDER
        return _less_loose(of_items, ledger.loose_taxes) if is_rest else of_items
    if action is not None and not action.adjust_items:
        return []
    return list(ledger.loose_share(total.value).items())


def less_share_of_kept(taxes: list[tuple[TaxKey, int]], total: Sum) -> list[tuple[TaxKey, int]]:
    """The taxes of what is paid out: those of the items less their part of what is kept."""
    kept, gross = (total.kept or 0) - total.kept_fees, total.selection.items_gross
    whole = sum(amount for _, amount in taxes)
    if kept <= 0 or gross <= 0 or not whole or any(amount < 0 for _, amount in taxes):
        return taxes
    rest = whole - min(half_up(Fraction(whole * kept, gross)), whole)
    shares = allocate(rest, [amount for _, amount in taxes])
    return [(key, share) for (key, _), share in zip(taxes, shares, strict=True)]


def by_rate(taxes: list[tuple[TaxKey, int]]) -> dict[str, int]:
    """Taxes added up per rate, written as the order first wrote it."""
    names: dict[Fraction, str] = {}
    table: dict[str, int] = {}
    for (_, rate, text), amount in taxes:
        if rate and text is not None:
            name = names.setdefault(rate, text)
            table[name] = table.get(name, 0) + amount
    return table


def by_id(taxes: list[tuple[TaxKey, int]]) -> dict[str, int]:
    """Taxes added up per id; a tax without one is left out."""
    table: dict[str, int] = {}
    for (tax_id, _, _), amount in taxes:
        if tax_id is not None:
            table[tax_id] = table.get(tax_id, 0) + amount
    return table


def rows(pieces: Iterable[Chosen]) -> tuple[QuotedItem, ...]:
    """One row per line or shipping charge, in the order in which they were asked."""
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
