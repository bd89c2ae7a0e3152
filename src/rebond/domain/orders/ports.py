"""What a source of orders must do for us."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rebond.kernel.plugs import Socket


@dataclass(frozen=True)
class BadRow:
    """A row that could not be read: its line in the file (1 is the first) and a stable reason."""

    line: int
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


class OrderSource(Protocol):
    """Reads orders out of one kind of file. ``suffixes`` are those it understands."""

    key: str
    title: str

    def understands(self, path: Path) -> bool:
        """Whether this source recognises the file by its columns."""
        ...

    def rows(self, path: Path, *, start: int) -> Iterator[Any]:
        """The file's content in pieces, beginning after row ``start``."""
        ...


order_sources: Socket[OrderSource] = Socket("shops")
