"""What a row of the attack catalogue is, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts.faults.table import Broken

if TYPE_CHECKING:
    from scripts.attacks.stage import Stage

PASS, FAIL, OPEN, NOT_APPLICABLE = "pass", "FAIL", "open", "not applicable"
LAST = 96
Run = Callable[["Stage"], str]


@dataclass(frozen=True)
class Row:
    """One attack. ``run`` returns what was seen or raises ``Broken``.

    ``missing`` names what the row does not try yet. Of a row that ``cannot_apply`` ``run``
    checks the reason, so that it stays true.
    """

    number: int
    attack: str
    expected: str
    run: Run
    chapter: str
    missing: str = ""
    cannot_apply: bool = False
    is_quick: bool = True


@dataclass(frozen=True)
class Seen:
    """How a row ended."""

    number: int
    chapter: str
    attack: str
    expected: str
    result: str
    said: str


ROWS: dict[int, Row] = {}


def row(
    number: int,
    attack: str,
    expected: str,
    *,
    missing: str = "",
    cannot_apply: bool = False,
    is_quick: bool = True,
) -> Callable[[Run], Run]:
    """Put the function below into the catalogue under ``number``."""

    def keep(run: Run) -> Run:
        assert number not in ROWS, f"row {number} stands twice"
        chapter = run.__module__.rpartition(".")[2]
        ROWS[number] = Row(number, attack, expected, run, chapter, missing, cannot_apply, is_quick)
        return run

    return keep


def fire(number: int, stage: Stage) -> Seen:
    """Try one row; whatever goes wrong is its result. A part that is missing leaves it open."""
    known = ROWS.get(number)
    if known is None:
        return Seen(number, "", "not built", "", OPEN, "nothing of this row is tried yet")
    try:
        said = known.run(stage)
    except Exception as problem:
        said = f"{type(problem).__name__}: {problem}"
        return Seen(number, known.chapter, known.attack, known.expected, FAIL, said)
    result = NOT_APPLICABLE if known.cannot_apply else OPEN if known.missing else PASS
    if known.missing:
        said = f"tried: {said}; not tried: {known.missing}"
    return Seen(number, known.chapter, known.attack, known.expected, result, said)


def must(holds: object, told: str) -> None:
    """Raise ``Broken`` with ``told`` where something does not hold."""
    if not holds:
        raise Broken(told)


def must_be(seen: Any, wanted: Any, about: str) -> None:
    """Raise ``Broken`` where ``seen`` is not ``wanted``, or, beside a tuple, not one of it."""
    is_choice = isinstance(wanted, tuple) and not isinstance(seen, tuple)
    among = wanted if is_choice else (wanted,)
    if seen not in among:
        raise Broken(f"{about}: {seen!r}, not {wanted!r}")
