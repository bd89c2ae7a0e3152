"""Returned pieces: to a shelf, to the bench, out of the house."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.domain.shops.access import Right
from rebond.domain.warehouse.actions import finish_work, place_unit, redirect_unit, send_off
from rebond.domain.warehouse.actions.units import ways_after
from rebond.domain.warehouse.errors import DetailMissing
from rebond.domain.warehouse.grades import CHOSEN_BY_PEOPLE, Disposition
from rebond.domain.warehouse.kinds import LEAVING, PLACE_OF, Derogation, UnitState
from rebond.domain.warehouse.models import Batch, Location, Unit, WorkOrder
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.counts import whole
from rebond.web.backoffice.forms.sums import minor_of
from rebond.web.backoffice.views.pages import show

MOST_SHOWN = 100
VIEWS: dict[str, dict[str, Any]] = {
    "shelf": {"state": UnitState.WAITING, "disposition__in": list(PLACE_OF)},
    "work": {"state": UnitState.IN_WORK},
    "leave": {"state": UnitState.WAITING, "disposition__in": list(LEAVING)},
    "back": {"state": UnitState.WAITING, "disposition": Disposition.REPAIR},
    "quarantine": {"state": UnitState.QUARANTINE},
    "done": {"state__in": [UnitState.PLACED, UnitState.GONE, UnitState.GIVEN_BACK]},
}
WAYS = CHOSEN_BY_PEOPLE


@require_safe
@at_desk(Right.RECEIVE)
def listed(request: DeskRequest) -> HttpResponse:
    """Pieces by what is to be done with them."""
    view = request.GET.get("view", "shelf")
    return _list(request, view if view in VIEWS else "shelf")


@require_POST
@at_desk(Right.RECEIVE)
def place(request: DeskRequest, unit_id: UUID) -> HttpResponse:
    """Put one piece on a shelf."""
    unit = _unit(request, unit_id)
    try:
        location = _location(request)
        place_unit(request.shop, unit.pk, location.pk, by=request.by)
    except RebondError as refusal:
        return _list(request, "shelf", refusal=refusal)
    told = _("“{sku}” stands at {place}.").format(sku=unit.sku, place=location.name)
    messages.success(request, told)
    return _back(request, "shelf")


@require_POST
@at_desk(Right.RECEIVE)
def redirect_one(request: DeskRequest, unit_id: UUID) -> HttpResponse:
    """Decide anew where one piece goes."""
    unit = _unit(request, unit_id)
    view = request.POST.get("view", "shelf")
    view = view if view in VIEWS else "shelf"
    try:
        way = _way(request.POST.get("disposition", ""))
        redirect_unit(request.shop, unit.pk, way, why=request.POST.get("why", ""), by=request.by)
    except RebondError as refusal:
        return _list(request, view, refusal=refusal)
    messages.success(request, _("Noted."))
    return _back(request, view)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.RECEIVE)
def work(request: DeskRequest, work_id: UUID) -> HttpResponse:
    """A work order: what was done, how long it took, what it cost."""
    order = WorkOrder.objects.select_related("unit__inspection__line__rma").filter(
        shop=request.shop, pk=work_id
    )
    found = order.first()
    if found is None:
        raise Http404
    page = {
        "work": found,
        "unit": found.unit,
        "ways": ways_after(found.unit),
        "typed": request.POST,
    }
    if request.method != "POST":
        return show(request, "warehouse_work.html", page)
    minutes = whole(request.POST.get("minutes", ""))
    parts = minor_of(request.POST.get("parts", ""), found.currency)
    try:
        finish_work(
            request.shop,
            found.pk,
            steps=request.POST.get("steps", "").splitlines(),
            minutes=-1 if minutes is None else minutes,
            parts_minor=-1 if parts is None else parts,
            note=request.POST.get("note", ""),
            disposition=_way(request.POST.get("disposition", ""), among=ways_after(found.unit)),
            by=request.by,
        )
    except RebondError as refusal:
        return show(request, "warehouse_work.html", page, refusal=refusal)
    messages.success(request, _("Work order closed."))
    return _back(request, "work")


@require_POST
@at_desk(Right.RECEIVE)
def send(request: DeskRequest) -> HttpResponse:
    """Let the chosen pieces leave together."""
    sent = request.POST
    try:
        made = send_off(
            request.shop,
            _ids(sent.getlist("unit")),
            _way(sent.get("disposition", "")),
            recipient=sent.get("recipient", ""),
            derogation=sent.get("derogation", ""),
            evidence=sent.get("evidence", ""),
            by=request.by,
        )
    except RebondError as refusal:
        return _list(request, "leave", refusal=refusal)
    return redirect("backoffice:batch", slug=request.shop.slug, batch_id=made.pk)


@require_safe
@at_desk(Right.RECEIVE)
def batch(request: DeskRequest, batch_id: UUID) -> HttpResponse:
    """The document that goes with pieces that leave."""
    found = Batch.objects.filter(shop=request.shop, pk=batch_id).first()
    if found is None:
        raise Http404
    units = Unit.objects.filter(shop=request.shop, batch=found)
    page = {"batch": found, "units": _with_return(units).order_by("sku", "id")}
    return show(request, "warehouse_batch.html", page)


def _list(request: DeskRequest, view: str, *, refusal: RebondError | None = None) -> HttpResponse:
    found = Unit.objects.filter(shop=request.shop, **VIEWS[view])
    shown = list(
        _with_return(found).order_by("-since" if view == "done" else "since", "id")[:MOST_SHOWN]
    )
    page: dict[str, Any] = {
        "view": view,
        "units": _with_work(request, shown) if view == "work" else shown,
        "more": found.count() - len(shown),
        "groups": _groups(shown) if view == "leave" else [],
        "locations": list(Location.objects.filter(shop=request.shop).order_by("name")),
        "ways": WAYS,
        "derogations": list(Derogation),
        "typed": request.POST,
    }
    return show(request, "warehouse_units.html", page, refusal=refusal)


def _with_work(request: DeskRequest, units: list[Unit]) -> list[tuple[Unit, UUID | None]]:
    """Each unit with its open work order."""
    work = WorkOrder.objects.filter(shop=request.shop, unit__in=units, ended_at=None)
    named = dict(work.values_list("unit_id", "pk"))
    return [(unit, named.get(unit.pk)) for unit in units]


def _groups(units: list[Unit]) -> list[tuple[str, list[Unit]]]:
    ways = [way for way in WAYS if way in LEAVING]
    found = [(way.value, [unit for unit in units if unit.disposition == way]) for way in ways]
    return [(way, group) for way, group in found if group]


def _with_return(units: QuerySet[Unit]) -> QuerySet[Unit]:
    return units.select_related("inspection__line__rma", "batch").prefetch_related(
        "moves__location"
    )


def _unit(request: DeskRequest, unit_id: UUID) -> Unit:
    found = Unit.objects.filter(shop=request.shop, pk=unit_id).first()
    if found is None:
        raise Http404
    return found


def _location(request: DeskRequest) -> Location:
    ids = _ids([request.POST.get("location", "")])
    found = Location.objects.filter(shop=request.shop, pk__in=ids).first()
    if found is None:
        raise DetailMissing()
    return found


def _way(text: str, *, among: Sequence[Disposition] = WAYS) -> Disposition:
    if text not in set(among):
        raise DetailMissing()
    return Disposition(text)


def _ids(texts: list[str]) -> list[UUID]:
    ids = []
    for text in texts[:1000]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


def _back(request: DeskRequest, view: str) -> HttpResponse:
    there = redirect("backoffice:units", slug=request.shop.slug)
    there.headers["Location"] += f"?view={view}"
    return there
