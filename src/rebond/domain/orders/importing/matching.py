"""Finds the sale that a credit takes back: same customer, same stock code, newest first.  (pure)

A credit of a shop's books often names no sale. What is sent back is most likely what was bought
last, so each credit takes from the newest sale that is not later than itself and still has
pieces, then from the one before.
"""

from __future__ import annotations

from array import array
from datetime import datetime
from typing import NamedTuple

_NONE = -1


class SoldOrder(NamedTuple):
    """What a match needs to know of an order: ids are 32 hexadecimal digits.

    ``at`` is the moment of sale in microseconds of Unix time. ``payment_id`` is "" where the
    order has none.
    """

    id: str
    number_key: str
    shopper_id: str
    payment_id: str
    at: int


class Match(NamedTuple):
    """Some pieces of one sold line. The line's sums are those of all its pieces."""

    order: SoldOrder
    line_id: str
    quantity: int
    line_total_minor: int
    line_tax_minor: int
    tax_rate: str


class OpenSales:
    """Sold lines that still have pieces, kept as plain arrays: some 100 bytes for each.

    The lines of one customer and code form a chain from the newest to the oldest. Two that were
    sold at the same moment stand in the order in which they were added.
    """

    def __init__(self) -> None:
        self._heads: dict[int, int] = {}
        self._people: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._rates: list[str] = []
        self._orders: list[SoldOrder] = []
        self._ids = bytearray()
        self._older = array("i")
        self._order_of = array("i")
        self._left = array("q")
        self._totals = array("q")
        self._taxes = array("q")
        self._rate_of = array("B")

    def add_order(self, order: SoldOrder) -> int:
        """Make ``order`` known and return the place by which its lines name it."""
        self._orders.append(order)
        return len(self._orders) - 1

    def add_line(
        self,
        line_id: str,
        *,
        place: int,
        who: str,
        code: str,
        left: int,
        total_minor: int,
        tax_minor: int,
        tax_rate: str,
    ) -> None:
        """Offer ``left`` pieces of a line of the order at ``place`` for matching."""
        if left <= 0:
            return
        key = self._person(who) << 24 | self._codes.setdefault(code, len(self._codes))
        new = len(self._older)
        self._ids += bytes.fromhex(line_id)
        self._order_of.append(place)
        self._left.append(left)
        self._totals.append(total_minor)
        self._taxes.append(tax_minor)
        self._rate_of.append(self._rate(tax_rate))
        self._chain(key, new, self._orders[place].at)

    def take(
        self, quantity: int, *, who: str, code: str, at: datetime, takes_back: str = ""
    ) -> list[Match]:
        """Take ``quantity`` pieces of ``code``, newest sale first; fewer where there are fewer.

        ``takes_back`` is the order's number in lower case, where the credit names it.
        """
        person, stock = self._people.get(who), self._codes.get(code)
        if person is None or stock is None:
            return []
        key = person << 24 | stock
        when = microseconds(at)
        found: list[Match] = []
        entry = self._heads.get(key, _NONE)
        while entry != _NONE and quantity:
            order = self._orders[self._order_of[entry]]
            fits = order.at <= when and takes_back in ("", order.number_key)
            pieces = min(quantity, self._left[entry]) if fits else 0
            if pieces:
                self._left[entry] -= pieces
                quantity -= pieces
                found.append(self._match(entry, order, pieces))
            entry = self._older[entry]
        self._drop_empty(key)
        return found

    def _chain(self, key: int, new: int, at: int) -> None:
        newer, entry = _NONE, self._heads.get(key, _NONE)
        while entry != _NONE and self._orders[self._order_of[entry]].at > at:
            newer, entry = entry, self._older[entry]
        self._older.append(entry)
        if newer == _NONE:
            self._heads[key] = new
        else:
            self._older[newer] = new

    def _drop_empty(self, key: int) -> None:
        entry = self._heads.get(key, _NONE)
        while entry != _NONE and not self._left[entry]:
            entry = self._older[entry]
        if entry == _NONE:
            self._heads.pop(key, None)
        else:
            self._heads[key] = entry

    def _match(self, entry: int, order: SoldOrder, pieces: int) -> Match:
        return Match(
            order=order,
            line_id=self._ids[16 * entry : 16 * entry + 16].hex(),
            quantity=pieces,
            line_total_minor=self._totals[entry],
            line_tax_minor=self._taxes[entry],
            tax_rate=self._rates[self._rate_of[entry]],
        )

    def _person(self, who: str) -> int:
        return self._people.setdefault(who, len(self._people))

    def _rate(self, rate: str) -> int:
        if rate not in self._rates:
            self._rates.append(rate)
        return self._rates.index(rate)


def microseconds(at: datetime) -> int:
    """An aware moment in microseconds of Unix time."""
    return round(at.timestamp() * 1_000_000)
