"""Rule values as dated rows, read once from the data files of this package.

A value that nobody has checked for a date is unknown: it is never borrowed
from another date.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

FOLDER = "parameters"
# The day on which the pages were last read; cases without any date are judged on it.
AS_OF = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class Row:
    """One value of one rule; ``valid_to`` is inclusive, None means still in force."""

    id: str
    value: object
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    confidence: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class ParameterUnknown(LookupError):
    """facts: parameter, on"""

    code = "PARAMETER_UNKNOWN"

    def __init__(self, parameter: str, on: date | None = None) -> None:
        super().__init__(parameter)
        self.parameter = parameter
        self.on = on


@cache
def rows() -> tuple[Row, ...]:
    """Every row of the package, files in name order, rows in file order."""
    folder = resources.files(__package__).joinpath(FOLDER)
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(
        Row(**({"valid_to": None} | entry))
        for file in files
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["row"]
    )


def row(parameter: str, on: date) -> Row:
    """The row of ``parameter`` in force on a day; raises ``ParameterUnknown`` without one."""
    for candidate in _history(parameter):
        if candidate.holds_on(on):
            return candidate
    raise ParameterUnknown(parameter, on)


def whole(parameter: str, on: date) -> int:
    """A whole number (days, months, minor units: the row's ``unit`` says which)."""
    value = row(parameter, on).value
    if not isinstance(value, int):
        raise TypeError(parameter)
    return value


def words(parameter: str, on: date) -> list[str]:
    """A list of texts."""
    value = row(parameter, on).value
    if not isinstance(value, list):
        raise TypeError(parameter)
    return [str(word) for word in value]


def steps(parameter: str, on: date) -> list[tuple[int, int]]:
    """A scale, ascending: (last day of the step, percent)."""
    value = row(parameter, on).value
    if not isinstance(value, list):
        raise TypeError(parameter)
    return [(int(last), int(percent)) for last, percent in value]


def starts_on(parameter: str) -> date:
    """The first day on which any row of ``parameter`` holds."""
    history = _history(parameter)
    if not history:
        raise ParameterUnknown(parameter)
    return min(candidate.valid_from for candidate in history)


def known(parameter: str) -> bool:
    """True when a row of ``parameter`` exists for any date."""
    return bool(_history(parameter))


@cache
def _history(parameter: str) -> tuple[Row, ...]:
    return tuple(candidate for candidate in rows() if candidate.id == parameter)
