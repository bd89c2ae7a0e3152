"""What a bar is, how it was met, and its table in docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- load: begin -->", "<!-- load: end -->"


@dataclass(frozen=True)
class Row:
    """One bar as it was measured. ``is_met`` None: this run could not judge it; see ``why``."""

    id: str
    bar: str
    measured: str
    is_met: bool | None
    why: str = ""

    @property
    def verdict(self) -> str:
        """In one word."""
        return {True: "met", False: "MISSED", None: "not judged"}[self.is_met]


def line(row: Row) -> str:
    """As the terminal shows it."""
    why = f"  ({row.why})" if row.why else ""
    return f"{row.id:<5}{row.verdict:<12}{row.measured}{why}\n     bar: {row.bar}"


def write(found: dict[str, Sequence[Row]], about: str, page: Path) -> None:
    """Put the tables, one for each database, between the marks of ``page``."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{page} lacks the marks of the tables")
    tables = "\n".join(_table(database, rows) for database, rows in found.items())
    page.write_text(f"{before}{BEGIN}\n{about}\n\n{tables}{END}{after}", encoding="utf-8")


def _table(database: str, rows: Sequence[Row]) -> str:
    lines = [f"### {database}", "", "| | bar | measured | |", "|---|---|---|---|"]
    lines += [
        f"| {r.id} | {r.bar} | {r.measured} | {r.verdict}{f': {r.why}' if r.why else ''} |"
        for r in rows
    ]
    return "\n".join(lines) + "\n\n"


def share(times: Sequence[float], percent: float) -> float:
    """The time that ``percent`` of all stayed within; 0.0 of none. Same unit as given."""
    ordered = sorted(times)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
