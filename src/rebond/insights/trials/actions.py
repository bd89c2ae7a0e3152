"""The life of a trial: started, carried on piece by piece, stopped, taken up again, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from rebond.domain.policies.actions import version_of
from rebond.domain.shops.models import Shop
from rebond.insights.trials.errors import TrialOfNothing, UnknownTrial
from rebond.insights.trials.events import TrialEnded, TrialStarted
from rebond.insights.trials.models import Base, Stage, Trial, TrialState
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.jobs import later

GO_ON = "rebond.insights.trials.jobs.go_on"


@dataclass(frozen=True)
class Wanted:
    """What to try a policy on. ``first`` and ``last`` are days, both inside."""

    first: date
    last: date
    base: Base = Base.THEN
    with_orders: bool = True
    with_simulated: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a worker got: where to go on, and what was counted so far."""

    stage: str
    cursor: Sequence[str]
    done: int
    lines: int
    tally: Mapping[str, Any]


@action
def start_trial(
    shop: Shop, number: int, wanted: Wanted, *, by: str, in_background: bool = True
) -> Trial:
    """Begin to try version ``number`` on the past. Raises ``UnknownPolicyVersion``.

    Raises ``TrialOfNothing`` for days the wrong way round. ``in_background`` False leaves it to
    the caller to carry it on, as the console does.
    """
    if wanted.first > wanted.last:
        raise TrialOfNothing(first=wanted.first.isoformat(), last=wanted.last.isoformat())
    version = version_of(shop, number)
    trial = Trial.objects.create(
        shop=shop,
        number=number,
        revision=version.revision,
        document=version.document,
        base=wanted.base,
        first_day=wanted.first,
        last_day=wanted.last,
        with_orders=wanted.with_orders,
        with_simulated=wanted.with_simulated,
        started_by=by,
    )
    _begin(trial, by=by, in_background=in_background)
    return trial


@action
def stop_trial(shop: Shop, trial_id: UUID, *, by: str) -> Trial:
    """Stop it where it is; what was counted stays. Raises ``UnknownTrial``."""
    stopped = _move(shop, trial_id, TrialState.RUNNING, TrialState.STOPPED)
    trial = trial_of(shop, trial_id)
    if stopped:
        record(_ended(trial), shop_id=shop.pk, actor=by)
    return trial


@action
def resume_trial(shop: Shop, trial_id: UUID, *, by: str) -> Trial:
    """Go on where it was stopped. Raises ``UnknownTrial``."""
    resumed = _move(shop, trial_id, TrialState.STOPPED, TrialState.RUNNING)
    trial = trial_of(shop, trial_id)
    if resumed:
        _begin(trial, by=by, in_background=True)
    return trial


@action
def count_total(trial: Trial, total: int) -> bool:
    """Write down how much there is to do. False when the trial is no longer ours to carry on."""
    counted = Trial.objects.filter(
        pk=trial.pk, state=TrialState.RUNNING, stage=Stage.COUNTING
    ).update(total=total, stage=Stage.RETURNS)
    return bool(counted)


@action
def keep_progress(trial: Trial, progress: Progress) -> bool:
    """Put aside what was counted after ``trial.done`` rows.

    False when somebody stopped the trial or another worker carried it on meanwhile: then
    nothing is written.
    """
    kept = Trial.objects.filter(
        pk=trial.pk, state=TrialState.RUNNING, done=trial.done, stage=trial.stage
    ).update(
        stage=progress.stage,
        cursor=list(progress.cursor),
        done=progress.done,
        lines=progress.lines,
        tally=progress.tally,
    )
    return bool(kept)


@action
def end_trial(trial: Trial) -> bool:
    """Nothing is left to look at. False when somebody stopped it just before."""
    ended = Trial.objects.filter(pk=trial.pk, state=TrialState.RUNNING, done=trial.done).update(
        state=TrialState.DONE, ended_at=now()
    )
    if ended:
        trial.state = TrialState.DONE
        record(_ended(trial), shop_id=trial.shop_id, actor="system")
    return bool(ended)


def trial_of(shop: Shop, trial_id: UUID) -> Trial:
    """The trial with this id. Raises ``UnknownTrial``."""
    trial = Trial.objects.filter(shop=shop, pk=trial_id).select_related("shop").first()
    if trial is None:
        raise UnknownTrial(trial_id=str(trial_id))
    return trial


def _begin(trial: Trial, *, by: str, in_background: bool) -> None:
    if in_background:
        later(GO_ON, trial.pk, shop_id=trial.shop_id, priority=-1)
    started = TrialStarted(str(trial.pk), trial.number, trial.revision)
    record(started, shop_id=trial.shop_id, actor=by)


def _move(shop: Shop, trial_id: UUID, old: TrialState, new: TrialState) -> int:
    rows = Trial.objects.filter(shop=shop, pk=trial_id, state=old)
    return rows.update(state=new, ended_at=now() if new == TrialState.STOPPED else None)


def _ended(trial: Trial) -> TrialEnded:
    return TrialEnded(str(trial.pk), trial.number, trial.state)
