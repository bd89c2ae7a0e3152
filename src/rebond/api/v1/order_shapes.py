"""An order as machines tell it to us, and as we show it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Field, Schema
from pydantic import AfterValidator, model_validator

from rebond.api.bodies import Body, Day, Moment, Number, YesOrNo
from rebond.domain.orders.models import Order
from rebond.domain.orders.new import NewCharge, NewLine, NewOrder, NewPayment, NewShopper
from rebond.domain.refunds.ports import payment_providers
from rebond.domain.shops.models import Shop

MOST_MINOR = 10**15


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text holds no zero byte")
    return text


def _known_provider(key: str) -> str:
    if key not in payment_providers:
        raise ValueError("no such payment provider; `paper` is paid back by hand")
    return key


Text = Annotated[str, AfterValidator(_without_nul)]
Provider = Annotated[str, AfterValidator(_known_provider)]
Rate = Annotated[str, Field(pattern=r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$")]
Serial = Annotated[Text, Field(min_length=1, max_length=80)]
Tag = Annotated[Text, Field(min_length=1, max_length=60)]


class ShopperIn(Body):
    """Who bought. ``key`` is your own name for them, empty for a guest."""

    email: Text = Field("", max_length=254)
    name: Text = Field("", max_length=200)
    key: Text = Field("", max_length=80)
    phone: Text = Field("", max_length=40)
    language: Text = Field("", max_length=10)
    address: list[Text] = Field(default_factory=list, max_length=8)
    postcode: Text = Field("", max_length=20)
    country: str = Field("", pattern=r"^([A-Z]{2})?$")
    tags: list[Tag] = Field(default_factory=list, max_length=40)
    tier: Text = Field("", max_length=30)


class OrderLineIn(Body):
    """One line. ``total_minor`` is for all pieces, after discounts, with its VAT inside."""

    sku: Text = Field(..., min_length=1, max_length=64)
    title: Text = Field(..., min_length=1, max_length=200)
    quantity: Number = Field(..., ge=1, le=1_000_000)
    total_minor: Number = Field(..., ge=0, le=MOST_MINOR)
    tax_rate: Rate = "0.20"
    discount_minor: Number = Field(0, ge=0, le=MOST_MINOR)
    category: Text = Field("", max_length=80)
    is_returnable: YesOrNo = True
    is_final_sale: YesOrNo = False
    tags: list[Tag] = Field(default_factory=list, max_length=40)
    serials: list[Serial] = Field(
        default_factory=list, max_length=1000, description="At most one for each piece."
    )

    @model_validator(mode="after")
    def at_most_one_for_each_piece(self) -> OrderLineIn:
        """More serial numbers than pieces are a mistake of whoever tells."""
        if len(self.serials) > self.quantity:
            raise ValueError("there are more serial numbers than pieces")
        return self

    def told(self) -> NewLine:
        """The line for the domain."""
        lists = {"tags": tuple(self.tags), "serials": tuple(self.serials)}
        return NewLine(**self.dict() | lists)


class OrderChargeIn(Body):
    """Shipping or a fee, VAT inside."""

    title: Text = Field(..., min_length=1, max_length=200)
    amount_minor: Number = Field(..., ge=0, le=MOST_MINOR)
    kind: Literal["shipping", "fee"] = "shipping"
    tax_rate: Rate = "0.20"


class PaymentIn(Body):
    """Money that came in; ``reference`` is the provider's own."""

    provider: Provider = Field(..., max_length=30)
    method: Text = Field("card", min_length=1, max_length=30)
    reference: Text = Field("", max_length=120)
    captured_minor: Number = Field(..., ge=0, le=MOST_MINOR)
    can_refund: YesOrNo = True
    last_four: str = Field("", pattern=r"^([0-9]{4})?$")


class OrderIn(Body):
    """A sale. Amounts are whole minor units; the payments, where told, are the sum of the parts."""

    number: str = Field(..., pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
    ordered_at: Moment
    currency: str = Field(..., pattern=r"^[A-Z]{3}$")
    shopper: ShopperIn
    lines: list[OrderLineIn] = Field(..., min_length=1, max_length=500)
    charges: list[OrderChargeIn] = Field(default_factory=list, max_length=50)
    payments: list[PaymentIn] = Field(default_factory=list, max_length=20)
    delivered_on: Day | None = None
    invoice_number: Text = Field("", max_length=40)
    invoice_date: Day | None = None
    channel: Text = Field("web", min_length=1, max_length=30)

    def told(self) -> NewOrder:
        """The order for the domain."""
        shopper = self.shopper.dict()
        return NewOrder(
            **self.dict(exclude={"shopper", "lines", "charges", "payments"}),
            shopper=NewShopper(
                **shopper | {"address": tuple(shopper["address"]), "tags": tuple(shopper["tags"])}
            ),
            lines=tuple(line.told() for line in self.lines),
            charges=tuple(NewCharge(**charge.dict()) for charge in self.charges),
            payments=tuple(NewPayment(**payment.dict()) for payment in self.payments),
        )


class OrderLineOut(Schema):
    """A line with what is on its way back."""

    id: str
    position: int
    sku: str
    title: str
    quantity: int
    returned_quantity: int
    total_minor: int
    tax_minor: int
    discount_minor: int
    is_returnable: bool
    is_final_sale: bool
    serials: list[str]


class OrderChargeOut(Schema):
    """Shipping or a fee."""

    id: str
    kind: str
    title: str
    amount_minor: int
    tax_minor: int


class OrderPaymentOut(Schema):
    """A payment with what can still be refunded of it."""

    id: str
    provider: str
    method: str
    reference: str
    captured_minor: int
    left_minor: int


class OrderShopperOut(Schema):
    """Who bought."""

    key: str
    email: str
    name: str
    phone: str
    language: str
    address: list[str]
    postcode: str
    country: str
    tags: list[str]
    tier: str


class OrderOut(Schema):
    """A sale as it was told, with its lines, charges and payments."""

    id: str
    number: str
    source: str
    state: str
    channel: str
    ordered_at: str
    currency: str
    total_minor: int
    tax_minor: int
    invoice_number: str
    invoice_date: str | None
    shopper: OrderShopperOut
    lines: list[OrderLineOut]
    charges: list[OrderChargeOut]
    payments: list[OrderPaymentOut]


FIELDS = frozenset(OrderOut.model_fields)


def orders_of(shop: Shop) -> QuerySet[Order]:
    """The orders of ``shop`` with all that ``order_out`` shows, in a fixed number of queries."""
    rows = Order.objects.filter(shop=shop).select_related("shopper")
    return rows.prefetch_related("lines", "charges", "payments")


def order_out(order: Order) -> dict[str, Any]:
    """What ``OrderOut`` describes."""
    return {
        "id": str(order.pk),
        "number": order.number,
        "source": order.source,
        "state": str(order.state),
        "channel": order.channel,
        "ordered_at": order.ordered_at.isoformat(),
        "currency": order.currency,
        "total_minor": order.total_minor,
        "tax_minor": order.tax_minor,
        "invoice_number": order.invoice_number,
        "invoice_date": order.invoice_date.isoformat() if order.invoice_date else None,
        "shopper": _some(order.shopper, OrderShopperOut),
        "lines": [_some(line, OrderLineOut) for line in _sorted(order.lines.all())],
        "charges": [_some(charge, OrderChargeOut) for charge in _sorted(order.charges.all())],
        "payments": [_some(one, OrderPaymentOut) for one in _sorted(order.payments.all())],
    }


def _sorted(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: row.position)


def _some(row: Any, shape: type[Schema]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in shape.model_fields if name != "id"}
    more = {"id": str(row.pk)} if "id" in shape.model_fields else {}
    return more | {name: str(v) if isinstance(v, str) else v for name, v in values.items()}
