"""Reads files of orders into a shop, piece by piece, and goes on where it was stopped.

Used by `rebond import orders` and by the demo.
"""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rebond.cli.boot import set_up
from rebond.kernel import tables

if TYPE_CHECKING:
    from rebond.domain.orders.importing.documents import BadRow, Document, Piece
    from rebond.domain.orders.models import ImportRun
    from rebond.domain.orders.ports import OrderSource
    from rebond.domain.refunds.importing import Planner

ROWS_IN_CHUNK = {"sqlite": 500, "postgresql": 4000}
"""How many rows of a file one transaction takes: on SQLite it keeps all other writers waiting."""


class CannotImport(Exception):
    """The import cannot begin or go on; the text says why, for people."""


@dataclass(frozen=True)
class Progress:
    """How far one file is read. ``rows_total`` is at least what will be read."""

    file_name: str
    rows_done: int
    rows_total: int
    seconds: float


@dataclass
class Imported:
    """What became of one file.

    ``figures`` are those of the whole file, also where an earlier run began it. ``rows_left_out``
    counts rows that the next file has too. ``longest_write`` is in seconds.
    """

    file_name: str
    source: str
    rows: int
    rows_left_out: int
    figures: dict[str, Any]
    report: Path
    was_finished: bool
    taken_up_at: int
    seconds: float = 0.0
    longest_write: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)


def run_import(
    paths: Sequence[str | Path],
    *,
    shop_slug: str,
    payment_provider: str = "",
    shift_to: date | None = None,
    report: Path | None = None,
    rows_in_chunk: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[Imported]:
    """Read ``paths`` in their order into the shop, and say what became of each.

    What was read before is not read twice, whether a run ended or was killed. ``payment_provider``
    takes the payments for which a file names none (default: the shop's). ``shift_to`` moves all
    moments by whole weeks, so that the last day of all files falls into the seven days before it.
    ``report`` is the file for rows that were not taken as they stand; by default one for each
    file in the folder ``reports`` beside the installation's data. ``progress`` is called after
    each transaction. Raises ``CannotImport``, also in the middle
    when another process reads the same file: nothing is written twice.
    """
    set_up()
    from rebond.domain.shops.models import Shop
    from rebond.kernel.actions import outside_transaction

    outside_transaction()
    shop = Shop.objects.filter(slug=shop_slug).first()
    if shop is None:
        raise CannotImport(f"there is no shop {shop_slug!r}")
    files = [_File(Path(path), shop.time_zone) for path in paths]
    _leave_overlaps_to_the_later(files)
    weeks = _weeks(files, shift_to)
    importer = _Importer(shop, payment_provider, weeks, rows_in_chunk, progress)
    return [importer.read(file, report) for file in files]


class _File:
    """A file, the source that understands it, and how it is to be read."""

    def __init__(self, path: Path, zone: str) -> None:
        from rebond.domain.orders.ports import Reading

        self.path = path
        try:
            self.source = _source_for(path)
            self.rows_total = tables.row_count(path)
        except (OSError, tables.TableUnreadable) as error:
            raise CannotImport(str(error)) from error
        self.reading = Reading(zone=zone)

    def pieces(self) -> Iterator[Piece]:
        try:
            yield from self.source.rows(self.path, self.reading)
        except (OSError, tables.TableUnreadable) as error:
            raise CannotImport(str(error)) from error


def _source_for(path: Path) -> OrderSource:
    from rebond.domain.orders.ports import order_sources

    if not path.is_file():
        raise CannotImport(f"there is no file {path}")
    for key in order_sources.keys():  # noqa: SIM118
        source = order_sources[key]()
        if source.understands(path):
            return source
    raise CannotImport(
        f"{path.name}: no source knows a file with the columns "
        f"{', '.join(tables.columns_of(path)) or '(none)'}; see docs/reference/import.md"
    )


def _leave_overlaps_to_the_later(files: list[_File]) -> None:
    """What two files of one source both have is read from the later one."""
    for file, after in pairwise(files):
        if file.source.key == after.source.key:
            file.reading = replace(file.reading, until=after.source.begins(after.path))


def _weeks(files: list[_File], shift_to: date | None) -> int:
    if shift_to is None:
        return 0
    from rebond.domain.orders.importing.documents import Document

    days = [
        piece.at.date() for file in files for piece in file.pieces() if isinstance(piece, Document)
    ]
    return ((shift_to - timedelta(days=1)) - max(days)).days // 7 if days else 0


class _Importer:
    """One shop that takes files, one after the other."""

    def __init__(
        self,
        shop: Any,
        provider: str,
        weeks: int,
        rows_in_chunk: int | None,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        from django.db import connection

        from rebond.domain.orders.importing.memory import remembered
        from rebond.domain.refunds.importing import returns_of

        self.shop = shop
        self.weeks = weeks
        self.chunk_size = rows_in_chunk or ROWS_IN_CHUNK[connection.vendor]
        self.progress = progress
        self.options = [f"provider={provider}", f"weeks={weeks}"]
        self._remember = lambda: (remembered(shop, provider=provider), returns_of(shop))
        self._memory: Any = None

    def read(self, file: _File, report: Path | None) -> Imported:
        from rebond.domain.refunds.importing import Planner, begin_import, finish_import

        mark = tables.fingerprint(file.path, *self.options, f"until={file.reading.until}")
        run = begin_import(
            self.shop, fingerprint=mark, source=file.source.key, file_name=file.path.name[:200]
        )
        place = report or _reports_folder() / f"import-{self.shop.slug}-{mark[:12]}.csv"
        done = Imported(
            *(file.path.name, file.source.key, run.rows_done, 0, run.figures, place),
            was_finished=run.is_finished,
            taken_up_at=run.rows_done,
        )
        if not run.is_finished:
            if self._memory is None:
                self._memory = self._remember()
            planner = Planner(*self._memory, source=file.source.key)
            self._read_on(file, run, planner, done)
            finish_import(run, by="system")
        done.rows, done.figures = run.rows_done, run.figures
        done.rows_left_out = max(0, file.rows_total - done.rows) if file.reading.until else 0
        done.reasons = {
            name.removeprefix("reason:"): count
            for name, count in sorted(run.figures.items())
            if name.startswith("reason:")
        }
        return done

    def _read_on(self, file: _File, run: ImportRun, planner: Planner, done: Imported) -> None:
        from rebond.domain.refunds.importing import ImportOvertaken, keep_chunk

        began = time.monotonic()
        with _Report(done.report, run) as report:
            for pieces in _chunks(file.pieces(), skip=run.rows_done, size=self.chunk_size):
                if self.weeks:
                    _shift(pieces, timedelta(weeks=self.weeks))
                chunk = planner.chunk(pieces, after=run.rows_done, figures=run.figures)
                chunk.figures["report_bytes"] = report.write(file.path.name, chunk.remarks)
                wrote = time.monotonic()
                try:
                    keep_chunk(run, chunk)
                except ImportOvertaken as error:
                    raise CannotImport(f"another process is reading {error}") from error
                done.longest_write = max(done.longest_write, time.monotonic() - wrote)
                done.seconds = time.monotonic() - began
                if self.progress:
                    self.progress(
                        Progress(file.path.name, run.rows_done, file.rows_total, done.seconds)
                    )


def _chunks(pieces: Iterator[Piece], *, skip: int, size: int) -> Iterator[list[Piece]]:
    """Pieces with some ``size`` rows together, without those that stand for the first ``skip``."""
    from rebond.domain.orders.importing.documents import rows_in

    chunk: list[Piece] = []
    rows = 0
    for piece in pieces:
        if skip > 0:
            skip -= rows_in(piece)
            continue
        chunk.append(piece)
        rows += rows_in(piece)
        if rows >= size:
            yield chunk
            chunk, rows = [], 0
    if chunk:
        yield chunk


def _shift(pieces: list[Piece], by: timedelta) -> None:
    from rebond.domain.orders.importing.documents import Document

    for piece in pieces:
        if isinstance(piece, Document):
            _shift_document(piece, by)


def _shift_document(document: Document, by: timedelta) -> None:
    document.at += by
    if document.delivered_on:
        document.delivered_on += by
    if document.invoice_date:
        document.invoice_date += by
    document.derived = {
        **document.derived,
        "order": [*document.derived.get("order", []), "ordered_at", "invoice_date"],
    }


class _Report:
    """The file of rows that were not taken as they stand; grows with the chunks.

    What a killed run wrote beyond its last transaction is cut off when the next one takes over.
    """

    HEADER = ("file", "line", "reason", "facts")

    def __init__(self, path: Path, run: ImportRun) -> None:
        self.path = path
        self._kept = int(run.figures.get("report_bytes", 0))

    def __enter__(self) -> _Report:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        known = self.path.exists() and self.path.stat().st_size >= self._kept > 0
        if not known:
            self.path.write_text("", encoding="utf-8")
        os.truncate(self.path, self._kept if known else 0)
        self._file = self.path.open("a", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        if not known:
            self._writer.writerow(self.HEADER)
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def write(self, file_name: str, rows: list[BadRow]) -> int:
        """Add ``rows`` and return the size of the file with them, in bytes."""
        for row in rows:
            facts = json.dumps(row.facts, ensure_ascii=False)
            self._writer.writerow((file_name, row.row, row.reason, facts))
        self._file.flush()
        return self.path.stat().st_size


def _reports_folder() -> Path:
    from django.conf import settings

    return Path(settings.ENVIRONMENT.home) / "reports"
