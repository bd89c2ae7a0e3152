"""Cutting a part out of what was sold, so that the parts always end at the whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rebond.domain.refunds.amounts.pricing import Part, Priced
from rebond.kernel.money import allocate, half_up


def units_of(item: Priced, left: Part, quantity: int, of: int) -> Part:
    """``quantity`` units out of ``of`` that are left, worth ``left`` together.

    Each figure is the same part of what was sold, rounded once; the last units take
    what is left. Rounding never strays: every unit is the floor or the ceiling of
    the unit's exact share.
    Source: docs/reference/quote.md, "A part of a line".
    """
    if quantity >= of:
        return left
    share = Fraction(quantity, item.quantity)
    after = of - quantity
    cut = _Cutter(item.quantity, after)
    taxes = [0] * len(item.taxes)
    for group in item.groups:
        exact = [item.taxes[i].exact * share for i in group]
        together = cut.one(
            half_up(sum(exact)),
            whole=sum(item.taxes[i].total for i in group),
            left=sum(left.taxes[i] for i in group),
        )
        for i, tax in zip(
            group, spread_within(together, exact, [left.taxes[i] for i in group]), strict=True
        ):
            taxes[i] = tax
    value = cut.one(half_up(item.value * share), whole=item.value, left=left.value)
    discount = cut.one(half_up(item.discount * share), whole=item.discount, left=left.discount)
    if item.included:
        taxes = _inside(value, taxes, left)
    return Part(value, tuple(taxes), discount)


def _inside(value: int, taxes: list[int], left: Part) -> list[int]:
    """``taxes`` moved by a cent where, rounded one by one, they came to more than the price.

    That happens only on lines that are nearly all tax. Neither this part nor what stays of
    ``left`` may have a net below zero.
    """
    least = sum(left.taxes) - (left.value - value)
    together = min(max(sum(taxes), least), value)
    if together == sum(taxes):
        return taxes
    return spread_within(together, taxes, list(left.taxes))


class _Cutter:
    """Cuts one figure so that what stays can still be cut into even units."""

    def __init__(self, units: int, after: int) -> None:
        self.units = units
        self.after = after

    def one(self, wanted: int, *, whole: int, left: int) -> int:
        floor, ceiling = whole // self.units, -(-whole // self.units)
        lowest, highest = left - ceiling * self.after, left - floor * self.after
        return max(0, min(max(wanted, lowest), highest, left))


def by_gross(item: Priced, left: Part, gross: int) -> Part:
    """The part of ``left`` that is worth ``gross`` to the customer, tax inside."""
    if gross >= item.gross(left):
        return left
    share = gross / item.exact_gross
    taxes = _taxes(item, left, share)
    value = gross if item.included else gross - sum(taxes)
    return _within(item, left, Part(value, taxes, _discount(item, left, share)), gross)


def by_net(item: Priced, left: Part, net: int) -> Part:
    """The part of ``left`` that is worth ``net`` without tax, after discounts."""
    if net >= item.net(left):
        return left
    share = net / item.exact_net
    taxes = _taxes(item, left, share)
    value = net + (sum(taxes) if item.included else 0)
    return Part(min(value, left.value), taxes, _discount(item, left, share))


def by_list(item: Priced, left: Part, amount: int) -> Part:
    """The part of ``left`` that was worth ``amount`` without tax, before discounts."""
    if amount >= list_of(item, left):
        return left
    share = amount / item.exact_list
    net = min(half_up(item.exact_net * share), max(item.net(left), 0))
    taxes = _taxes(item, left, share)
    discount = _discount(item, left, share) if item.included else min(amount - net, left.discount)
    value = net + (sum(taxes) if item.included else 0)
    return Part(min(value, left.value), taxes, discount)


def list_of(item: Priced, left: Part) -> int:
    """What is left of the price without tax, before discounts."""
    before = left.value + left.discount
    if not item.included:
        return before
    whole = item.value + item.discount
    return half_up(item.exact_list * before / whole) if whole else 0


def limited(item: Priced, part: Part, left: Part) -> Part:
    """``part`` with its taxes and discount within what is left, its gross unchanged."""
    if item.gross(part) >= item.gross(left):
        return left
    discount = min(part.discount, left.discount)
    return _within(item, left, Part(part.value, part.taxes, discount), item.gross(part))


def scaled(item: Priced, part: Part, gross: int) -> Part:
    """``part`` made worth ``gross``, its taxes and discount in proportion."""
    worth = item.gross(part)
    if worth == gross or worth <= 0:
        return part
    share = Fraction(gross, worth)
    tax = half_up(part.tax * share)
    taxes = tuple(allocate(tax, part.taxes)) if part.taxes else ()
    value = gross if item.included else gross - tax
    return Part(value, taxes, half_up(part.discount * share))


def spread_within(
    total: int, weights: Sequence[Fraction | int], limits: Sequence[int]
) -> list[int]:
    """Spread ``total`` by largest remainder, no part above its limit.

    What does not fit is left out only when all limits together are lower.
    """
    parts = [
        min(part, max(limit, 0))
        for part, limit in zip(allocate(total, weights), limits, strict=True)
    ]
    missing = total - sum(parts)
    for i, limit in enumerate(limits):
        more = min(max(limit - parts[i], 0), missing)
        parts[i] += more
        missing -= more
    return parts


def _taxes(item: Priced, left: Part, share: Fraction) -> tuple[int, ...]:
    taxes = [0] * len(item.taxes)
    for group in item.groups:
        exact = [item.taxes[i].exact * share for i in group]
        limits = [left.taxes[i] for i in group]
        for i, tax in zip(group, spread_within(half_up(sum(exact)), exact, limits), strict=True):
            taxes[i] = tax
    return tuple(taxes)


def _discount(item: Priced, left: Part, share: Fraction) -> int:
    return max(0, min(half_up(item.discount * share), left.discount))


def _within(item: Priced, left: Part, part: Part, gross: int) -> Part:
    """``part`` with taxes and net that both fit into what is left, worth ``gross``."""
    taxes = [max(0, min(tax, limit)) for tax, limit in zip(part.taxes, left.taxes, strict=True)]
    short = (gross - sum(taxes)) - max(item.net(left), 0)
    for i, limit in enumerate(left.taxes):
        more = max(0, min(limit - taxes[i], short))
        taxes[i] += more
        short -= more
    value = gross if item.included else gross - sum(taxes)
    return Part(value, tuple(taxes), part.discount)
