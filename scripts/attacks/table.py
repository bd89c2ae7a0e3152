"""The table of all rows, on the terminal and in docs/security.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripts.attacks.rows import FAIL, NOT_APPLICABLE, OPEN, PASS, Seen

RESULTS = (PASS, NOT_APPLICABLE, FAIL, OPEN)
BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"


def line(seen: Seen) -> str:
    """A row as the terminal shows it: number, attack, expected, got."""
    return f"{seen.number:<4}{seen.result:<15}{seen.attack}: {seen.expected} | {seen.said}"


def write(rows: Sequence[Seen], page: Path) -> None:
    """Put the table between the marks of ``page``."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{page} lacks the marks of the table")
    page.write_text(f"{before}{BEGIN}\n{_markdown(rows)}{END}{after}", encoding="utf-8")


def _markdown(rows: Sequence[Seen]) -> str:
    lines = ["| row | attack | expected | got |", "|---|---|---|---|"]
    lines += [
        f"| {one.number} | {one.attack} | {one.expected} | {one.result}: {_cell(one.said)} |"
        for one in rows
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")[:300]
