"""A version of the policy tried on the past: begun, watched, stopped, gone on with, read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Day, YesOrNo
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.insights.trials.actions import Wanted, resume_trial, start_trial, stop_trial
from rebond.insights.trials.errors import UnknownTrial
from rebond.insights.trials.models import Base, Trial, TrialState
from rebond.insights.trials.queries import one_trial
from rebond.insights.trials.report import report_of

router = Router(tags=["policies"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class TrialIn(Body):
    """Which days, both inside; against what was decided ``then`` or the version ``in_force``.

    ``with_orders`` looks at orders nobody sent back too: until when they could have come.
    ``with_simulated`` makes up a request for each of these.
    """

    first: Day
    last: Day
    base: Base = Base.THEN
    with_orders: YesOrNo = True
    with_simulated: YesOrNo = False


class TrialOut(Schema):
    """A trial: ``running``, ``stopped`` or ``done``; ``done`` of ``total`` rows are looked at."""

    id: str
    policy: int
    revision: int
    state: TrialState
    first: str
    last: str
    base: Base
    done: int
    total: int
    lines: int
    started_at: str
    ended_at: str | None


class TrialReportOut(TrialOut):
    """A trial with what was counted so far; amounts in minor units of their currency.

    ``returns`` and ``simulated`` compare past and made-up requests: the whole, each verdict before
    and after, sums, segments (month, reason, category, country, customer), examples that would be
    decided more kindly or strictly. ``orders`` are those nobody sent back. ``never_fired`` names
    rules that were about nothing, ``set_aside`` those that the law overruled, and how often.
    """

    returns: dict[str, Any]
    simulated: dict[str, Any]
    orders: dict[str, Any]
    never_fired: list[str]
    set_aside: dict[str, int]
    by_law: int
    undecided: int


class TrialsOut(Schema):
    """The newest trials of a version, whatever its draft said then."""

    items: list[TrialOut]


@router.post(
    "/policies/{int:number}/trials",
    auth=Key(Scope.POLICIES_WRITE),
    response={202: TrialOut, **REFUSED},
    operation_id="start_policy_trial",
)
def start(request: HttpRequest, number: int, wanted: TrialIn) -> HttpResponse:
    """Try a version on past returns in the background. Needs an ``Idempotency-Key``.

    Nothing is decided anew: what it tells is what would have been decided.
    """

    def do(_: str) -> HttpResponse:
        asked = Wanted(
            first=wanted.first,
            last=wanted.last,
            base=wanted.base,
            with_orders=wanted.with_orders,
            with_simulated=wanted.with_simulated,
        )
        made = start_trial(shop_of(request), number, asked, by=actor_of(request))
        made.refresh_from_db()
        return JsonResponse(_out(made), status=202)

    return once(request, f"POST policies/{number}/trials", do)


@router.get(
    "/policies/{int:number}/trials",
    auth=Key(Scope.POLICIES_READ),
    response={200: TrialsOut, **REFUSED},
    operation_id="list_policy_trials",
)
def listed(request: HttpRequest, number: int) -> dict[str, Any]:
    """The last twenty trials of a version, the newest first."""
    rows = Trial.objects.filter(shop=shop_of(request), number=number).defer("tally", "document")
    return {"items": [_out(one) for one in rows.order_by("-id")[:20]]}


@router.get(
    "/policies/{int:number}/trials/{trial_id}",
    auth=Key(Scope.POLICIES_READ),
    response={200: TrialReportOut, **REFUSED},
    operation_id="read_policy_trial",
)
def read(request: HttpRequest, number: int, trial_id: UUID) -> dict[str, Any]:
    """How far a trial is, and what came out so far."""
    trial = one_trial(shop_of(request), number, trial_id)
    if trial is None:
        raise Http404
    report = report_of(trial)
    return _out(trial) | {
        "returns": asdict(report.returns),
        "simulated": asdict(report.simulated),
        "orders": asdict(report.orders),
        "never_fired": list(report.never_fired),
        "set_aside": dict(report.set_aside),
        "by_law": report.by_law,
        "undecided": report.undecided,
    }


@router.post(
    "/policies/{int:number}/trials/{trial_id}/stops",
    auth=Key(Scope.POLICIES_WRITE),
    response={200: TrialOut, **REFUSED},
    operation_id="stop_policy_trial",
)
def stop(request: HttpRequest, number: int, trial_id: UUID) -> dict[str, Any]:
    """Stop where it is; what was counted stays. One that ended stays as it is."""
    _known(request, number, trial_id)
    return _out(stop_trial(shop_of(request), trial_id, by=actor_of(request)))


@router.post(
    "/policies/{int:number}/trials/{trial_id}/resumptions",
    auth=Key(Scope.POLICIES_WRITE),
    response={200: TrialOut, **REFUSED},
    operation_id="resume_policy_trial",
)
def resume(request: HttpRequest, number: int, trial_id: UUID) -> dict[str, Any]:
    """Go on where it was stopped."""
    _known(request, number, trial_id)
    return _out(resume_trial(shop_of(request), trial_id, by=actor_of(request)))


def _known(request: HttpRequest, number: int, trial_id: UUID) -> None:
    if one_trial(shop_of(request), number, trial_id) is None:
        raise UnknownTrial


def _out(trial: Trial) -> dict[str, Any]:
    return {
        "id": str(trial.pk),
        "policy": trial.number,
        "revision": trial.revision,
        "state": str(trial.state),
        "first": trial.first_day.isoformat(),
        "last": trial.last_day.isoformat(),
        "base": str(trial.base),
        "done": trial.done,
        "total": trial.total,
        "lines": trial.lines,
        "started_at": trial.started_at.isoformat(),
        "ended_at": trial.ended_at.isoformat() if trial.ended_at else None,
    }
