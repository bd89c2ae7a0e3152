"""Our own format for files of orders: a row for each line, a document's rows together.  (pure)

Columns, types and an example: docs/reference/import.md. Cells may be text (CSV) or typed (Parquet).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

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
from rebond.domain.shoppers.models import LONGEST_TIER, tier_word

REQUIRED = ("order_number", "ordered_at", "currency", "sku", "quantity", "unit_price")
OPTIONAL = (
    *("kind", "title", "line_kind", "line_total", "tax_rate", "category"),
    *("customer", "email", "name", "language", "country", "postcode", "delivered_on"),
    *("payment_provider", "payment_method", "payment_reference"),
    *("invoice_number", "invoice_date", "takes_back"),
    *("channel", "tags", "customer_tags", "customer_tier", "last_four", "serials"),
)
COLUMNS = REQUIRED + OPTIONAL

LARGEST = Decimal(10) ** 12
"""More than this, in whole units of a currency, is a mistake, in a line and in a document."""
MOST_PLACES = 10
"""Digits behind the point of a rate of tax."""
LONGEST_TAG, MOST_TAGS = 60, 40
LONGEST_SERIAL = 80
YEARS = range(1900, 3000)

KINDS = {"": False, "sale": False, "credit": True}
_NO_PAYMENT = {"payment": ["provider", "method", "reference", "captured", "paid_at"]}


class _Unreadable(Exception):
    """A cell that cannot be read: the reason, and what was given."""

    def __init__(self, reason: str, given: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.given = given


def fits(columns: Iterable[str]) -> bool:
    """Whether a file with these ``columns`` is in our format: it has all that are required."""
    return set(REQUIRED) <= set(columns)


def documents(rows: Iterable[tuple[Any, ...]], *, zone: str) -> Iterator[Piece]:
    """The documents of ``rows``: each its line in the file, then its cells in order of ``COLUMNS``.

    Moments without a zone are taken as local time in ``zone``.
    """
    home = ZoneInfo(zone)
    named = (_Cells(row, home) for row in rows)
    for (number, kind), cells in groupby(named, key=lambda c: (c.text("order_number"), c.kind)):
        yield _document(number, kind, list(cells))


class _Cells:
    """One row by the names of its columns."""

    def __init__(self, row: tuple[Any, ...], home: ZoneInfo) -> None:
        self.row: int = row[0]
        self._cells = dict(zip(COLUMNS, row[1:], strict=True))
        self._home = home

    @property
    def kind(self) -> str:
        return self.text("kind").lower()

    def text(self, name: str) -> str:
        value = self._cells[name]
        # PostgreSQL keeps no NUL in a text.
        return (
            "" if value is None else str(value).replace("\0", "\N{REPLACEMENT CHARACTER}").strip()
        )

    def moment(self, name: str) -> datetime:
        given = self._cells[name]
        try:
            value = (
                given if isinstance(given, datetime) else datetime.fromisoformat(self.text(name))
            )
        except ValueError as error:
            raise _Unreadable("bad_date", given) from error
        if value.year not in YEARS:
            raise _Unreadable("bad_date", given)
        return value if value.tzinfo else value.replace(tzinfo=self._home)

    def day(self, name: str) -> date | None:
        given = self._cells[name]
        if not self.text(name):
            return None
        try:
            value = given if isinstance(given, date) else date.fromisoformat(self.text(name))
        except ValueError as error:
            raise _Unreadable("bad_date", given) from error
        if value.year not in YEARS:
            raise _Unreadable("bad_date", given)
        return value.date() if isinstance(value, datetime) else value

    def number(self, name: str, reason: str) -> Decimal:
        given = self._cells[name]
        try:
            value = Decimal(repr(given) if isinstance(given, float) else self.text(name))
        except InvalidOperation as error:
            raise _Unreadable(reason, given) from error
        if not value.is_finite() or value.copy_abs() > LARGEST:
            raise _Unreadable(reason, given)
        return value

    def last_four(self) -> str:
        """The end of the card's number; a spreadsheet that dropped its zeros is understood."""
        given = self.text("last_four").removesuffix(".0")
        if given and not (given.isascii() and given.isdigit() and len(given) <= 4):
            raise _Unreadable("bad_last_four", f"{len(given)} characters")
        return given.zfill(4) if given else ""

    def words(self, name: str) -> tuple[str, ...]:
        """The words of a cell like ``sale; summer``, each once, in lower case."""
        found = dict.fromkeys(
            word.strip().lower()[:LONGEST_TAG] for word in self.text(name).split(";")
        )
        return tuple(word for word in found if word)[:MOST_TAGS]

    def line(self) -> tuple[Line, Decimal]:
        """The line, and its sum before it was rounded."""
        sku, kind = self.text("sku"), self.text("line_kind").lower() or "goods"
        if not sku or len(sku) > 64:
            raise _Unreadable("no_stock_code", sku)
        if kind not in list(LineKind):
            raise _Unreadable("bad_line_kind", kind)
        quantity = self.number("quantity", "bad_quantity")
        if quantity <= 0 or quantity != int(quantity) or quantity > 2_000_000_000:
            raise _Unreadable("bad_quantity", str(quantity))
        price = self.number("unit_price", "bad_price")
        exact = (
            self.number("line_total", "bad_price") if self.text("line_total") else price * quantity
        )
        if abs(exact) > LARGEST or (exact < 0 and kind != LineKind.FEE):
            raise _Unreadable("bad_price", str(exact))
        line = Line(
            row=self.row,
            kind=LineKind(kind),
            sku=sku,
            code=sku.upper(),
            title=self.text("title"),
            quantity=int(quantity),
            unit_price=str(price)[:20],
            total_minor=minor_of(exact, self.text("currency").upper()),
            tax_rate=self._rate(),
            category=self.text("category")[:80],
            tags=self.words("tags"),
            serials=self._serials(int(quantity)),
        )
        return line, exact

    def _serials(self, pieces: int) -> tuple[str, ...]:
        """The serial numbers of a line's pieces, one for each at most."""
        given = tuple(one for one in map(str.strip, self.text("serials").split(";")) if one)
        if len(given) > pieces or any(len(one) > LONGEST_SERIAL for one in given):
            raise _Unreadable("bad_serials", self.text("serials"))
        return given

    def _rate(self) -> str:
        if not self.text("tax_rate"):
            return "0"
        rate = self.number("tax_rate", "bad_tax_rate")
        if not 0 <= rate < 1 or rate != round(rate, MOST_PLACES):
            raise _Unreadable("bad_tax_rate", str(rate))
        return format(rate.normalize(), "f")


def _document(number: str, kind: str, cells: list[_Cells]) -> Piece:
    bad: list[BadRow] = []
    lines: list[Line] = []
    total = ZERO
    for cell in cells:
        try:
            line, exact = cell.line()
        except _Unreadable as problem:
            bad.append(_bad(cell, problem))
        else:
            lines.append(line)
            total += exact
    try:
        if abs(total) > LARGEST:
            raise _Unreadable("bad_price", str(total))
        document = _head(number, kind, cells[0], lines)
    except _Unreadable as problem:
        bad = [row for row in bad if row.row != cells[0].row] + [_bad(cells[0], problem)]
        document = None
    if document is not None and not bad:
        document.exact = total
        if document.total_minor >= 0:
            return document
        bad = [BadRow(cells[0].row, "negative_total", {"number": number, "total": str(total)})]
    said = {row.row for row in bad}
    rest = [
        BadRow(cell.row, "document_incomplete", {"number": number})
        for cell in cells
        if cell.row not in said
    ]
    return Refused(sorted(bad + rest), total, KINDS.get(kind, False))


def _head(number: str, kind: str, first: _Cells, lines: list[Line]) -> Document:
    currency = first.text("currency").upper()
    if not number or len(number) > 40:
        raise _Unreadable("no_number", number)
    if kind not in KINDS:
        raise _Unreadable("bad_kind", kind)
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise _Unreadable("bad_currency", currency)
    return Document(
        is_credit=KINDS[kind],
        number=number,
        at=first.moment("ordered_at"),
        currency=currency,
        customer=first.text("customer")[:80],
        lines=lines,
        rows=len(lines),
        email=first.text("email")[:254],
        name=first.text("name")[:200],
        language=first.text("language")[:10],
        country=first.text("country").upper()[:2],
        postcode=first.text("postcode")[:20],
        delivered_on=first.day("delivered_on"),
        payment_provider=first.text("payment_provider")[:30],
        payment_method=first.text("payment_method")[:30],
        payment_reference=first.text("payment_reference")[:120],
        last_four=first.last_four(),
        invoice_number=first.text("invoice_number")[:40],
        invoice_date=first.day("invoice_date"),
        takes_back=first.text("takes_back")[:40],
        channel=first.text("channel").lower()[:30] or "web",
        tags=first.words("customer_tags"),
        tier=tier_word(first.text("customer_tier"))[:LONGEST_TIER],
        derived={} if first.text("payment_provider") else _NO_PAYMENT,
    )


def _bad(cell: _Cells, problem: _Unreadable) -> BadRow:
    return BadRow(cell.row, problem.reason, {"given": str(problem.given)[:200]})
