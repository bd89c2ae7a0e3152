"""Stock told to the shop's system, over the API: who hears of it, what it heard, telling again."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.outbound.stock.actions import leave_out, link_system, tell_again
from rebond.outbound.stock.models import Report, ReportState
from rebond.outbound.stock.queries import reports_of, system_of, systems_for

router = Router(tags=["warehouse"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class SystemIn(Body):
    """The key of the system that hears of the stock from now on; empty for none."""

    system: str = Field(..., max_length=40)


class OfferedOut(Schema):
    """A system that can be told. ``missing`` are settings that the host has to give first."""

    key: str
    title: str
    missing: list[str]


class SystemOut(Schema):
    """Who is told, empty for nobody, and who could be."""

    system: str
    offered: list[OfferedOut]


class ReportOut(Schema):
    """One movement for the shop's system. ``number`` counts from 1 at each location.

    ``answer`` is what the system last said, or why there was none; ``reference`` its own name for
    a movement that it took; ``why`` the reason for which somebody left it out.
    """

    id: str
    movement: str
    location: str
    number: int
    sku: str
    pieces: int
    state: str
    attempts: int
    next_at: str | None
    system: str
    reference: str
    answer: str
    why: str
    made_at: str
    ended_at: str | None


class ReportsOut(PageOut):
    """A page of reports, newest first."""

    items: list[ReportOut]


class ReportFilters(Schema):
    """Which reports are listed."""

    state: ReportState | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(100, ge=1, le=LONGEST_PAGE)


class OmissionIn(Body):
    """Why the system need not hear of the movement."""

    why: str = Field(..., min_length=1, max_length=300)


@router.get(
    "/stock/system",
    auth=Key(Scope.SETTINGS_READ),
    response={200: SystemOut, **REFUSED},
    operation_id="read_stock_system",
)
def system(request: HttpRequest) -> dict[str, Any]:
    """Which system of the shop hears of its stock."""
    return _system_out(request)


@router.put(
    "/stock/system",
    auth=Key(Scope.SETTINGS_WRITE),
    response={200: SystemOut, **REFUSED},
    operation_id="choose_stock_system",
)
def choose(request: HttpRequest, wanted: SystemIn) -> dict[str, Any]:
    """Say which system hears of every movement from now on."""
    link_system(shop_of(request), wanted.system, by=actor_of(request))
    return _system_out(request)


@router.get(
    "/stock/reports",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: ReportsOut, **REFUSED},
    operation_id="list_stock_reports",
)
def reports(request: HttpRequest, asked: Annotated[ReportFilters, Query(...)]) -> HttpResponse:
    """What the system was told and is to be told, newest first."""
    check_parameters(request, {"state"})
    rows = reports_of(shop_of(request))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    return listed(rows, by="made_at", cursor=asked.cursor, limit=asked.limit, shape=_report_out)


@router.post(
    "/stock/reports/{report_id}/tries",
    auth=Key(Scope.WAREHOUSE_WRITE),
    response={201: ReportOut, **REFUSED},
    operation_id="tell_stock_report_again",
)
def again(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Tell a movement at once that waits or was refused. Needs an ``Idempotency-Key``."""
    found = _report(request, report_id)

    def do(_: str) -> HttpResponse:
        tell_again(shop_of(request), found.pk)
        return JsonResponse(_report_out(_report(request, found.pk)), status=201)

    return once(request, f"POST stock/reports/{found.pk}/tries", do)


@router.post(
    "/stock/reports/{report_id}/omissions",
    auth=Key(Scope.WAREHOUSE_WRITE),
    response={201: ReportOut, **REFUSED},
    operation_id="leave_stock_report_out",
)
def omit(request: HttpRequest, report_id: UUID, wanted: OmissionIn) -> HttpResponse:
    """Go on without a movement that was refused. Needs an ``Idempotency-Key``."""
    found = _report(request, report_id)

    def do(_: str) -> HttpResponse:
        leave_out(shop_of(request), found.pk, why=wanted.why, by=actor_of(request))
        return JsonResponse(_report_out(_report(request, found.pk)), status=201)

    return once(request, f"POST stock/reports/{found.pk}/omissions", do)


def _report(request: HttpRequest, report_id: UUID) -> Report:
    found = reports_of(shop_of(request)).filter(pk=report_id).first()
    if found is None:
        raise Http404
    return found


def _system_out(request: HttpRequest) -> dict[str, Any]:
    shop = shop_of(request)
    offered = [
        {"key": one.key, "title": one.title, "missing": list(one.missing)}
        for one in systems_for(shop)
    ]
    return {"system": system_of(shop), "offered": offered}


def _report_out(row: Report) -> dict[str, Any]:
    is_waiting = row.state == ReportState.WAITING
    return {
        "id": str(row.pk),
        "movement": str(row.movement_id),
        "location": row.location.name,
        "number": row.number,
        "sku": row.movement.sku,
        "pieces": row.movement.pieces,
        "state": str(row.state),
        "attempts": row.attempts,
        "next_at": row.next_at.isoformat() if is_waiting else None,
        "system": row.system,
        "reference": row.reference,
        "answer": row.answer,
        "why": row.why,
        "made_at": row.made_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }
