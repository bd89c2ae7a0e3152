"""Online Retail II: two years of a British gift shop, as UCI published them.

One row for each line of an invoice; `C…` invoices are credits, `A…` adjust bad debt. The file has
neither addresses nor tax nor payments: what is missing is derived (`importing.deriving`) and
flagged. Everything peculiar to this data stands here; docs/guides/real-orders.md says it in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from rebond.domain.orders.importing.deriving import (
    category_of,
    delivered_on,
    email_of,
    pays_by_transfer,
    uk_vat_rate,
)
from rebond.domain.orders.importing.documents import (
    ZERO,
    BadRow,
    Document,
    Line,
    LineKind,
    Piece,
    Refused,
    minor_of,
)
from rebond.domain.orders.ports import Reading, order_sources
from rebond.kernel import tables

UCI = (
    *("InvoiceNo", "StockCode", "Description", "Quantity"),
    *("InvoiceDate", "UnitPrice", "CustomerID", "Country"),
)
WORKBOOK = (
    *("Invoice", "StockCode", "Description", "Quantity"),
    *("InvoiceDate", "Price", "Customer ID", "Country"),
)
ZONE = ZoneInfo("Europe/London")
CURRENCY = "GBP"

GOODS = re.compile(r"\d{5}|DCGS|SP\d")
VOUCHER = re.compile(r"GIFT")
SHIPPING = {"POST", "DOT", "C2", "C3"}
# Every other code is a service: M, D, S, BANK CHARGES, AMAZONFEE, CRUK, ADJUST, PADS, TEST001 …

COUNTRIES = {
    "Australia": "AU",
    "Austria": "AT",
    "Bahrain": "BH",
    "Belgium": "BE",
    "Bermuda": "BM",
    "Brazil": "BR",
    "Canada": "CA",
    "Cyprus": "CY",
    "Czech Republic": "CZ",
    "Denmark": "DK",
    "EIRE": "IE",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hong Kong": "HK",
    "Iceland": "IS",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Korea": "KR",
    "Lebanon": "LB",
    "Lithuania": "LT",
    "Malta": "MT",
    "Netherlands": "NL",
    "Nigeria": "NG",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "RSA": "ZA",
    "Saudi Arabia": "SA",
    "Singapore": "SG",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "Thailand": "TH",
    "USA": "US",
    "United Arab Emirates": "AE",
    "United Kingdom": "GB",
}
# Names that are no one country: what is kept, and what decides about VAT and the way.
VAGUE_COUNTRIES = {
    "Channel Islands": ("", "outside"),
    "European Community": ("", "EU"),
    "Unspecified": ("", ""),
    "West Indies": ("", "outside"),
}

DERIVED_IN_SALE = {
    "order": ["email", "vat", "delivered_on", "payment"],
    "shopper": ["email"],
    "payment": ["provider", "method", "reference", "captured", "paid_at"],
    "delivery": ["delivered_on"],
    "product": ["category"],
}


class Cells(NamedTuple):
    """One row that could be read. ``customer`` is "" where the file has none."""

    row: int
    code: str
    text: str
    quantity: int
    at: datetime
    price: Decimal
    customer: str
    country: str


@dataclass
class _Day:
    """The rows of one day by invoice, and those of it that cannot be read."""

    invoices: dict[str, list[Cells]] = field(default_factory=dict)
    unreadable: dict[str, list[BadRow]] = field(default_factory=dict)


@order_sources.add
class OnlineRetail:
    """Reads the published files: Parquet, or CSV with either set of column names."""

    key = "online_retail"
    title = "Online Retail II (UCI)"

    def understands(self, path: Path) -> bool:
        """By its eight columns."""
        return set(tables.columns_of(path)) in (set(UCI), set(WORKBOOK))

    def begins(self, path: Path) -> datetime | None:
        """The start of the first row's day: the rest of that day stands in this file."""
        for _, raw in tables.rows_of(path, ["InvoiceDate"]):
            return _moment(raw).replace(hour=0, minute=0, second=0)
        return None

    def rows(self, path: Path, reading: Reading) -> Iterator[Piece]:
        """Invoices day by day; within a day by time, of two at one time the sale first.

        The rows of an invoice do not stand together, but they never leave its day.
        """
        columns = UCI if "InvoiceNo" in tables.columns_of(path) else WORKBOOK
        reader = _Reader()
        today, day = date.min, _Day()
        for row, invoice, *cells in tables.rows_of(path, columns):
            read = reader.read(row, cells)
            if isinstance(read, BadRow):
                day.unreadable.setdefault(str(invoice), []).append(read)
                continue
            if read.at.date() != today:
                yield from _pieces(day)
                today, day = read.at.date(), _Day()
            if reading.until is None or read.at < reading.until:
                day.invoices.setdefault(str(invoice), []).append(read)
        yield from _pieces(day)


class _Reader:
    """Makes values of cells; remembers those that come again and again."""

    def __init__(self) -> None:
        self._moments: dict[object, datetime] = {}
        self._prices: dict[object, Decimal] = {}

    def read(self, row: int, cells: list[Any]) -> Cells | BadRow:
        code, text, quantity, at, price, customer, country = cells
        try:
            moment = self._moments.get(at)
            if moment is None:
                moment = self._moments[at] = _moment(at)
        except ValueError:
            return BadRow(row, "bad_date", {"given": str(at)})
        try:
            exact = self._prices.get(price)
            if exact is None:
                exact = self._prices[price] = _price(price)
        except (InvalidOperation, ValueError):
            return BadRow(row, "bad_price", {"given": str(price)})
        try:
            pieces = int(quantity)
        except (TypeError, ValueError):
            return BadRow(row, "bad_quantity", {"given": str(quantity)})
        if not code or not str(code).strip():
            return BadRow(row, "no_stock_code", {})
        who = "" if customer is None or customer == "" else str(customer).removesuffix(".0")
        return Cells(row, code, (text or "").strip(), pieces, moment, exact, who, country or "")


def _moment(raw: object) -> datetime:
    value = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw).strip())
    return value.replace(tzinfo=ZONE)


def _price(raw: object) -> Decimal:
    """The shortest decimal that the number stands for, so that 2.1 is 2.1."""
    exact = Decimal(repr(raw) if isinstance(raw, float) else str(raw).strip())
    if not exact.is_finite():
        raise ValueError("not a number")
    return exact


def _pieces(day: _Day) -> Iterator[Piece]:
    for invoice, unreadable in day.unreadable.items():
        cells = day.invoices.pop(invoice, [])
        yield Refused(
            [*unreadable, *_refuse(cells, "document_incomplete", invoice).rows],
            _exact(cells),
            _is_credit(invoice),
        )
    ordered = sorted(
        day.invoices.items(), key=lambda item: (item[1][0].at, _is_credit(item[0]), item[1][0].row)
    )
    for invoice, cells in ordered:
        yield _piece(invoice, cells)


def _piece(invoice: str, cells: list[Cells]) -> Piece:
    if invoice.upper().startswith("A"):
        return _refuse(cells, "bad_debt", invoice)
    if _is_credit(invoice):
        return _credit(invoice, cells)
    if any(cell.quantity < 0 or cell.price < 0 for cell in cells):
        return _refuse(cells, "stock_correction", invoice)
    if not cells[0].customer and not any(cell.price for cell in cells):
        return _refuse(cells, "stock_correction", invoice)
    return _sale(invoice, cells)


def _refuse(cells: list[Cells], reason: str, invoice: str) -> Refused:
    rows = [
        BadRow(
            cell.row,
            reason,
            {
                "number": invoice,
                "sku": cell.code,
                "quantity": cell.quantity,
                "price": str(cell.price),
                "text": cell.text,
            },
        )
        for cell in cells
    ]
    return Refused(rows, _exact(cells), _is_credit(invoice))


def _sale(invoice: str, cells: list[Cells]) -> Document:
    first = cells[0]
    country, region = _country(first.country)
    on = first.at.date()
    rate = uk_vat_rate(region, on)
    by_transfer = pays_by_transfer(invoice)
    return Document(
        is_credit=False,
        number=invoice,
        at=first.at,
        currency=CURRENCY,
        customer=first.customer,
        lines=[_line(cell, 1, rate) for cell in cells],
        rows=len(cells),
        exact=_exact(cells),
        email=email_of(first.customer, invoice),
        country=country,
        delivered_on=delivered_on(invoice, region, on),
        payment_provider="paper" if by_transfer else "",
        payment_method="bank_transfer" if by_transfer else "card",
        payment_reference=f"online-retail-{invoice}",
        invoice_number=invoice,
        invoice_date=on,
        derived=DERIVED_IN_SALE,
    )


def _credit(invoice: str, cells: list[Cells]) -> Piece:
    """A credit. A line that charges something stands in it by mistake and is only reported."""
    charged = [cell for cell in cells if cell.quantity > 0]
    given = [cell for cell in cells if cell.quantity < 0]
    remarks = _refuse(charged, "charge_on_credit", invoice).rows
    if not given:
        return Refused(remarks, _exact(cells), is_credit=True)
    first = given[0]
    return Document(
        is_credit=True,
        number=invoice,
        at=first.at,
        currency=CURRENCY,
        customer=first.customer,
        lines=[_line(cell, -1, "0") for cell in given],
        rows=len(cells),
        exact=-_exact(cells),
        email=email_of(first.customer, invoice),
        country=_country(first.country)[0],
        derived=DERIVED_IN_SALE,
        remarks=remarks,
    )


def _line(cell: Cells, sign: int, rate: str) -> Line:
    code = cell.code.strip().upper()
    kind = _kind(code)
    return Line(
        row=cell.row,
        kind=kind,
        sku=cell.code,
        code=code,
        title=cell.text,
        quantity=cell.quantity * sign,
        unit_price=str(cell.price),
        total_minor=minor_of(cell.price * cell.quantity, CURRENCY) * sign,
        tax_rate=rate,
        category=_category(cell.text) if kind is LineKind.GOODS else "",
    )


_kinds: dict[str, LineKind] = {}
_categories: dict[str, str] = {}


def _kind(code: str) -> LineKind:
    kind = _kinds.get(code)
    if kind is None:
        if GOODS.match(code):
            kind = LineKind.GOODS
        elif VOUCHER.match(code):
            kind = LineKind.VOUCHER
        else:
            kind = LineKind.SHIPPING if code in SHIPPING else LineKind.FEE
        _kinds[code] = kind
    return kind


def _category(text: str) -> str:
    known = _categories.get(text)
    if known is None:
        known = _categories[text] = category_of(text)
    return known


def _country(name: str) -> tuple[str, str]:
    """The ISO code that is kept, and the place that decides about VAT and the way."""
    if name in VAGUE_COUNTRIES:
        return VAGUE_COUNTRIES[name]
    code = COUNTRIES.get(name, "")
    return code, code


def _exact(cells: list[Cells]) -> Decimal:
    return sum((cell.price * cell.quantity for cell in cells), ZERO)


def _is_credit(invoice: str) -> bool:
    return invoice[:1] in {"C", "c"}
