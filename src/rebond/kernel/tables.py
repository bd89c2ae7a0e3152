"""Reads tables from files, CSV (also gzip) or Parquet, row by row and never the whole at once.

Parquet needs pyarrow, which is an extra: ``pip install "rebond[parquet]"``.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any

CSV_SUFFIXES = (".csv", ".csv.gz")
PARQUET_SUFFIX = ".parquet"
_PIECE = 8192
# Of csv, of gzip, and of pyarrow, whose errors are kinds of Python's own.
_DAMAGE: tuple[type[Exception], ...] = (csv.Error, EOFError, gzip.BadGzipFile, zlib.error)
_DAMAGE += (ValueError, LookupError, OverflowError, NotImplementedError)


class TableUnreadable(Exception):
    """The file is not what its name says, or is damaged. The text says what is wrong with it."""


class ParquetUnreadable(TableUnreadable):
    """A Parquet file was given and pyarrow is not installed. The text says what to install."""


def is_csv(path: Path) -> bool:
    """Whether the name of ``path`` says CSV, plain or packed with gzip."""
    return path.name.lower().endswith(CSV_SUFFIXES)


def is_parquet(path: Path) -> bool:
    """Whether the name of ``path`` says Parquet."""
    return path.name.lower().endswith(PARQUET_SUFFIX)


def columns_of(path: Path) -> tuple[str, ...]:
    """The names of the columns, in their order; none for a file that is neither kind.

    Raises ``TableUnreadable``, ``OSError``.
    """
    if is_parquet(path):
        return tuple(_parquet(path).schema_arrow.names)
    if not is_csv(path):
        return ()
    with _readable(path), _opened(path) as file:
        return tuple(name.strip() for name in next(csv.reader(file), []))


def row_count(path: Path) -> int:
    """How many rows ``rows_of`` will give, at most: a line break inside a cell counts too.

    Raises ``TableUnreadable``, ``OSError``.
    """
    if is_parquet(path):
        return int(_parquet(path).metadata.num_rows)
    with _readable(path), _opened(path) as file:
        return max(0, sum(1 for _ in file) - 1)


def rows_of(path: Path, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Each row: its line in the file, then its cells in the order of ``columns``.

    The line of a CSV row is the last line of text it stands on, the header being line 1; that of
    a Parquet row counts from 1. A CSV cell is text, and "" where the row is too short; a Parquet
    cell has its column's type, or None. A column that the file lacks gives None. Raises
    ``TableUnreadable`` where a damaged file cannot be read any further.
    """
    return _parquet_rows(path, columns) if is_parquet(path) else _csv_rows(path, columns)


def fingerprint(path: Path, *more: str) -> str:
    """The SHA-256 of the file's bytes and of ``more``, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    for word in more:
        digest.update(b"\0" + word.encode())
    return digest.hexdigest()


def _csv_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    with _readable(path), _opened(path) as file:
        reader = csv.reader(file)
        header = [name.strip() for name in next(reader, [])]
        places = [header.index(name) if name in header else None for name in columns]
        longest = max((place for place in places if place is not None), default=-1)
        for cells in reader:
            if not cells:
                continue
            if len(cells) <= longest:
                cells += [""] * (longest + 1 - len(cells))
            yield (reader.line_num, *(None if p is None else cells[p] for p in places))


def _parquet_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    file = _parquet(path)
    present = [name for name in columns if name in file.schema_arrow.names]
    line = 0
    with _readable(path):
        for batch in file.iter_batches(batch_size=_PIECE, columns=present):
            cells = {name: batch.column(name).to_pylist() for name in present}
            nothing = [None] * batch.num_rows
            for row in zip(*(cells.get(name, nothing) for name in columns), strict=True):
                line += 1
                yield (line, *row)


def _parquet(path: Path) -> Any:
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError as error:
        raise ParquetUnreadable(
            f'{path.name}: reading Parquet needs pyarrow: pip install "rebond[parquet]"'
        ) from error
    with _readable(path):
        return parquet.ParquetFile(path)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise TableUnreadable(f"{path.name}: {error or type(error).__name__}") from error


def _opened(path: Path) -> IO[str]:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    return path.open(encoding="utf-8-sig", errors="replace", newline="")
