"""The pieces of a trial one after the other, judged here or by several processes side by side."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from rebond.insights.trials.models import Trial
from rebond.insights.trials.running import Run
from rebond.kernel.children import child_pool

WORTH_A_PROCESS = 20_000
"""Rows from which a second process is worth its start."""
MOST_PROCESSES = 2
AHEAD = 2
"""Pieces given to each process before the first of them is back."""


class Start(NamedTuple):
    """One piece: what it is about, where it begins, and where it ends (None: at the last row)."""

    stage: str
    cursor: Sequence[str]
    until: Sequence[str] | None


class Step(NamedTuple):
    """A piece that was counted: ``seen`` rows of ``stage``, the last one at ``cursor``."""

    stage: str
    cursor: Sequence[str]
    seen: int


def processes_for(trial: Trial) -> int:
    """How many processes look at ``trial``: one for a small past, never more than the machine's."""
    if trial.total < WORTH_A_PROCESS:
        return 1
    return max(1, min(MOST_PROCESSES, os.cpu_count() or 1))


@contextmanager
def counted(trial: Trial, run: Run, processes: int) -> Iterator[Iterator[Step]]:
    """The pieces of ``trial`` from where it stands, each added to the tallies of ``run``."""
    if processes == 1:
        yield _alone(trial, run)
        return
    with child_pool(processes) as pool:
        yield _side_by_side(trial, run, pool, processes * AHEAD)


def _alone(trial: Trial, run: Run) -> Iterator[Step]:
    cursor = trial.cursor
    for stage in run.stages(trial.stage):
        while (piece := run.judge(stage, cursor)) is not None:
            cursor = piece.cursor
            yield Step(stage, cursor, piece.seen)
        cursor = []


def _side_by_side(trial: Trial, run: Run, pool: ProcessPoolExecutor, ahead: int) -> Iterator[Step]:
    starts = _starts(trial, run)
    waiting: deque[tuple[Start, Future[tuple[Mapping[str, Any], int, list[str]] | None]]] = deque()
    while True:
        while len(waiting) < ahead and (start := next(starts, None)) is not None:
            asked = pool.submit(_judged, str(trial.pk), run.at, run.today, start)
            waiting.append((start, asked))
        if not waiting:
            return
        start, asked = waiting.popleft()
        answer = asked.result()
        if answer is not None:
            tallies, seen, cursor = answer
            run.tallies.absorb(tallies)
            yield Step(start.stage, cursor, seen)


def _starts(trial: Trial, run: Run) -> Iterator[Start]:
    cursor: Sequence[str] = trial.cursor
    for stage in run.stages(trial.stage):
        while (until := run.end_of_piece(stage, cursor)) is not None:
            yield Start(stage, cursor, until)
            cursor = until
        yield Start(stage, cursor, None)
        cursor = []


_mine: dict[str, Run] = {}


def _judged(
    trial_id: str, at: datetime, day: date, start: Start
) -> tuple[Mapping[str, Any], int, list[str]] | None:
    """In a process of its own: what one piece counts. The policies are read once."""
    run = _mine.get(trial_id)
    if run is None:
        trial = Trial.objects.select_related("shop").get(pk=UUID(trial_id))
        run = _mine[trial_id] = Run(trial, at, day)
    run.begin_afresh()
    piece = run.judge(start.stage, start.cursor, start.until)
    return None if piece is None else (run.tallies.plain(), piece.seen, piece.cursor)
