"""What the accountant takes away: the archive of a period, and how it is to be booked."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rebond.domain.credit_notes.actions import set_bookkeeping
from rebond.domain.credit_notes.writing import books_of
from rebond.domain.shops.access import Right
from rebond.insights.accounting.archive import archive, file_name
from rebond.insights.accounting.period import Period, notes_of
from rebond.kernel.clock import today
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.confirming import need_confirmed
from rebond.web.backoffice.forms.books import BooksForm
from rebond.web.backoffice.looks import note_export
from rebond.web.backoffice.views.pages import show

MOST_COUNTED = 100_000


@require_GET
@at_desk(Right.DOCUMENTS)
def exports(request: DeskRequest) -> HttpResponse:
    """Choose a period; the last whole month stands there."""
    return _page(request, BooksForm(books_of(request.shop)))


@require_GET
@at_desk(Right.EXPORT)
def export_archive(request: DeskRequest) -> HttpResponseBase:
    """The archive of the period, sent as it is made."""
    period = _period(request)
    if period is None:
        messages.error(request, _("Please choose a first and a last day."))
        return redirect("backoffice:exports", slug=request.shop.slug)
    need_confirmed(request)
    note_export(request)
    response = StreamingHttpResponse(archive(request.shop, period), content_type="application/zip")
    name = file_name(request.shop, period)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@at_desk(Right.CONFIGURE)
def bookkeeping(request: DeskRequest) -> HttpResponse:
    """Set accounts, size, platform and where heads go."""
    form = BooksForm(books_of(request.shop), request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    set_bookkeeping(request.shop, form.values, by=request.by)
    messages.success(request, _("Saved."))
    return redirect("backoffice:exports", slug=request.shop.slug)


def _page(request: DeskRequest, form: BooksForm, *, status: int = 200) -> HttpResponse:
    period = _period(request) or _last_month(today(request.shop.time_zone))
    found = notes_of(request.shop, period).order_by()
    page = {
        "period": period,
        "documents": found.values("pk")[:MOST_COUNTED].count(),
        "form": form,
    }
    return show(request, "exports.html", page, status=status)


def _period(request: DeskRequest) -> Period | None:
    try:
        first = date.fromisoformat(request.GET.get("from", ""))
        return Period(first, date.fromisoformat(request.GET.get("to", "")))
    except ValueError:
        return None


def _last_month(day: date) -> Period:
    last = day.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)
