"""What a source of orders must do for us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from rebond.domain.orders.importing.documents import Piece
from rebond.kernel.plugs import Socket


@dataclass(frozen=True)
class Reading:
    """How a file is to be read.

    ``zone`` is the time zone of moments that name none. ``until`` leaves out everything from that
    moment on, because another file has it; None reads all.
    """

    zone: str
    until: datetime | None = None


class OrderSource(Protocol):
    """Reads orders out of one kind of file. ``key`` is kept on every order as its source."""

    key: str
    title: str

    def understands(self, path: Path) -> bool:
        """Whether this source recognises the file by its name and columns."""
        ...

    def begins(self, path: Path) -> datetime | None:
        """The first moment of a file that may overlap the one before; None where none can."""
        ...

    def rows(self, path: Path, reading: Reading) -> Iterator[Piece]:
        """The sales, credits and refused rows of the file, the same in the same order each time.

        Every row of the file up to ``reading.until`` stands in exactly one piece. A row that
        cannot be read is refused with its line and reason, together with the rest of its
        document; it raises nothing.
        """
        ...


order_sources: Socket[OrderSource] = Socket("shops")
