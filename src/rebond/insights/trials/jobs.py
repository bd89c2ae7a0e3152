"""Carries trials on in the background, a few seconds at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from rebond.insights.trials.actions import Progress, count_total, end_trial, keep_progress
from rebond.insights.trials.models import Stage, Trial
from rebond.insights.trials.running import Run
from rebond.kernel.clock import monotonic, now, today
from rebond.kernel.jobs import RetryLater, behind

TURN_SECONDS = 20.0
PUT_ASIDE_SECONDS = 1.0


@behind
def go_on(trial_id: str) -> None:
    """Carry a trial on for one turn, then let others work; far shorter than a lease lasts.

    A worker that dies loses at most a second of counting: the next one goes on from there.
    """
    if not carry_on(UUID(trial_id), seconds=TURN_SECONDS):
        raise RetryLater(timedelta(0))


def carry_on(
    trial_id: UUID, *, seconds: float, tell: Callable[[Trial], None] = lambda trial: None
) -> bool:
    """Look at pieces for some ``seconds``; whether there is nothing more to do.

    ``tell`` hears of each step that was put aside.
    """
    trial = Trial.objects.select_related("shop").get(pk=trial_id)
    if not trial.is_running:
        return True
    ends = monotonic() + seconds
    run = Run(trial, now(), today(trial.shop.time_zone))
    if trial.stage == Stage.COUNTING:
        if not count_total(trial, run.count()):
            return True
        trial.refresh_from_db(fields=["total", "stage"])
        tell(trial)
    return _pieces(trial, run, ends, tell)


def _pieces(trial: Trial, run: Run, ends: float, tell: Callable[[Trial], None]) -> bool:
    stage, cursor, done, lines = trial.stage, trial.cursor, trial.done, trial.lines
    put_aside_at = monotonic() + PUT_ASIDE_SECONDS
    while True:
        stage, piece = run.next_piece(stage, cursor)
        if piece is not None:
            cursor, done = piece.cursor, done + piece.seen
        is_over = monotonic() >= ends
        if piece is None or is_over or monotonic() >= put_aside_at:
            lines = _lines(run)
            if not keep_progress(trial, Progress(stage, cursor, done, lines, run.tallies.plain())):
                return True
            trial.stage, trial.done, trial.lines = stage, done, lines
            tell(trial)
            put_aside_at = monotonic() + PUT_ASIDE_SECONDS
        if piece is None:
            end_trial(trial)
            return True
        if is_over:
            return False


def _lines(run: Run) -> int:
    counted = run.tallies
    return counted.returns.lines + counted.orders.lines + counted.simulated.lines
