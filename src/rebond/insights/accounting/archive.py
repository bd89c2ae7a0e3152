"""The archive of a period: every document with its data, the tables, and a manifest; streamed."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from rebond.domain.credit_notes.files import file_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.credit_notes.parties import bare
from rebond.domain.credit_notes.writing import books_of
from rebond.domain.exchanges.documents import sale_pdf
from rebond.domain.exchanges.models import SaleDocument
from rebond.domain.shops.models import Shop
from rebond.insights.accounting.books import (
    COLUMNS,
    Entry,
    account_of,
    entries_of,
    row_of,
    sale_entries,
)
from rebond.insights.accounting.period import (
    Period,
    as_booked,
    notes_of,
    sale_as_booked,
    sales_of,
    walk,
)
from rebond.insights.accounting.tables import (
    JOURNAL,
    ONE_STOP,
    REPORTING,
    SALES,
    DailyTotals,
    journal_rows,
    one_stop_rows,
    sale_rows,
)
from rebond.kernel import spreadsheet
from rebond.kernel.files import content_of
from rebond.kernel.money import exponent_of

IN_MEMORY = 4 * 1024 * 1024
DOS_EPOCH = (1980, 1, 1, 0, 0, 0)
Told = Callable[[int, int], None]


@dataclass
class _Summary:
    """What the manifest says beside the files."""

    documents: int = 0
    exchanged: int = 0
    sums: dict[str, dict[str, int]] = field(default_factory=dict)
    not_booked: list[str] = field(default_factory=list)
    not_in_order: list[str] = field(default_factory=list)

    def count(self, note: CreditNote) -> None:
        self.documents += 1
        total = self.sums.setdefault(note.currency, {"net": 0, "vat": 0, "gross": 0})
        total["net"] += note.net_minor
        total["vat"] += note.tax_minor
        total["gross"] += note.gross_minor


def file_name(shop: Shop, period: Period) -> str:
    """The archive's name: shop and days."""
    return f"{shop.slug}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.zip"


def archive(shop: Shop, period: Period, *, told: Told | None = None) -> Iterator[bytes]:
    """The archive in pieces, as it grows. ``told`` hears how many of how many documents are in.

    Documents lie in ``documents/``; ``journal.csv``, ``sales.csv``, the French file of entries,
    ``e-reporting.csv`` and ``oss.csv`` beside them; ``manifest.json`` and ``SHA256SUMS`` come last
    and name every other file. Nothing is kept in memory but one document at a time.
    """
    sink = _Sink()
    total = notes_of(shop, period).count() if told else 0
    with _Tables(shop) as tables, zipfile.ZipFile(sink, "w") as target:
        packed = _Packed(target)
        summary = _Summary()
        for done, note in enumerate(walk(shop, period), start=1):
            _pack(packed, note, summary)
            tables.add(note, summary)
            if told:
                told(done, total)
            yield sink.taken()
        for sale in sales_of(shop, period):
            packed.add(f"documents/{sale.label}.pdf", sale_pdf(sale))
            tables.add_sale(sale, summary)
            yield sink.taken()
        tables.pack(packed, _entries_name(shop, period))
        packed.add("manifest.json", _manifest(shop, period, packed, summary))
        packed.add("SHA256SUMS", packed.sums())
    yield sink.taken()


def _pack(packed: _Packed, note: CreditNote, summary: _Summary) -> None:
    summary.count(note)
    kept = file_of(note)
    if not kept.is_valid:
        summary.not_in_order.append(note.label)
    packed.add(f"documents/{note.label}.pdf", content_of(kept.file), kept.sha256)
    if kept.xml:
        packed.add(f"documents/{note.label}.xml", content_of(kept.xml), kept.xml_sha256)


def _entries_name(shop: Shop, period: Period) -> str:
    siren = bare(str(shop.legal.get("siren", ""))) or "000000000"
    return f"{siren}FEC{period.last:%Y%m%d}.txt"


def _manifest(shop: Shop, period: Period, packed: _Packed, summary: _Summary) -> bytes:
    told: dict[str, Any] = {
        "shop": shop.slug,
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "documents": summary.documents,
        "exchanged": summary.exchanged,
        "sums_minor": summary.sums,
        "not_booked": summary.not_booked,
        "not_in_order": summary.not_in_order,
        "files": packed.names,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


class _Sink(io.RawIOBase):
    """Takes what the archive writes and hands it on; it cannot go back."""

    def __init__(self) -> None:
        self._parts = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._parts += part
        return len(part)

    def taken(self) -> bytes:
        """What came since the last time."""
        part = bytes(self._parts)
        self._parts.clear()
        return part


class _Packed:
    """Puts files into the archive and remembers what they are."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self.target = target
        self.names: list[dict[str, Any]] = []

    def add(self, name: str, content: bytes, expected: str = "") -> None:
        """Add a file. Raises ``ValueError`` for one that is not what was kept."""
        found = hashlib.sha256(content).hexdigest()
        if expected and found != expected:
            raise ValueError(f"{name} is not the file that was kept: its SHA-256 differs")
        self.names.append({"name": name, "bytes": len(content), "sha256": found})
        info = zipfile.ZipInfo(name, DOS_EPOCH)
        info.compress_type = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        self.target.writestr(info, content)

    def sums(self) -> bytes:
        """The list that `sha256sum -c` reads."""
        lines = [f"{row['sha256']}  {row['name']}\n" for row in self.names]
        return "".join(lines).encode()


class _Tables:
    """The tables, written row by row into files that spill to disk when they grow."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.books = books_of(shop)
        self.customers = account_of("customers", self.books.accounts)[0]
        self.daily = DailyTotals()

    def __enter__(self) -> _Tables:
        self.files: list[IO[bytes]] = []
        self.journal = self._table(JOURNAL)
        self.sales = self._table(SALES)
        self.one_stop = self._table(ONE_STOP)
        self.entries = self._table(COLUMNS, delimiter="\t", encoding="iso8859-15")
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files:
            file.close()

    def add(self, note: CreditNote, summary: _Summary) -> None:
        """Enter ``note`` in each table it belongs to."""
        self.journal.add(journal_rows(note))
        self.one_stop.add(one_stop_rows(note))
        self.daily.add(note)
        if note.currency != self.shop.currency:
            summary.not_booked.append(note.label)
            return
        self._book(entries_of(as_booked(note), self.books.accounts), note.currency)

    def add_sale(self, sale: SaleDocument, summary: _Summary) -> None:
        """Enter the document of goods taken in exchange."""
        summary.exchanged += 1
        self.sales.add(sale_rows(sale))
        self.daily.add_sale(sale)
        if sale.currency != self.shop.currency:
            summary.not_booked.append(sale.label)
            return
        self._book(sale_entries(sale_as_booked(sale), self.books.accounts), sale.currency)

    def _book(self, rows: Sequence[Entry], currency: str) -> None:
        digits = exponent_of(currency)
        self.entries.add(
            row_of(row, currency=currency, digits=digits, customer_account=self.customers)
            for row in rows
        )

    def pack(self, packed: _Packed, entries_name: str) -> None:
        """Put all tables into the archive. The journal is in the order of the refunds."""
        packed.add("journal.csv", self.journal.sorted_content())
        packed.add("sales.csv", self.sales.content())
        packed.add(entries_name, self.entries.content())
        daily = self._table(REPORTING)
        daily.add(self.daily.rows())
        packed.add("e-reporting.csv", daily.content())
        packed.add("oss.csv", self.one_stop.content())

    def _table(
        self, head: Sequence[str], *, delimiter: str = ",", encoding: str = "utf-8"
    ) -> _Table:
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self.files.append(file)
        return _Table(file, head, delimiter, encoding)


class _Table:
    """One table on its way into a file."""

    def __init__(self, file: IO[bytes], head: Sequence[str], delimiter: str, encoding: str) -> None:
        self.file, self.delimiter, self.encoding = file, delimiter, encoding
        self.head = self._line(head)

    def add(self, rows: Any) -> None:
        """Add rows of plain texts."""
        for row in rows:
            self.file.write(self._line(row))

    def content(self) -> bytes:
        """The whole table with its head."""
        self.file.seek(0)
        return self.head + self.file.read()

    def sorted_content(self) -> bytes:
        """The whole table, its rows in the order of their first field."""
        self.file.seek(0)
        return self.head + b"".join(sorted(self.file.readlines()))

    def _line(self, row: Sequence[str]) -> bytes:
        if self.delimiter == "\t":
            line = "\t".join(_untabbed(row)) + "\r\n"
            return line.encode(self.encoding, "replace")
        return spreadsheet.line(row).encode(self.encoding)


def _untabbed(row: Sequence[str]) -> list[str]:
    """Fields without tabs and line ends, as the columns are kept apart by tabs alone."""
    return [" ".join(field.split()) for field in row]
