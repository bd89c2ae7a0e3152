"""Orders in our own format, as CSV, plain or packed with gzip."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rebond.domain.orders.importing import own_format
from rebond.domain.orders.importing.documents import Piece
from rebond.domain.orders.ports import Reading, order_sources
from rebond.kernel import tables


@order_sources.add
class CsvFile:
    """Comma-separated, UTF-8, with a header."""

    key = "csv"
    title = "CSV in Rebond's format"

    def understands(self, path: Path) -> bool:
        """By the name's ending and the columns that are required."""
        return tables.is_csv(path) and own_format.fits(tables.columns_of(path))

    def begins(self, path: Path) -> datetime | None:
        """Files of ours do not overlap: an order that comes twice is refused by its number."""
        return None

    def rows(self, path: Path, reading: Reading) -> Iterator[Piece]:
        """One document for each run of rows with the same number."""
        return own_format.documents(tables.rows_of(path, own_format.COLUMNS), zone=reading.zone)
