"""The order as frozen at the sale, its past refunds, what is asked, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from rebond.domain.refunds.amounts.why import Why

WALLET_PRODUCTS = frozenset({"gift_card", "prepaid_credit", "voucher", "store_credit"})


class Verb(StrEnum):
    """What is asked."""

    REFUND = "refund"
    PREVIEW = "preview"
    CREDIT_NOTE = "credit_note"
    RETURN = "return"
    CANCEL_ITEMS = "cancel_items"
    CANCEL_ORDER = "cancel_order"
    EXCHANGE = "exchange"
    ALLOCATE_TENDERS = "allocate_tenders"
    QUERY_REMAINING = "query_remaining"


class Basis(StrEnum):
    """What an amount means: tax inside, without tax, or without tax before discounts."""

    GROSS = "gross"
    NET = "net"
    LIST = "list"


class ProviderResult(StrEnum):
    """What the payment provider will answer. Pending uses up the balance, failed does not."""

    SETTLED = "settled"
    PENDING = "pending"
    FAILED = "failed"


class Refused(Exception):
    """The quote cannot be given; nothing would be written.

    ``code`` is one of the neutral codes. ``facts`` hold the numbers, such as
    ``max_refundable_minor`` and ``refunded_total_minor``, and ``detail`` for
    input that cannot be read.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class SoldTax:
    """One tax of a line. ``total`` is the stored tax of the whole line; None means rate only.

    ``rate`` is a fraction (0.20 is 20 %) written as it was given in ``rate_text``.
    A compound tax is charged on the net and all taxes before it.
    """

    id: str | None = None
    rate: Fraction | None = None
    rate_text: str | None = None
    total: int | None = None
    compound: bool = False


@dataclass(frozen=True)
class SoldLine:
    """One order line. Either ``unit_price`` or ``line_total`` (after discounts) is set.

    Discounts are on the basis of the prices. ``tax_total`` is the stored tax of
    the whole line. ``addon_to`` names the line that this one belongs to.
    """

    id: str
    quantity: int
    unit_price: int | None = None
    line_total: int | None = None
    taxes: tuple[SoldTax, ...] = ()
    tax_total: int | None = None
    discount: int = 0
    discount_per_unit: int = 0
    refundable: bool = True
    product_type: str | None = None
    addon_to: str | None = None


@dataclass(frozen=True)
class SoldShipping:
    """One shipping charge. ``tax_included`` None means as the order says."""

    id: str
    amount: int
    taxes: tuple[SoldTax, ...] = ()
    tax_total: int | None = None
    discount: int = 0
    tax_included: bool | None = None


@dataclass(frozen=True)
class SoldFee:
    """A fee of the order; a negative one is a reduction."""

    id: str
    amount: int


@dataclass(frozen=True)
class Payment:
    """One payment. ``captured`` is this order's share, in ``charge_currency``.

    ``charge_currency`` None means the currency of the order.
    """

    id: str
    captured: int
    method: str | None = None
    charge_currency: str | None = None
    refundable: bool = True
    partial_refundable: bool = True
    auto_refundable: bool = True


@dataclass(frozen=True)
class Order:
    """The order as it was frozen at the sale.

    ``order_discounts`` are amounts on the basis of the prices. ``total`` None
    means the sum of the parts was charged. ``payments`` empty means the order is
    fully paid by one refundable payment.
    """

    currency: str
    exponent: int
    prices_include_tax: bool = False
    lines: tuple[SoldLine, ...] = ()
    order_discounts: tuple[int, ...] = ()
    shipping: tuple[SoldShipping, ...] = ()
    fees: tuple[SoldFee, ...] = ()
    payments: tuple[Payment, ...] = ()
    total: int | None = None
    tax_total: int | None = None
    document_tax: bool = False
    cash_rounding: int | None = None
    cap: int | None = None
    wallet_balance: int | None = None
    cancelled: bool = False
    returns_enabled: bool = True


@dataclass(frozen=True)
class PastLine:
    """What an earlier refund gave back on one line. Amounts are gross; tax is inside.

    ``gross`` None means what the quantity or unit was worth. ``quantity`` 0
    without ``unit`` means that the money belongs to no unit. ``taxes`` and
    ``discount`` None mean the proportional share.
    """

    line_id: str
    quantity: int = 0
    unit: int | None = None
    gross: int | None = None
    tax: int | None = None
    taxes: tuple[int, ...] | None = None
    discount: int | None = None


@dataclass(frozen=True)
class PastShipping:
    """What an earlier refund gave back of one shipping charge; None means all of it."""

    shipping_id: str
    gross: int | None = None
    tax: int | None = None
    taxes: tuple[int, ...] | None = None


@dataclass(frozen=True)
class PastRefund:
    """One earlier refund or credit note that counts (failed ones are left out).

    ``amount`` is gross; None means the sum of what it names. ``payments`` maps
    payments to order-currency amounts; None means as the plan would have placed it.
    ``kept`` is value taken back that was not paid out. ``total_change`` is what the
    order total lost; None means ``amount``. ``money`` False marks a credit note.
    ``from_wallet`` was taken from a sold credit since its balance was read.
    """

    lines: tuple[PastLine, ...] = ()
    shipping: tuple[PastShipping, ...] = ()
    fees: tuple[tuple[str, int], ...] = ()
    payments: tuple[tuple[str, int], ...] | None = None
    amount: int | None = None
    kept: int = 0
    total_change: int | None = None
    money: bool = True
    from_wallet: int = 0


@dataclass(frozen=True)
class WantedLine:
    """One line of what is asked. ``quantity`` None means an amount that belongs to no unit.

    ``unit`` counts from 1. ``basis`` None means gross, because nothing was said.
    """

    line_id: str
    quantity: int | None = None
    unit: int | None = None
    amount: int | None = None
    basis: Basis | None = None


@dataclass(frozen=True)
class WantedShipping:
    shipping_id: str
    amount: int | Literal["full"] = "full"
    basis: Basis | None = None


@dataclass(frozen=True)
class WantedFee:
    fee_id: str
    amount: int | Literal["full"] = "full"


@dataclass(frozen=True)
class Retain:
    """What the shop keeps. ``percent`` is a percentage of the lines' gross, ``way_back`` what the
    way in which goods are sent costs the shopper, ``lowered`` what a person pays less."""

    fixed: int = 0
    percent: Fraction = Fraction(0)
    per_unit: int = 0
    keep_fee_ids: tuple[str, ...] = ()
    skip_free: bool = False
    skip_addons: bool = False
    way_back: int = 0
    lowered: int = 0


@dataclass(frozen=True)
class Replacement:
    unit_price: int
    quantity: int
    tax_rate: Fraction = Fraction(0)


@dataclass(frozen=True)
class Action:
    """What is asked of the order. ``manual_refund`` None means that a person may pay the rest."""

    verb: Verb
    lines: tuple[WantedLine, ...] = ()
    shipping: tuple[WantedShipping, ...] = ()
    fees: tuple[WantedFee, ...] = ()
    amount: int | None = None
    adjust_items: bool = True
    scale_to_cap: bool = False
    payment_id: str | None = None
    prefer_payment: str | None = None
    tender_order: tuple[str, ...] = ()
    eligible_tenders_only: bool = False
    to: str | None = None
    refund: bool = True
    auto_refund: bool = True
    manual_refund: bool | None = None
    retain: Retain | None = None
    replacements: tuple[Replacement, ...] = ()
    outbound_shipping: int = 0
    return_shipping: int = 0
    provider_result: ProviderResult = ProviderResult.SETTLED


@dataclass(frozen=True)
class QuotedItem:
    """One line or shipping charge of the answer. ``taxes`` are in the order of the sale."""

    id: str
    quantity: int
    gross: int
    net: int
    tax: int
    discount: int


@dataclass(frozen=True)
class Tender:
    """Money that goes back through one payment.

    ``amount`` is in the order's currency, ``charge_amount`` in the payment's.
    """

    payment_id: str
    amount: int
    charge_amount: int
    currency: str


@dataclass(frozen=True)
class Quote:
    """The answer. All amounts are minor units of the order's currency.

    ``net``, ``tax`` and ``discount`` are None where nothing was asked to go back.
    ``retained`` None means that nothing was asked to be kept. ``past`` is the row to
    remember, so that the next quote knows this one; None when nothing is written.
    """

    refund_total: int
    refunded_total: int
    remaining: int
    max_refundable: int
    paid_total: int
    order_total_after: int
    balance: int
    net: int | None = None
    tax: int | None = None
    discount: int | None = None
    tax_by_rate: Mapping[str, int] = field(default_factory=dict)
    tax_by_id: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[QuotedItem, ...] = ()
    shipping: tuple[QuotedItem, ...] = ()
    fees: tuple[tuple[str, int], ...] = ()
    tenders: tuple[Tender, ...] = ()
    unallocated: int = 0
    manual: int = 0
    outside: int = 0
    retained: int | None = None
    rounding: int = 0
    why: tuple[Why, ...] = ()
    past: PastRefund | None = None
