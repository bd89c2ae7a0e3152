"""What came out of a trial, as a reader understands it: sums, shares, sorted segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.checking import conflicts, refusals
from rebond.domain.policies.engine import read_policy
from rebond.domain.policies.queries import market_of
from rebond.insights.trials.comparing import (
    OTHERS,
    SEGMENTS,
    SUMS,
    rules_that_never_fired,
)
from rebond.insights.trials.models import Trial

VERDICTS = ("approve", "review", "decline")


@dataclass(frozen=True)
class Sums:
    """One amount by the base and by the tried policy, in minor units of ``currency``."""

    currency: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        """How much more the tried policy comes to."""
        return self.after - self.before


@dataclass(frozen=True)
class Row:
    """One value of a segment, or the whole. Shares are whole percent of its cases."""

    value: str
    cases: int
    kinder: int
    stricter: int
    terms: int
    money: tuple[Sums, ...]

    @property
    def otherwise(self) -> int:
        """How many would be decided otherwise."""
        return self.kinder + self.stricter

    def share(self, count: int) -> int:
        """``count`` of the cases in whole percent, never 0 for some."""
        return max(1, count * 100 // self.cases) if count and self.cases else 0

    @property
    def kinder_share(self) -> int:
        """Whole percent that would be decided more kindly."""
        return self.share(self.kinder)

    @property
    def stricter_share(self) -> int:
        """Whole percent that would be decided more strictly."""
        return self.share(self.stricter)


@dataclass(frozen=True)
class Example:
    """One case that would be decided otherwise."""

    number: str
    asked_on: str
    was: str
    would_be: str
    refund: Sums


@dataclass(frozen=True)
class Counted:
    """Counts by the base and by the tried policy. ``name`` says of what."""

    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Compared:
    """One tally, told: the whole, each verdict before and after, segments, examples."""

    whole: Row
    verdicts: tuple[Counted, ...]
    counts: tuple[Counted, ...]
    sums: Mapping[str, tuple[Sums, ...]]
    segments: Mapping[str, tuple[Row, ...]]
    kinder: tuple[Example, ...]
    stricter: tuple[Example, ...]


@dataclass(frozen=True)
class Orders:
    """Orders nobody sent back. ``days`` is the average more (or less) time, in tenths of a day."""

    orders: int
    lines: int
    longer: int
    shorter: int
    tenths: int
    open_before: int
    open_after: int
    excluded_before: int
    excluded_after: int


@dataclass(frozen=True)
class Report:
    """All that a trial found out.

    ``never_fired`` and ``set_aside`` name rules of the tried policy: those that were about
    nothing, and those that the law set aside in so many cases. ``breaches`` are where the
    policy is below the law. ``by_law`` counts withdrawals, which no policy decides.
    """

    trial: Trial
    returns: Compared
    simulated: Compared
    orders: Orders
    never_fired: tuple[str, ...]
    set_aside: tuple[tuple[str, int], ...]
    breaches: tuple[Any, ...] = ()
    by_law: int = 0
    undecided: int = 0


def report_of(trial: Trial) -> Report:
    """The report of ``trial``, of whatever was counted so far."""
    tally = trial.tally or {}
    returns, simulated = tally.get("returns") or {}, tally.get("simulated") or {}
    fired = (returns.get("fired", {}), simulated.get("fired", {}))
    set_aside: dict[str, int] = {}
    for one in (returns, simulated):
        for name, count in one.get("set_aside", {}).items():
            set_aside[name] = set_aside.get(name, 0) + count
    ids = [use.id for use in read_policy(trial.document).uses]
    looked_at = _row("", returns.get("whole")).cases + _row("", simulated.get("whole")).cases
    return Report(
        trial=trial,
        returns=_compared(returns),
        simulated=_compared(simulated),
        orders=_orders(tally.get("orders") or {}),
        never_fired=tuple(rules_that_never_fired(ids, *fired)) if looked_at else (),
        set_aside=tuple(sorted(set_aside.items(), key=lambda one: (-one[1], one[0]))),
        breaches=refusals(conflicts(trial.document, market_of(trial.shop))),
        by_law=tally.get("by_law", 0),
        undecided=tally.get("undecided", 0),
    )


def _compared(tally: Mapping[str, Any]) -> Compared:
    steps = tally.get("verdicts", {})
    examples = tally.get("examples", {})
    return Compared(
        whole=_row("", tally.get("whole")),
        verdicts=tuple(_verdicts(steps)),
        counts=tuple(
            Counted(name, *pair) for name, pair in sorted(tally.get("counts", {}).items())
        ),
        sums={name: _money(tally.get("sums", {}).get(name, {})) for name in SUMS},
        segments={name: _segment(name, tally) for name in SEGMENTS},
        kinder=tuple(map(_example, examples.get("kinder", ()))),
        stricter=tuple(map(_example, examples.get("stricter", ()))),
    )


def _segment(name: str, tally: Mapping[str, Any]) -> tuple[Row, ...]:
    """The rows of a segment: months in their order, others by how much changes."""
    cells = tally.get("segments", {}).get(name, {})
    rows = [_row(value, cell) for value, cell in cells.items()]
    if name == "month":
        return tuple(sorted(rows, key=lambda row: (row.value == OTHERS, row.value)))
    return tuple(sorted(rows, key=lambda row: (-row.otherwise, -row.cases, row.value)))


def _row(value: str, cell: Mapping[str, Any] | None) -> Row:
    if not cell:
        return Row(value, 0, 0, 0, 0, ())
    ways = (cell["kinder"], cell["stricter"], cell["terms"])
    return Row(value, cell["cases"], *ways, _money(cell["money"]))


def _money(pairs: Mapping[str, list[int]]) -> tuple[Sums, ...]:
    return tuple(Sums(currency, *pair) for currency, pair in sorted(pairs.items()))


def _verdicts(steps: Mapping[str, int]) -> list[Counted]:
    split = [(step.partition(">")[0], step.partition(">")[2], steps[step]) for step in steps]
    return [
        Counted(
            verdict,
            sum(count for was, _, count in split if was == verdict),
            sum(count for _, now, count in split if now == verdict),
        )
        for verdict in VERDICTS
    ]


def _example(row: list[Any]) -> Example:
    _, number, asked, was, would_be, before, after, currency = row
    return Example(number, asked, was, would_be, Sums(currency, before, after))


def _orders(tally: Mapping[str, Any]) -> Orders:
    opened, excluded = tally.get("open_today", (0, 0)), tally.get("excluded", (0, 0))
    many = tally.get("orders", 0)
    return Orders(
        orders=many,
        lines=tally.get("lines", 0),
        longer=tally.get("longer", 0),
        shorter=tally.get("shorter", 0),
        tenths=round(tally.get("days", 0) * 10 / many) if many else 0,
        open_before=opened[0],
        open_after=opened[1],
        excluded_before=excluded[0],
        excluded_after=excluded[1],
    )
