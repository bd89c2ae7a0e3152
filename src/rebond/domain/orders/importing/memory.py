"""What a shop already has that a file must be held against: read once, then kept up to date.

Everything here can be read again from the database, so a file that was stopped anywhere goes on
as if it had not been. Some 150 bytes for each sold line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rebond.domain.orders.importing.matching import OpenSales, SoldOrder, microseconds
from rebond.domain.orders.models import Order, OrderLine, OrderState, Payment
from rebond.domain.products.models import Product
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop

GUEST = "order:"


@dataclass(slots=True)
class KnownProduct:
    """A product by its id. ``title`` is "" as long as only its code is known."""

    id: str
    title: str


@dataclass
class Memory:
    """The shop's orders by number, shoppers by key, products by code, and what is still open.

    Ids are 32 hexadecimal digits. ``shoppers`` leaves out guests: each belongs to one order.
    """

    shop_id: str
    provider: str
    language: str
    orders: set[str] = field(default_factory=set)
    shoppers: dict[str, str] = field(default_factory=dict)
    products: dict[str, KnownProduct] = field(default_factory=dict)
    sales: OpenSales = field(default_factory=OpenSales)


def remembered(shop: Shop, *, provider: str = "") -> Memory:
    """What ``shop`` has now. ``provider`` takes payments for which a file names none."""
    memory = Memory(shop.pk.hex, provider or shop.payment_provider, shop.language)
    people = _many(Shopper.objects.filter(shop=shop), "pk", "key")
    names = {pk: key for pk, key in people}
    memory.shoppers = {key: pk.hex for pk, key in names.items() if not key.startswith(GUEST)}
    for pk, sku, title in _many(Product.objects.filter(shop=shop), "pk", "sku", "title"):
        memory.products[sku] = KnownProduct(pk.hex, "" if title == sku else title)
    _remember_sales(shop, memory, names)
    return memory


def _remember_sales(shop: Shop, memory: Memory, names: dict[UUID, str]) -> None:
    payments = Payment.objects.filter(shop=shop).order_by("order_id", "-position")
    paid_by = {order: pk.hex for order, pk in _many(payments, "order_id", "pk")}
    places: dict[UUID, tuple[int, str]] = {}
    orders = Order.objects.filter(shop=shop)
    columns = ("pk", "number_key", "shopper_id", "ordered_at", "currency", "state")
    for pk, number, shopper, at, currency, state in _many(orders, *columns):
        memory.orders.add(number)
        if state == OrderState.CANCELLED:
            continue
        order = SoldOrder(pk.hex, number, shopper.hex, paid_by.get(pk, ""), microseconds(at))
        places[pk] = (memory.sales.add_order(order), f"{currency}:{names[shopper]}")
    codes = {UUID(known.id): code for code, known in memory.products.items()}
    for line in _open_lines(shop):
        if line["order_id"] in places and line["product_id"] in codes:
            place, who = places[line["order_id"]]
            memory.sales.add_line(
                line["pk"].hex,
                place=place,
                who=who,
                code=codes[line["product_id"]],
                left=line["quantity"] - line["returned_quantity"],
                total_minor=line["total_minor"],
                tax_minor=line["tax_minor"],
                tax_rate=line["taxes"][0].get("rate", "0") if line["taxes"] else "0",
            )


def _open_lines(shop: Shop) -> Any:
    """Lines that a credit may take back, in the order in which they were kept."""
    return (
        OrderLine.objects.filter(shop=shop, is_returnable=True, total_minor__gt=0)
        .order_by("pk")
        .values(
            *("pk", "order_id", "product_id", "quantity", "returned_quantity"),
            *("total_minor", "tax_minor", "taxes"),
        )
        .iterator(chunk_size=5000)
    )


def _many(rows: QuerySet[Any], *columns: str) -> Any:
    return rows.values_list(*columns).iterator(chunk_size=5000)
