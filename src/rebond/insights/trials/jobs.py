"""Carries trials on in the background, a few seconds at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from rebond.insights.trials.actions import Progress, count_total, end_trial, keep_progress
from rebond.insights.trials.models import Stage, Trial
from rebond.insights.trials.pieces import Step, counted, processes_for
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
    put_aside_at = monotonic() + PUT_ASIDE_SECONDS
    unkept = Unkept(trial)
    with counted(trial, run, processes_for(trial)) as steps:
        for step in steps:
            unkept.add(step)
            is_over = monotonic() >= ends
            if is_over or monotonic() >= put_aside_at:
                if not unkept.put_aside(run):
                    return True
                tell(trial)
                put_aside_at = monotonic() + PUT_ASIDE_SECONDS
            if is_over:
                return False
    if not unkept.put_aside(run):
        return True
    tell(trial)
    end_trial(trial)
    return True


class Unkept:
    """How far the pieces got since ``trial`` was put aside last."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.stage, self.cursor, self.done = trial.stage, trial.cursor, trial.done

    def add(self, step: Step) -> None:
        """One more piece was counted."""
        self.stage, self.cursor = step.stage, step.cursor
        self.done += step.seen

    def put_aside(self, run: Run) -> bool:
        """Keep it; False when somebody stopped the trial or carried it on meanwhile."""
        tallies = run.tallies
        progress = Progress(self.stage, self.cursor, self.done, tallies.lines, tallies.plain())
        if not keep_progress(self.trial, progress):
            return False
        self.trial.stage, self.trial.done = self.stage, self.done
        self.trial.lines = tallies.lines
        return True
