"""An order as the shop tells it to us, before it is rows.  (pure)

All amounts are whole minor units with the tax inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from rebond.kernel.money import half_up

TEST_SOURCE = "first-steps"
"""The source of an order that the shop made to try things with: nobody paid for it."""


@dataclass(frozen=True)
class NewShopper:
    """Who bought. ``key`` is the shop's own name for them; empty for a guest.

    ``tags`` are the shop's words for groups of customers; without any, those known are kept.
    ``tier`` likewise, such as ``vip``.
    """

    email: str
    name: str = ""
    key: str = ""
    phone: str = ""
    language: str = ""
    address: tuple[str, ...] = ()
    postcode: str = ""
    country: str = ""
    tags: tuple[str, ...] = ()
    tier: str = ""


@dataclass(frozen=True)
class NewLine:
    """One line: ``total_minor`` for all its pieces, after discounts. ``tax_rate`` as "0.20".

    ``tags`` are the shop's words for groups of products; without any, those known are kept.
    ``serials`` are serial numbers, one for each piece at most.
    """

    sku: str
    title: str
    quantity: int
    total_minor: int
    tax_rate: str = "0.20"
    discount_minor: int = 0
    category: str = ""
    is_returnable: bool = True
    is_final_sale: bool = False
    tags: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewCharge:
    """Shipping or a fee (``kind``)."""

    title: str
    amount_minor: int
    kind: str = "shipping"
    tax_rate: str = "0.20"


@dataclass(frozen=True)
class NewPayment:
    """Money that came in. ``can_refund`` False: nothing goes back to where it came from.

    ``last_four`` is the end of the card's number, where it is known.
    """

    provider: str
    method: str
    reference: str
    captured_minor: int
    can_refund: bool = True
    last_four: str = ""


@dataclass(frozen=True)
class NewOrder:
    """The whole order. Without ``invoice_number`` none was issued."""

    number: str
    ordered_at: datetime
    currency: str
    shopper: NewShopper
    lines: tuple[NewLine, ...]
    charges: tuple[NewCharge, ...] = ()
    payments: tuple[NewPayment, ...] = ()
    delivered_on: date | None = None
    invoice_number: str = ""
    invoice_date: date | None = None
    channel: str = "web"
    derived: tuple[str, ...] = field(default_factory=tuple)

    @property
    def total_minor(self) -> int:
        """What was charged in all."""
        return sum(line.total_minor for line in self.lines) + sum(
            charge.amount_minor for charge in self.charges
        )


def tax_inside(gross_minor: int, rate: str) -> int:
    """The tax in ``gross_minor`` at ``rate`` (a fraction as text), rounded half up."""
    fraction = Fraction(rate or "0")
    return half_up(Fraction(gross_minor) * fraction / (1 + fraction))
