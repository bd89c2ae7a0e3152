"""Turns sales into rows of the tables of shoppers, products and orders, and writes them.

Rows are put together before a transaction opens, so that the transaction only writes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

from rebond.domain.orders.importing.documents import Document, Line, LineKind, tax_in
from rebond.domain.orders.importing.matching import SoldOrder, microseconds
from rebond.domain.orders.importing.memory import KnownProduct, Memory
from rebond.domain.orders.models import ChargeKind, Delivery, Order, OrderCharge, OrderLine, Payment
from rebond.domain.products.models import Product
from rebond.domain.shoppers.models import Shopper, email_key
from rebond.kernel.bulk import BulkTable, Cell, moment
from rebond.kernel.ids import uuid7

Row = tuple[Cell, ...]

SHOPPERS = BulkTable(
    *(Shopper, "id", "shop", "key", "name", "name_key", "email", "email_key"),
    *("language", "postcode", "country", "tags", "tier", "derived"),
)
PRODUCTS = BulkTable(
    *(Product, "id", "shop", "sku", "title", "category", "is_returnable", "tags", "derived")
)
ORDERS = BulkTable(
    *(Order, "id", "shop", "number", "number_key", "source", "shopper", "country"),
    *("postcode_key", "ordered_at", "currency", "total_minor", "tax_minor"),
    *("invoice_number", "invoice_date", "channel", "derived"),
)
LINES = BulkTable(
    *(OrderLine, "id", "shop", "order", "position", "product", "sku", "title", "quantity"),
    *("delivered_quantity", "unit_price", "total_minor", "tax_minor", "taxes", "is_returnable"),
    "serials",
)
CHARGES = BulkTable(
    *(OrderCharge, "id", "shop", "order", "position", "kind", "title", "amount_minor"),
    *("tax_minor", "tax_rate"),
)
PAYMENTS = BulkTable(
    *(Payment, "id", "shop", "order", "position", "provider", "method", "reference"),
    *("currency", "captured_minor", "last_four", "paid_at", "derived"),
)
DELIVERIES = BulkTable(Delivery, "id", "shop", "order", "position", "delivered_on", "derived")

LONGEST_TITLE = 200


@dataclass
class SaleRows:
    """Rows that wait to be written, table by table."""

    shoppers: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    titles: list[tuple[Cell, str]] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    charges: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    deliveries: list[Row] = field(default_factory=list)

    def write(self) -> None:
        """Write everything. Call inside an action."""
        SHOPPERS.insert(self.shoppers)
        PRODUCTS.insert(self.products)
        PRODUCTS.put("title", self.titles)
        ORDERS.insert(self.orders)
        LINES.insert(self.lines)
        CHARGES.insert(self.charges)
        PAYMENTS.insert(self.payments)
        DELIVERIES.insert(self.deliveries)


class SalePlanner:
    """Makes the rows of sales, and keeps ``memory`` as if they were written already."""

    def __init__(self, memory: Memory, *, source: str) -> None:
        self.memory = memory
        self.source = source
        self._taxes: dict[str, tuple[int, int]] = {}

    def plan(self, sale: Document, rows: SaleRows) -> None:
        """Add the rows of ``sale``, whose number the shop does not have yet."""
        memory = self.memory
        order_id, payment_id = uuid7().hex, uuid7().hex
        shopper_id = self.shopper(sale, rows)
        number_key = sale.number.lower()
        order = SoldOrder(order_id, number_key, shopper_id, payment_id, microseconds(sale.at))
        place = memory.sales.add_order(order)
        memory.orders.add(number_key)
        taxes = self._goods(sale, order_id, place, rows) + self._charges(sale, order_id, rows)
        rows.orders.append(
            (
                *(order_id, memory.shop_id, sale.number, number_key, self.source, shopper_id),
                *(sale.country, sale.postcode.replace(" ", "").lower(), moment(sale.at)),
                *(sale.currency, sale.total_minor, taxes, sale.invoice_number),
                *(_day(sale.invoice_date), sale.channel, _names(sale, "order")),
            )
        )
        self._payment(sale, order_id, payment_id, rows)
        if sale.delivered_on is not None:
            rows.deliveries.append(
                (
                    *(uuid7().hex, memory.shop_id, order_id, 1),
                    *(_day(sale.delivered_on), _names(sale, "delivery")),
                )
            )

    def shopper(self, told: Document, rows: SaleRows) -> str:
        """The id of who bought, with a row for somebody new."""
        known = self.memory.shoppers.get(told.customer) if told.customer else None
        if known is not None:
            return known
        shopper_id = uuid7().hex
        if told.customer:
            self.memory.shoppers[told.customer] = shopper_id
        rows.shoppers.append(
            (
                *(shopper_id, self.memory.shop_id, told.shopper_key, told.name, told.name.lower()),
                *(told.email, email_key(told.email), told.language, told.postcode, told.country),
                *(json.dumps(told.tags), told.tier, _names(told, "shopper")),
            )
        )
        return shopper_id

    def _goods(self, sale: Document, order_id: str, place: int, rows: SaleRows) -> int:
        memory, taxes, position = self.memory, 0, 0
        who = f"{sale.currency}:{sale.shopper_key}"
        for line in sale.lines:
            if line.kind is not LineKind.GOODS and line.kind is not LineKind.VOUCHER:
                continue
            position += 1
            may_return = line.kind is LineKind.GOODS
            line_id = uuid7().hex
            product = self._product(line, sale, rows)
            tax = tax_in(line.total_minor, line.tax_rate, self._taxes)
            taxes += tax
            rows.lines.append(
                (
                    *(line_id, memory.shop_id, order_id, position, product.id, line.sku),
                    (line.title or product.title or line.code)[:LONGEST_TITLE],
                    *(line.quantity, line.quantity, line.unit_price, line.total_minor, tax),
                    f'[{{"id": "vat", "rate": "{line.tax_rate}", "total_minor": {tax}}}]',
                    may_return,
                    json.dumps(line.serials) if line.serials else "[]",
                )
            )
            if may_return and line.total_minor > 0:
                memory.sales.add_line(
                    line_id,
                    place=place,
                    who=who,
                    code=line.code,
                    left=line.quantity,
                    total_minor=line.total_minor,
                    tax_minor=tax,
                    tax_rate=line.tax_rate,
                )
        return taxes

    def _product(self, line: Line, sale: Document, rows: SaleRows) -> KnownProduct:
        """The product of ``line``; its title is the first that stands on a line with a price."""
        known = self.memory.products.get(line.code)
        title = line.title[:LONGEST_TITLE] if line.total_minor else ""
        if known is None:
            known = self.memory.products[line.code] = KnownProduct(uuid7().hex, title)
            rows.products.append(
                (
                    *(known.id, self.memory.shop_id, line.code, title or line.code),
                    *(line.category, line.kind is LineKind.GOODS),
                    *(json.dumps(line.tags), _names(sale, "product")),
                )
            )
        elif title and not known.title:
            known.title = title
            rows.titles.append((title, known.id))
        return known

    def _charges(self, sale: Document, order_id: str, rows: SaleRows) -> int:
        taxes, position = 0, 0
        for line in sale.lines:
            if line.kind is LineKind.GOODS or line.kind is LineKind.VOUCHER:
                continue
            position += 1
            kind = ChargeKind.SHIPPING if line.kind is LineKind.SHIPPING else ChargeKind.FEE
            tax = tax_in(line.total_minor, line.tax_rate, self._taxes)
            taxes += tax
            rows.charges.append(
                (
                    *(uuid7().hex, self.memory.shop_id, order_id, position, kind.value),
                    (line.title or line.code)[:LONGEST_TITLE],
                    *(line.total_minor, tax, line.tax_rate),
                )
            )
        return taxes

    def _payment(self, sale: Document, order_id: str, payment_id: str, rows: SaleRows) -> None:
        rows.payments.append(
            (
                *(payment_id, self.memory.shop_id, order_id, 1),
                sale.payment_provider or self.memory.provider,
                sale.payment_method or "unknown",
                *(sale.payment_reference or sale.number, sale.currency, sale.total_minor),
                *(sale.last_four, moment(sale.at), _names(sale, "payment")),
            )
        )


def _names(told: Document, table: str) -> str:
    return json.dumps(told.derived.get(table, []))


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
