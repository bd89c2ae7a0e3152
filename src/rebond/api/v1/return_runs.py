"""One thing done to many returns in the background, each by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, key_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.domain.machines.errors import ScopeMissing
from rebond.domain.machines.scopes import Scope
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import DeclineReason
from rebond.domain.shops.models import Staff
from rebond.domain.work.actions import MOST_PICKED, resume_run, run_of, start_run, stop_run
from rebond.domain.work.errors import DeclineNeedsReason, UnknownColleague
from rebond.domain.work.models import BulkKind, BulkRun
from rebond.domain.work.queries import newest_runs, rows_of

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
NEWEST = 20


class RunIn(Body):
    """What is done to which returns, in their order.

    ``reason`` belongs to ``decline``. ``text`` are words to the customer (``decline``, ``ask``,
    ``remind``), our usual ones where it is empty. ``assignee`` is the e-mail address of who takes
    care of them (``assign``); nobody where it is empty.
    """

    kind: BulkKind
    returns: list[str] = Field(..., min_length=1, max_length=MOST_PICKED)
    reason: DeclineReason | None = None
    text: str = Field("", max_length=2000)
    assignee: str = Field("", max_length=254)


class RunRowOut(Schema):
    """What became of one return: ``waiting``, ``done``, or ``refused`` with ``code`` and facts."""

    number: str
    state: str
    code: str
    facts: dict[str, Any]


class RunOut(Schema):
    """A run: ``running``, ``stopped`` or ``done``; ``done`` of ``total`` returns are over."""

    id: str
    kind: str
    state: str
    total: int
    done: int
    started_at: str
    ended_at: str | None


class WholeRunOut(RunOut):
    """A run with every return of it, in their order."""

    rows: list[RunRowOut]


class RunsOut(Schema):
    """The newest runs first, at most twenty."""

    items: list[RunOut]


@router.post(
    "/return-runs",
    auth=Key(Scope.RETURNS_WRITE),
    response={202: WholeRunOut, **REFUSED},
    operation_id="start_return_run",
)
def start(request: HttpRequest, wanted: RunIn) -> HttpResponse:
    """Do one thing to up to a thousand returns in the background. Needs an ``Idempotency-Key``.

    Each return is done by itself, with what the single call would refuse: its row says why.
    ``refund`` needs the scope ``refunds:write`` too, and decides only where goods were looked at
    and nothing is open. A key that is revoked meanwhile does nothing more.
    """
    shop, key = shop_of(request), key_of(request)
    _check_scope(request, wanted.kind)
    if wanted.kind is BulkKind.DECLINE and wanted.reason is None:
        raise DeclineNeedsReason
    known = dict(
        Return.objects.filter(shop=shop, number__in=wanted.returns).values_list("number", "pk")
    )
    if len(known) < len(set(wanted.returns)):
        raise Http404
    told: dict[str, Any] = {"text": wanted.text}
    if wanted.kind is BulkKind.DECLINE and wanted.reason is not None:
        told["reason"] = wanted.reason.value
    if wanted.kind is BulkKind.ASSIGN and wanted.assignee:
        told["staff_id"] = str(_colleague(request, wanted.assignee).pk)

    def do(_: str) -> HttpResponse:
        run = start_run(
            shop,
            wanted.kind,
            [known[number] for number in wanted.returns],
            key=key,
            by=actor_of(request),
            told={name: value for name, value in told.items() if value},
        )
        return JsonResponse(_whole(run), status=202)

    return once(request, "POST return-runs", do)


@router.get(
    "/return-runs",
    auth=Key(Scope.RETURNS_READ),
    response={200: RunsOut, **REFUSED},
    operation_id="list_return_runs",
)
def listed(request: HttpRequest) -> dict[str, Any]:
    """The last runs of the shop, those of the desk too."""
    return {"items": [_run_out(run) for run in newest_runs(shop_of(request), NEWEST)]}


@router.get(
    "/return-runs/{run_id}",
    auth=Key(Scope.RETURNS_READ),
    response={200: WholeRunOut, **REFUSED},
    operation_id="read_return_run",
)
def read(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    """How far a run is, and what became of each return."""
    return _whole(run_of(shop_of(request), run_id))


@router.post(
    "/return-runs/{run_id}/stops",
    auth=Key(Scope.RETURNS_WRITE),
    response={200: WholeRunOut, **REFUSED},
    operation_id="stop_return_run",
)
def stop(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    """Stop after the return it is at; what is done stays done. One that ended stays as it is."""
    return _whole(stop_run(shop_of(request), run_id, by=actor_of(request)))


@router.post(
    "/return-runs/{run_id}/resumptions",
    auth=Key(Scope.RETURNS_WRITE),
    response={200: WholeRunOut, **REFUSED},
    operation_id="resume_return_run",
)
def resume(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    """Go on with what is left of a stopped run, with the rights of who began it.

    Needs the scope that beginning it would need.
    """
    _check_scope(request, BulkKind(run_of(shop_of(request), run_id).kind))
    return _whole(resume_run(shop_of(request), run_id, by=actor_of(request)))


def _check_scope(request: HttpRequest, kind: BulkKind) -> None:
    if kind.scope not in key_of(request).scopes:
        raise ScopeMissing(scope=kind.scope.value)


def _colleague(request: HttpRequest, email: str) -> Staff:
    team = Staff.objects.filter(shop=shop_of(request), is_active=True)
    found = team.filter(user__email__iexact=email.strip()).first()
    if found is None:
        raise UnknownColleague
    return found


def _whole(run: BulkRun) -> dict[str, Any]:
    rows = [
        {"number": row.rma.number, "state": row.state, "code": row.code, "facts": row.facts}
        for row in rows_of(run)
    ]
    return {**_run_out(run), "rows": rows}


def _run_out(run: BulkRun) -> dict[str, Any]:
    return {
        "id": str(run.pk),
        "kind": run.kind,
        "state": run.state,
        "total": run.total,
        "done": run.done,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
    }
