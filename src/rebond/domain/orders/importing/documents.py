"""What a source hands over: sales, credits, and what it refuses.  (pure)

Amounts are whole minor units with the tax inside, unless they are exact decimals of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from rebond.kernel.money import exponent_of

ZERO = Decimal(0)


class LineKind(StrEnum):
    """What a line is about. A voucher is a line that nobody may send back."""

    GOODS = "goods"
    VOUCHER = "voucher"
    SHIPPING = "shipping"
    FEE = "fee"


class Line(NamedTuple):
    """One line of a document.

    ``row`` is its line in the file. ``code`` is the stock code in the one form that its spellings
    share, ``sku`` as the file has it. ``quantity`` is positive for goods, also in a credit.
    ``total_minor`` has the sign of the document's kind: positive in a sale is charged, positive
    in a credit is given back. ``tax_rate`` is a fraction as text ("0.20"), "0" for no tax.
    """

    row: int
    kind: LineKind
    sku: str
    code: str
    title: str
    quantity: int
    unit_price: str
    total_minor: int
    tax_rate: str = "0"
    category: str = ""
    tags: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()


class BadRow(NamedTuple):
    """A row that was not taken as it stands: its line in the file and a stable reason.

    Reasons: docs/reference/import.md.
    """

    row: int
    reason: str
    facts: dict[str, Any]


@dataclass(slots=True)
class Document:
    """A sale or a credit, with all its lines.

    ``rows`` counts the rows of the file that it stands for. ``customer`` is the shop's own key
    for who bought, "" for a guest. ``exact`` is the sum of the lines before they were rounded.
    ``derived`` names what was made up, for each table: ``order``, ``shopper``, ``payment``,
    ``delivery``, ``product``. ``takes_back`` names the sale that a credit is for, "" where the
    file does not say. ``tags`` are the shop's words for its customer, those of a line for its
    product. ``last_four`` is the end of the card's number.
    """

    is_credit: bool
    number: str
    at: datetime
    currency: str
    customer: str
    lines: list[Line]
    rows: int
    exact: Decimal = ZERO
    email: str = ""
    name: str = ""
    language: str = ""
    country: str = ""
    postcode: str = ""
    delivered_on: date | None = None
    payment_provider: str = ""
    payment_method: str = ""
    payment_reference: str = ""
    last_four: str = ""
    invoice_number: str = ""
    invoice_date: date | None = None
    takes_back: str = ""
    channel: str = "web"
    tags: tuple[str, ...] = ()
    tier: str = ""
    derived: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[BadRow] = field(default_factory=list)

    @property
    def total_minor(self) -> int:
        """All lines together."""
        return sum(line.total_minor for line in self.lines)

    @property
    def shopper_key(self) -> str:
        """The key of who bought; a guest is known by the order."""
        sold_as = (self.takes_back if self.is_credit else "") or self.number
        return self.customer or f"order:{sold_as}"


class Refused(NamedTuple):
    """Rows that make no document, with the exact sum they stand for."""

    rows: list[BadRow]
    exact: Decimal = ZERO
    is_credit: bool = False


Piece = Document | Refused


def rows_in(piece: Piece) -> int:
    """How many rows of the file ``piece`` stands for."""
    return piece.rows if isinstance(piece, Document) else len(piece.rows)


def minor_of(amount: Decimal, currency: str) -> int:
    """``amount`` of ``currency`` as whole minor units; a half goes away from zero."""
    scaled = amount.scaleb(exponent_of(currency))
    return int(scaled.quantize(Decimal(1), ROUND_HALF_UP))


def tax_in(gross_minor: int, rate: str, known: dict[str, tuple[int, int]]) -> int:
    """The tax in ``gross_minor`` at ``rate``, a half away from zero: ``new.tax_inside``, quickly.

    ``known`` keeps, from call to call, each rate's share of the gross as a fraction.
    """
    share = known.get(rate)
    if share is None:
        exact = Decimal(rate or "0") / 1
        up, down = exact.as_integer_ratio()
        share = known[rate] = (up, up + down)
    return part_of(gross_minor, *share)


def part_of(amount: int, share: int, whole: int) -> int:
    """``amount * share / whole`` rounded, a half away from zero; 0 of nothing."""
    if not whole:
        return 0
    doubled = abs(amount) * share * 2
    rounded = (doubled + whole) // (2 * whole)
    return rounded if amount >= 0 else -rounded
