"""Drawings made from numbers: shapes only, the numbers stand beside them in a table.  (pure)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rebond.insights.trials.report import Row, Sums

WIDTH, HEIGHT = 600, 160
FOOT = 4


@dataclass(frozen=True)
class Chart:
    """Two lines over months, as points of a drawing of ``WIDTH`` by ``HEIGHT``.

    ``rows`` are each month with its sums; ``highest`` is what the top of the drawing stands for.
    """

    before: str
    after: str
    rows: tuple[tuple[str, Sums], ...]
    highest: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_drawn(self) -> bool:
        """Whether there is a line to draw: a single month is only a number."""
        return len(self.rows) > 1 and self.highest > 0


def lines_over_months(months: Sequence[Row], currency: str) -> Chart:
    """Refunds in ``currency`` by month, then and by the tried policy."""
    rows = tuple(
        (month.value, next((s for s in month.money if s.currency == currency), _none(currency)))
        for month in months
    )
    highest = max((max(sums.before, sums.after) for _, sums in rows), default=0)
    return Chart(
        _points([sums.before for _, sums in rows], highest),
        _points([sums.after for _, sums in rows], highest),
        rows,
        highest,
    )


def _none(currency: str) -> Sums:
    return Sums(currency, 0, 0)


def _points(values: Sequence[int], highest: int) -> str:
    step = WIDTH / max(1, len(values) - 1)
    room = HEIGHT - 2 * FOOT
    return " ".join(
        f"{place * step:.1f},{HEIGHT - FOOT - room * value / max(1, highest):.1f}"
        for place, value in enumerate(values)
    )


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, and how much of the room it fills, in whole percent."""

    value: int
    percent: int
    place: int

    @property
    def top(self) -> int:
        """Where an upright bar begins in a drawing that is a hundred high."""
        return 100 - self.percent


def bars(values: Sequence[int]) -> list[Bar]:
    """A bar for each of ``values``, the highest fills the room; only zero has no length."""
    highest = max(values, default=0)
    return [
        Bar(value, max(2, value * 100 // highest) if value else 0, place)
        for place, value in enumerate(values)
    ]
