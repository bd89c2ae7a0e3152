"""Stock told to the shop's system: who hears of it, what was told, what waits, what was refused."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.kernel.paging import page_of
from rebond.outbound.stock.actions import leave_out, link_system, tell_again
from rebond.outbound.stock.models import Report, ReportState
from rebond.outbound.stock.queries import (
    open_counts,
    reports_of,
    stopped_lines,
    system_of,
    systems_for,
)
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.views.pages import show

MOST_STOPPED = 20


@require_safe
@at_desk(Right.RECEIVE)
def reports(request: DeskRequest) -> HttpResponse:
    """Every movement that the system heard of or shall hear of, newest first."""
    return _told(request)


@require_POST
@at_desk(Right.CONFIGURE, confirmed=True)
def choose(request: DeskRequest) -> HttpResponse:
    """Say which system hears of the stock from now on."""
    try:
        link_system(request.shop, request.POST.get("system", ""), by=request.by)
    except RebondError as refusal:
        return _told(request, refusal=refusal)
    messages.success(request, _("Saved."))
    return redirect("backoffice:stock_told", slug=request.shop.slug)


@require_POST
@at_desk(Right.RECEIVE)
def again(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Tell a movement again at once."""
    try:
        tell_again(request.shop, _report(request, report_id).pk)
    except RebondError as refusal:
        return _told(request, refusal=refusal)
    messages.success(request, _("It is told again, with the same number and the same words."))
    return redirect("backoffice:stock_told", slug=request.shop.slug)


@require_POST
@at_desk(Right.RECEIVE)
def leave(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Let the line go on without a movement that was refused."""
    why = request.POST.get("why", "")
    try:
        leave_out(request.shop, _report(request, report_id).pk, why=why, by=request.by)
    except RebondError as refusal:
        return _told(request, refusal=refusal)
    messages.success(request, _("Left out. What stood behind it is told now."))
    return redirect("backoffice:stock_told", slug=request.shop.slug)


def _told(request: DeskRequest, *, refusal: RebondError | None = None) -> HttpResponse:
    rows = reports_of(request.shop)
    state = request.GET.get("state", "")
    if state in list(ReportState):
        rows = rows.filter(state=state)
    page = {
        "page": page_of(rows, by="made_at", cursor=request.GET.get("at", "")),
        "state": state,
        "states": [str(one) for one in ReportState],
        "stopped": list(stopped_lines(request.shop)[:MOST_STOPPED]),
        "open": open_counts(request.shop),
        "system": system_of(request.shop),
        "systems": systems_for(request.shop),
    }
    return show(request, "warehouse_told.html", page, refusal=refusal)


def _report(request: DeskRequest, report_id: UUID) -> Report:
    found = Report.objects.filter(shop=request.shop, pk=report_id).first()
    if found is None:
        raise Http404
    return found
