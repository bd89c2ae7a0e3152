"""Stock told as files: one numbered CSV for each movement, in a folder that the shop reads.

Settings: ``STOCK_FOLDER``, the folder; each shop has a folder of its own in it. A file is
``stock-<place>-<end of the place's id>-<number>.csv``, complete and on the disk before it bears
that name, and never written over. Whoever reads them may move them away; a movement that is told
again, because our process died in between, comes under the same number once more.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from django.utils.text import slugify

from rebond.kernel import spreadsheet
from rebond.kernel.ids import uuid7
from rebond.outbound.stock.ports import Heard, Hearing, StockChange, StockSystem, stock_systems

COLUMNS = (
    *("number", "key", "location", "place", "sku"),
    *("pieces", "standing", "return_number", "at"),
)


@stock_systems.add
class StockFile(StockSystem):
    """UTF-8, commas, a header and one row."""

    key = "csv_file"
    title = "CSV files in a folder"
    settings = ("STOCK_FOLDER",)

    def tell(self, change: StockChange) -> Hearing:
        """Write the file; one that is there already with the same words was told before."""
        folder = self.account.setting("STOCK_FOLDER")
        if not folder:
            return Hearing(Heard.NO_ANSWER, words="REBOND_STOCK_FOLDER")
        home = Path(folder) / (self.account.shop or "shop")
        try:
            home.mkdir(parents=True, exist_ok=True)
            return _put(home / name_of(change), content_of(change))
        except OSError as problem:
            return Hearing(Heard.NO_ANSWER, words=problem.strerror or type(problem).__name__)


def name_of(change: StockChange) -> str:
    """The name of the file, by which files of a place sort in their order."""
    place = slugify(change.location)[:40] or "place"
    return f"stock-{place}-{change.location_id.hex[-8:]}-{change.number:09d}.csv"


def content_of(change: StockChange) -> bytes:
    """The header and the row."""
    row = [getattr(change, column) for column in COLUMNS[:-1]]
    lines = spreadsheet.line(COLUMNS) + spreadsheet.line([*row, change.at.isoformat()])
    return lines.encode()


def _put(path: Path, content: bytes) -> Hearing:
    part = path.with_name(f".{path.name}.{uuid7().hex}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, fails where the name is taken.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(part)
        if path.read_bytes() != content:
            return Hearing(Heard.REFUSED, words="name_taken")
        _settle(path.parent)
        return Hearing(Heard.TAKEN, reference=path.name)
    finally:
        part.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Bring the new name itself to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
