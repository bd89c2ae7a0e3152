"""What each part of an order was sold for: its value, its taxes and its discounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from rebond.domain.refunds.amounts.model import Order, Refused, SoldLine, SoldShipping, SoldTax
from rebond.kernel.money import allocate, half_up

# What tells one tax of an order from another: id, rate, and the rate as it was written.
TaxKey = tuple[str | None, Fraction | None, str | None]


@dataclass(frozen=True)
class PricedTax:
    """One tax of an item. ``exact`` is unrounded, ``total`` what the item was charged."""

    id: str | None
    rate: Fraction | None
    rate_text: str | None
    exact: Fraction
    total: int
    stored: bool

    @property
    def key(self) -> TaxKey:
        return self.id, self.rate, self.rate_text


@dataclass(frozen=True)
class Part:
    """Some of an item: ``value`` on the basis of the prices, its taxes and its discount."""

    value: int
    taxes: tuple[int, ...]
    discount: int

    def __add__(self, other: Part) -> Part:
        taxes = tuple(a + b for a, b in zip(self.taxes, other.taxes, strict=True))
        return Part(self.value + other.value, taxes, self.discount + other.discount)

    def __sub__(self, other: Part) -> Part:
        taxes = tuple(a - b for a, b in zip(self.taxes, other.taxes, strict=True))
        return Part(self.value - other.value, taxes, self.discount - other.discount)

    def at_least_nothing(self) -> Part:
        taxes = tuple(max(tax, 0) for tax in self.taxes)
        return Part(max(self.value, 0), taxes, max(self.discount, 0))

    @property
    def tax(self) -> int:
        return sum(self.taxes)


@dataclass(frozen=True)
class Priced:
    """A line or shipping charge as it was sold.

    ``value`` is what was charged on the basis of the prices, after every discount;
    it contains the taxes when ``included``.
    """

    id: str
    quantity: int
    included: bool
    value: int
    discount: int
    taxes: tuple[PricedTax, ...]

    @cached_property
    def whole(self) -> Part:
        return Part(self.value, tuple(tax.total for tax in self.taxes), self.discount)

    @cached_property
    def exact_tax(self) -> Fraction:
        return sum((tax.exact for tax in self.taxes), Fraction(0))

    @cached_property
    def exact_net(self) -> Fraction:
        return Fraction(self.value) - (self.exact_tax if self.included else 0)

    @cached_property
    def exact_gross(self) -> Fraction:
        return self.exact_net + self.exact_tax

    @cached_property
    def exact_list(self) -> Fraction:
        """Without tax, before discounts."""
        before = Fraction(self.value + self.discount)
        if not self.included:
            return before
        return before * self.exact_net / self.value if self.value else before

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the taxes that are rounded together: those of one rate."""
        found: dict[object, list[int]] = {}
        for position, tax in enumerate(self.taxes):
            found.setdefault(("alone", position) if tax.rate is None else tax.rate, []).append(
                position
            )
        return tuple(tuple(group) for group in found.values())

    def gross(self, part: Part) -> int:
        return part.value + (0 if self.included else part.tax)

    def net(self, part: Part) -> int:
        return part.value - (part.tax if self.included else 0)

    def nothing(self) -> Part:
        return Part(0, (0,) * len(self.taxes), 0)


@dataclass(frozen=True)
class PricedOrder:
    """An order with every part priced. ``charged`` is what the customer had to pay."""

    order: Order
    lines: dict[str, Priced]
    shipping: dict[str, Priced]
    fees: dict[str, int]
    charged: int
    tax_total: int | None

    @cached_property
    def parts_total(self) -> int:
        items = [*self.lines.values(), *self.shipping.values()]
        return sum(item.gross(item.whole) for item in items) + sum(self.fees.values())

    @cached_property
    def rounding_room(self) -> int:
        """How far rounding alone can move the total of this order away from its parts."""
        return _rounding_room(self.order)


def price(order: Order) -> PricedOrder:
    """The value of every part of ``order``, with its taxes and discounts.

    Raises ``Refused("INVALID_INPUT")`` when a discount is above what it lowers.
    Source: docs/reference/quote.md, "What a part is worth".
    """
    lines = _priced_lines(order)
    shipping = _priced_shippings(order)
    if order.tax_total and not any(i.taxes for i in (*lines.values(), *shipping.values())):
        lines, shipping = _with_order_tax(order.tax_total, lines, shipping)
    fees = {fee.id: fee.amount for fee in order.fees}
    tax_total = order.tax_total
    if tax_total is None and order.document_tax:
        tax_total = _document_tax([*lines.values(), *shipping.values()])
    draft = PricedOrder(order, lines, shipping, fees, 0, tax_total)
    return replace(draft, charged=_charged(draft))


def _priced_lines(order: Order) -> dict[str, Priced]:
    values = [_before_order_discount(line) for line in order.lines]
    off = min(sum(order.order_discounts), sum(values))
    shares = allocate(off, values) if values else []
    return {
        line.id: _priced(
            line.id,
            line.quantity,
            included=order.prices_include_tax,
            before=value,
            after=value - share,
            own_discount=line.discount + line.discount_per_unit * line.quantity,
            taxes=line.taxes,
            tax_total=line.tax_total,
        )
        for line, value, share in zip(order.lines, values, shares, strict=True)
    }


def _before_order_discount(line: SoldLine) -> int:
    if line.line_total is not None:
        return line.line_total
    price = (line.unit_price or 0) * line.quantity
    value = price - line.discount - line.discount_per_unit * line.quantity
    if value < 0:
        raise Refused("INVALID_INPUT", detail=f"the discount of line {line.id} is above its price")
    return value


def _priced_shippings(order: Order) -> dict[str, Priced]:
    """The shipping charges, less what a voucher has left once the lines are free."""
    on_lines = sum(_before_order_discount(line) for line in order.lines)
    values = [max(charge.amount - charge.discount, 0) for charge in order.shipping]
    off = min(max(sum(order.order_discounts) - on_lines, 0), sum(values))
    shares = allocate(off, values)
    return {
        charge.id: _priced_shipping(charge, order, share)
        for charge, share in zip(order.shipping, shares, strict=True)
    }


def _priced_shipping(charge: SoldShipping, order: Order, share: int) -> Priced:
    if charge.discount > charge.amount:
        raise Refused("INVALID_INPUT", detail=f"the discount of shipping {charge.id} is too high")
    included = order.prices_include_tax if charge.tax_included is None else charge.tax_included
    value = charge.amount - charge.discount
    return _priced(
        charge.id,
        1,
        included=included,
        before=value,
        after=value - share,
        own_discount=charge.discount,
        taxes=charge.taxes,
        tax_total=charge.tax_total,
    )


def _priced(
    item_id: str,
    quantity: int,
    *,
    included: bool,
    before: int,
    after: int,
    own_discount: int,
    taxes: Sequence[SoldTax],
    tax_total: int | None,
) -> Priced:
    if tax_total is not None and not taxes:
        taxes = [SoldTax(total=tax_total)]
    exact = _exact_taxes(taxes, after, included)
    known = tax_total if any(tax.total is None for tax in taxes) else None
    if known is not None and taxes:
        exact = _share_known_tax(known, exact)
    if included and sum(exact) > after:
        # A stored tax from before the order discount cannot be above what is left of the price.
        shrink = Fraction(after, max(before, after, 1))
        exact = _at_most(after, [amount * shrink for amount in exact])
    stored = [tax.total is not None or known is not None for tax in taxes]
    totals = _rounded_by_rate(taxes, exact)
    return Priced(
        id=item_id,
        quantity=quantity,
        included=included,
        value=after,
        discount=own_discount + before - after,
        taxes=tuple(
            PricedTax(tax.id, tax.rate, tax.rate_text, amount, total, kept)
            for tax, amount, total, kept in zip(taxes, exact, totals, stored, strict=True)
        ),
    )


def _exact_taxes(taxes: Sequence[SoldTax], value: int, included: bool) -> list[Fraction]:
    """Each tax unrounded, in the order given; stored totals stand as they are."""
    if not included:
        return _taxes_on(Fraction(value), taxes)
    # The taxes are linear in the net, so two points give the net that adds up to the value.
    at_zero = sum(_taxes_on(Fraction(0), taxes), Fraction(0))
    slope = 1 + sum(_taxes_on(Fraction(1), taxes), Fraction(0)) - at_zero
    net = max((value - at_zero) / slope, Fraction(0))
    return _taxes_on(net, taxes)


def _taxes_on(net: Fraction, taxes: Sequence[SoldTax]) -> list[Fraction]:
    plain = {i: _one_tax(net, tax) for i, tax in enumerate(taxes) if not tax.compound}
    base = net + sum(plain.values(), Fraction(0))
    amounts = dict(plain)
    for i, tax in enumerate(taxes):
        if tax.compound:
            amounts[i] = _one_tax(base, tax)
            base += amounts[i]
    return [amounts[i] for i in range(len(taxes))]


def _one_tax(base: Fraction, tax: SoldTax) -> Fraction:
    if tax.total is not None:
        return Fraction(tax.total)
    return base * (tax.rate or 0)


def _share_known_tax(known: int, exact: list[Fraction]) -> list[Fraction]:
    weights = [max(amount, Fraction(0)) for amount in exact]
    return [Fraction(part) for part in allocate(known, weights)]


def _at_most(limit: int, amounts: list[Fraction]) -> list[Fraction]:
    total = sum(amounts, Fraction(0))
    return [amount * limit / total for amount in amounts] if total > limit else amounts


def _rounded_by_rate(taxes: Sequence[SoldTax], exact: Sequence[Fraction]) -> list[int]:
    groups: dict[object, list[int]] = {}
    for i, tax in enumerate(taxes):
        groups.setdefault(("alone", i) if tax.rate is None else tax.rate, []).append(i)
    totals = [0] * len(taxes)
    for group in groups.values():
        amounts = [exact[i] for i in group]
        for i, part in zip(group, allocate(half_up(sum(amounts)), amounts), strict=True):
            totals[i] = part
    return totals


def _with_order_tax(
    tax_total: int, lines: dict[str, Priced], shipping: dict[str, Priced]
) -> tuple[dict[str, Priced], dict[str, Priced]]:
    """The order's stored tax on its parts, when no part says its own."""
    items = [*lines.values(), *shipping.values()]
    if not any(item.value for item in items):
        return lines, shipping
    shares = iter(allocate(tax_total, [item.value for item in items]))

    def taxed(item: Priced) -> Priced:
        share = next(shares)
        return replace(item, taxes=(PricedTax(None, None, None, Fraction(share), share, True),))

    return (
        {key: taxed(item) for key, item in lines.items()},
        {key: taxed(item) for key, item in shipping.items()},
    )


def _document_tax(items: Sequence[Priced]) -> int:
    """All taxes, those of one rate added up unrounded and rounded once."""
    by_rate: dict[Fraction | None, Fraction] = {}
    for item in items:
        for tax in item.taxes:
            by_rate[tax.rate] = by_rate.get(tax.rate, Fraction(0)) + tax.exact
    return sum(half_up(amount) for amount in by_rate.values())


def _charged(priced: PricedOrder) -> int:
    """What the customer had to pay: as stated, else the parts, rounded as the payments show."""
    order = priced.order
    if order.total is not None:
        return order.total
    parts = priced.parts_total
    included = all(i.included for i in (*priced.lines.values(), *priced.shipping.values()))
    if order.document_tax and priced.tax_total is not None and not included:
        items = [i for i in (*priced.lines.values(), *priced.shipping.values()) if not i.included]
        mine = sum(item.whole.tax for item in items)
        inside = sum(i.whole.tax for i in (*priced.lines.values(), *priced.shipping.values()))
        parts += priced.tax_total - inside if mine else 0
    paid = sum(p.captured for p in order.payments if p.charge_currency in (None, order.currency))
    if order.payments and paid > 0 and abs(paid - parts) <= _rounding_room(order):
        return paid
    if not order.payments and order.cash_rounding:
        return half_up(Fraction(parts, order.cash_rounding)) * order.cash_rounding
    return max(parts, 0)


def _rounding_room(order: Order) -> int:
    taxes = sum(len(line.taxes) for line in order.lines)
    taxes += sum(len(charge.taxes) for charge in order.shipping)
    discounts = len(order.order_discounts)
    parts = len(order.lines) + len(order.shipping)
    return max(order.cash_rounding or 0, parts + taxes + discounts)
