"""What earlier refunds have left of an order: per line, unit, shipping, fee and payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from rebond.domain.refunds.amounts import parts
from rebond.domain.refunds.amounts.model import WALLET_PRODUCTS, PastLine, PastRefund, PastShipping
from rebond.domain.refunds.amounts.pricing import Part, Priced, PricedOrder, TaxKey
from rebond.domain.refunds.amounts.tenders import Purse, plan
from rebond.kernel.money import allocate, half_up


@dataclass
class ItemLeft:
    """What is left of a line or shipping charge.

    ``pool`` is the value of the ``pool_quantity`` units that no refund has touched,
    ``open`` the rest of each unit that was refunded in part. ``refunded`` is what
    really went back; ``loose`` is the gross of it that belongs to no unit, ``forgone``
    what taken units were worth above what was paid for them.
    """

    item: Priced
    pool: Part
    pool_quantity: int
    refunded: Part
    open: dict[int, Part] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    loose: int = 0
    forgone: int = 0

    @classmethod
    def untouched(cls, item: Priced) -> ItemLeft:
        return cls(item, item.whole, item.quantity, item.nothing())

    @property
    def rest(self) -> Part:
        """What was charged and has not gone back."""
        return (self.item.whole - self.refunded).at_least_nothing()

    @property
    def gross(self) -> int:
        return self.item.gross(self.rest)

    @property
    def quantity(self) -> int:
        return self.pool_quantity + len(self.open)

    def worth(self, quantity: int) -> Part:
        """The value of ``quantity`` units; all that are left take all that is left."""
        pooled = min(quantity, self.pool_quantity)
        part = parts.units_of(self.item, self.pool, pooled, self.pool_quantity)
        if not pooled:
            part = self.item.nothing()
        for unit in sorted(self.open)[: quantity - pooled]:
            part += self.open[unit]
        return part

    def unit_worth(self, unit: int) -> Part | None:
        """What is left of one unit; None when nothing is."""
        if unit in self.open:
            return self.open[unit]
        if unit in self.done or not self.pool_quantity:
            return None
        return parts.units_of(self.item, self.pool, 1, self.pool_quantity)

    def is_empty(self, *, scaled: bool = False) -> bool:
        """Whether nothing is left, but for the cents of rounding."""
        if self.rest.value == 0:
            return True
        nominal = self.pool.value + sum(part.value for part in self.open.values())
        settled = not self.loose and (scaled or not self.forgone)
        return settled and (nominal <= 0 or not self.quantity)

    def take(self, quantity: int, actual: Part) -> None:
        """``quantity`` units went back for ``actual``."""
        worth = self.worth(quantity)
        pooled = min(quantity, self.pool_quantity)
        from_open = self.item.nothing()
        for unit in sorted(self.open)[: quantity - pooled]:
            from_open += self.open.pop(unit)
            self.done.add(unit)
        self.refunded += actual
        gap = self.item.gross(worth) - self.item.gross(actual)
        if gap > self._rounding(quantity, worth):
            self.forgone += gap
        else:
            worth = actual
        self.pool_quantity -= pooled
        self.pool = (self.pool - (worth - from_open)).at_least_nothing()
        if not self.pool_quantity:
            self.pool = self.item.nothing()

    def _rounding(self, quantity: int, worth: Part) -> int:
        """How far an amount may be from its units' worth and still be only rounding."""
        cents = quantity * (1 + len(self.item.taxes))
        return min(cents, max(1, self.item.gross(worth) // 20))

    def take_unit(self, unit: int, actual: Part) -> None:
        """``actual`` went back for one named unit; its quantity goes when it is empty."""
        worth = self.unit_worth(unit)
        self.refunded += actual
        if worth is None:
            return
        if unit not in self.open:
            self.pool_quantity -= 1
            self.pool = (self.pool - worth).at_least_nothing()
        rest = (worth - actual).at_least_nothing()
        self.open[unit] = rest
        if self.item.gross(rest) <= 0:
            del self.open[unit]
            self.done.add(unit)

    def take_loose(self, actual: Part) -> None:
        """``actual`` went back and belongs to no unit."""
        self.refunded += actual
        self.loose += self.item.gross(actual)


@dataclass
class Ledger:
    """The order after a sequence of refunds.

    ``refunded`` counts refunds and credit notes, ``paid_out`` only money. ``kept`` was
    taken back without being paid out. ``named`` is False once a refund named no item.
    ``total`` is the order total as it stands.
    """

    priced: PricedOrder
    lines: dict[str, ItemLeft]
    shipping: dict[str, ItemLeft]
    fees: dict[str, int]
    purses: list[Purse]
    total: int
    refunded: int = 0
    paid_out: int = 0
    kept: int = 0
    named: bool = True
    wallet_used: int = 0
    loose_taxes: dict[TaxKey, int] = field(default_factory=dict)

    @cached_property
    def paid(self) -> int:
        """What was captured for this order, in its currency."""
        return sum(purse.captured for purse in self.purses)

    @property
    def limit(self) -> int:
        """What may still go back as money."""
        cap = self.priced.order.cap
        most = self.paid if cap is None else min(self.paid, cap)
        return max(most - self.refunded, 0)

    @property
    def note_limit(self) -> int:
        """What may still be credited, paid or not."""
        cap = self.priced.order.cap
        most = self.priced.charged if cap is None else min(self.priced.charged, cap)
        return max(most - self.refunded, 0)

    @property
    def wallet_left(self) -> int | None:
        """What is left of the credit that the order sold; None means it sold none."""
        balance = self.priced.order.wallet_balance
        return None if balance is None else max(balance - self.wallet_used, 0)

    def loose_share(self, amount: int) -> dict[TaxKey, int]:
        """The taxes inside an amount that names no item: its part of every tax that is left."""
        left = {key: -tax for key, tax in self.loose_taxes.items()}
        for item in (*self.lines.values(), *self.shipping.values()):
            for tax, rest in zip(item.item.taxes, item.rest.taxes, strict=True):
                left[tax.key] = left.get(tax.key, 0) + rest
        taxes = {key: max(tax, 0) for key, tax in left.items()}
        money = self.priced.charged - self.refunded - self.kept
        if not taxes or money <= 0:
            return {}
        exact = Fraction(sum(taxes.values()) * min(amount, money), money)
        return dict(zip(taxes, allocate(half_up(exact), list(taxes.values())), strict=True))

    def tax_refunded(self) -> int:
        return sum(left.refunded.tax for left in (*self.lines.values(), *self.shipping.values()))

    def document_taxes(self) -> dict[Fraction, tuple[int, int]]:
        """Per rate: the tax of the whole document, rounded once, and what of it went back."""
        exact: dict[Fraction, Fraction] = {}
        refunded: dict[Fraction, int] = {}
        for left in (*self.lines.values(), *self.shipping.values()):
            for tax, back in zip(left.item.taxes, left.refunded.taxes, strict=True):
                if tax.rate is not None and not tax.stored:
                    exact[tax.rate] = exact.get(tax.rate, Fraction(0)) + tax.exact
                    refunded[tax.rate] = refunded.get(tax.rate, 0) + back
        return {rate: (half_up(exact[rate]), refunded[rate]) for rate in exact}

    def is_wallet(self, line_id: str) -> bool:
        return line_id in self._wallet_lines

    @cached_property
    def _wallet_lines(self) -> set[str]:
        """The lines that sold a credit: by their type, else those with any type of their own."""
        typed = {line.id: line.product_type for line in self.priced.order.lines}
        known = {line_id for line_id, kind in typed.items() if kind in WALLET_PRODUCTS}
        return known or {line_id for line_id, kind in typed.items() if kind is not None}

    def is_empty(self, *, scaled: bool = False) -> bool:
        items = [*self.lines.values(), *self.shipping.values()]
        return all(item.is_empty(scaled=scaled) for item in items) and not any(self.fees.values())


def opened(priced: PricedOrder) -> Ledger:
    """The ledger of an order that was never refunded."""
    return Ledger(
        priced=priced,
        lines={key: ItemLeft.untouched(item) for key, item in priced.lines.items()},
        shipping={key: ItemLeft.untouched(item) for key, item in priced.shipping.items()},
        fees=dict(priced.fees),
        purses=_purses(priced),
        total=priced.charged,
    )


def replay(priced: PricedOrder, previous: Sequence[PastRefund]) -> Ledger:
    """What ``previous`` refunds, oldest first, have left of the order."""
    ledger = opened(priced)
    for past in previous:
        book(ledger, past)
    return ledger


def book(ledger: Ledger, past: PastRefund) -> None:
    """Write one refund into ``ledger``."""
    grosses = _grosses(ledger, past)
    named = 0
    for line, gross in zip(past.lines, grosses, strict=True):
        named += _book_line(ledger.lines[line.line_id], line, gross)
    for charge in past.shipping:
        named += _book_shipping(ledger.shipping[charge.shipping_id], charge)
    for fee_id, amount in past.fees:
        ledger.fees[fee_id] -= amount
        named += amount
    amount = named if past.amount is None else past.amount
    if past.amount is None and past.payments and not (past.lines or past.shipping or past.fees):
        amount = sum(paid for _, paid in past.payments)
    if amount and not (past.lines or past.shipping or past.fees):
        ledger.named = False
        _book_loose_taxes(ledger, past, amount)
    ledger.refunded += amount
    ledger.paid_out += amount if past.money else 0
    ledger.kept += past.kept
    ledger.wallet_used += past.from_wallet
    ledger.total -= amount if past.total_change is None else past.total_change
    _book_payments(ledger, past, amount)


def _book_loose_taxes(ledger: Ledger, past: PastRefund, amount: int) -> None:
    if past.total_change == 0:
        return
    for key, tax in ledger.loose_share(amount).items():
        ledger.loose_taxes[key] = ledger.loose_taxes.get(key, 0) + tax


def _grosses(ledger: Ledger, past: PastRefund) -> list[int | None]:
    """The gross of each named line; a total without line amounts is shared over them."""
    stated = [line.gross for line in past.lines]
    if past.amount is None or past.shipping or past.fees or not past.lines:
        return stated
    if any(gross is not None for gross in stated):
        return stated
    worths = [_worth(ledger.lines[line.line_id], line) for line in past.lines]
    if past.amount >= sum(worths):
        return stated
    return list(allocate(past.amount, [max(worth, 0) for worth in worths]))


def _worth(left: ItemLeft, line: PastLine) -> int:
    if line.unit is not None:
        part = left.unit_worth(line.unit)
        return left.item.gross(part) if part else 0
    return left.item.gross(left.worth(min(line.quantity, left.quantity)))


def _book_line(left: ItemLeft, line: PastLine, gross: int | None) -> int:
    quantity = min(line.quantity, left.quantity)
    worth = left.unit_worth(line.unit) if line.unit is not None else left.worth(quantity)
    actual = _actual(left, worth or left.item.nothing(), line, gross)
    if line.unit is not None:
        left.take_unit(line.unit, actual)
    elif quantity:
        left.take(quantity, actual)
    else:
        left.take_loose(actual)
    return left.item.gross(actual)


def _actual(left: ItemLeft, worth: Part, line: PastLine, gross: int | None) -> Part:
    item = left.item
    if gross is None:
        gross = item.gross(worth)
    if line.taxes is not None and len(line.taxes) == len(item.taxes):
        value = gross if item.included else gross - sum(line.taxes)
        return Part(value, line.taxes, line.discount or 0)
    if line.tax is None:
        part = worth if gross == item.gross(worth) else parts.by_gross(item, left.rest, gross)
    else:
        weights = [tax.exact for tax in item.taxes]
        tax = line.tax if item.taxes else 0
        taxes = tuple(parts.spread_within(tax, weights, left.rest.taxes)) if weights else ()
        share = parts.by_gross(item, left.rest, gross)
        part = Part(gross if item.included else gross - sum(taxes), taxes, share.discount)
    return part


def _book_shipping(left: ItemLeft, charge: PastShipping) -> int:
    line = PastLine(charge.shipping_id, tax=charge.tax, taxes=charge.taxes)
    gross = left.gross if charge.gross is None else charge.gross
    actual = _actual(left, left.rest, line, gross)
    left.take_loose(actual)
    return left.item.gross(actual)


def _book_payments(ledger: Ledger, past: PastRefund, amount: int) -> None:
    if not past.money:
        return
    shares = past.payments
    if shares is None:
        placed = plan(ledger.purses, amount)
        shares = tuple((purse.id, part) for purse, part in placed.all_parts)
    known = {purse.id: purse for purse in ledger.purses}
    for payment_id, part in shares:
        purse = known.get(payment_id, ledger.purses[0])
        purse.left = max(purse.left - part, 0)


def _purses(priced: PricedOrder) -> list[Purse]:
    """The order's payments with what each can give back, in the order's currency.

    A payment in another currency stands for what the order was charged beyond the
    payments in its own.
    """
    order = priced.order
    if not order.payments:
        return [Purse.for_whole_order(priced.charged, order.currency)]
    foreign = [p for p in order.payments if p.charge_currency not in (None, order.currency)]
    at_home = sum(p.captured for p in order.payments if p not in foreign)
    abroad = max(priced.charged - at_home, 0)
    shares = allocate(abroad, [p.captured for p in foreign]) if foreign else []
    worth = {p.id: share for p, share in zip(foreign, shares, strict=True) if p.captured}
    return [Purse.of(p, worth.get(p.id, p.captured), order.currency) for p in order.payments]
