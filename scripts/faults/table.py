"""What a row is, how it ends, and the table of all rows in docs/reliability.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scripts.faults.stage import Stage

DATABASES = ("sqlite", "postgresql")
PASS, FAIL, NOT_RUN, NOT_HERE = "pass", "FAIL", "NOT RUN", "n/a"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"


class Broken(Exception):
    """Something that must hold does not."""


class NotRun(Exception):
    """The row could not be tried on this machine; the text says why."""


@dataclass(frozen=True)
class Case:
    """One line of the table. ``run`` returns what was seen, or raises ``Broken``.

    ``row`` is its id, ``name`` the variant, ``holds`` what is shown. ``only`` names the one
    database where it has a meaning, and ``why`` says why.
    """

    row: str
    name: str
    holds: str
    run: Callable[[Stage], str]
    only: str = ""
    why: str = ""

    @property
    def label(self) -> str:
        """What `--only` compares with."""
        return f"{self.row} {self.name}"


@dataclass(frozen=True)
class Seen:
    """How a case ended on one database."""

    case: Case
    database: str
    result: str
    said: str

    @property
    def is_fine(self) -> bool:
        """Whether the command may end well: a row that was not run is not fine."""
        return self.result in {PASS, NOT_HERE}


def try_out(case: Case, stage: Stage) -> Seen:
    """Run one case; whatever goes wrong is its result."""
    if case.only not in {"", stage.database}:
        return Seen(case, stage.database, NOT_HERE, case.why)
    try:
        return Seen(case, stage.database, PASS, case.run(stage))
    except NotRun as missing:
        return Seen(case, stage.database, NOT_RUN, str(missing))
    except Exception as problem:
        return Seen(case, stage.database, FAIL, f"{type(problem).__name__}: {problem}")


def expect(**pairs: tuple[Any, Any]) -> None:
    """Raise ``Broken`` with every pair (seen, wanted) that differs."""
    wrong = [
        f"{what.replace('_', ' ')}: {seen!r}, not {wanted!r}"
        for what, (seen, wanted) in pairs.items()
        if seen != wanted
    ]
    if wrong:
        raise Broken("; ".join(wrong))


def line(seen: Seen) -> str:
    """A result as the terminal shows it."""
    case = seen.case
    return f"{case.row:<5}{case.name:<54}{seen.database:<12}{seen.result:<9}{seen.said}"


def write(results: Sequence[Seen], page: Path) -> None:
    """Put the table between the marks of ``page``."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{page} lacks the marks of the table")
    text = f"{before}{BEGIN}\n{as_markdown(results)}{END}{after}"
    page.write_text(text, encoding="utf-8")


def as_markdown(results: Sequence[Seen]) -> str:
    """One line for each case, a column for each database."""
    rows = ["| row | case | what holds | SQLite | PostgreSQL |", "|---|---|---|---|---|"]
    cells: dict[Case, dict[str, Seen]] = {}
    for seen in results:
        cells.setdefault(seen.case, {})[seen.database] = seen
    for case, found in cells.items():
        told = [_cell(found.get(database)) for database in DATABASES]
        rows.append(f"| {case.row} | {case.name} | {case.holds} | {told[0]} | {told[1]} |")
    return "\n".join(rows) + "\n"


def rows_of(page: Path) -> set[str]:
    """The ids of the rows in the table of ``page``."""
    text = page.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    lines = [one.split("|")[1].strip() for one in text.splitlines() if one.startswith("|")]
    return set(lines[2:])


def _cell(seen: Seen | None) -> str:
    if seen is None:
        return NOT_RUN
    return f"{seen.result}: {seen.said}" if seen.said else seen.result
