"""What returns cost: by part, reason and article, and how it is estimated."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rebond.domain.returns.models import Reason
from rebond.domain.shops.access import Right
from rebond.insights.costs.actions import set_cost_terms
from rebond.insights.costs.queries import costs_between, terms_of
from rebond.kernel.clock import today
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.costs import RatesForm
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import active_language

CHOICES = (30, 90, 365)


@require_GET
@at_desk(Right.SEE_MONEY)
def costs(request: DeskRequest) -> HttpResponse:
    """The last weeks or months, dearest first."""
    days = _days(request)
    day, zone = today(request.shop.time_zone), ZoneInfo(request.shop.time_zone)
    last = _midnight(day + timedelta(days=1), zone)
    period = costs_between(request.shop, _midnight(day - timedelta(days=days - 1), zone), last)
    language = active_language()
    reasons = {one.code: one.label(language) for one in Reason.objects.filter(shop=request.shop)}
    page: dict[str, Any] = {
        "days": days,
        "choices": CHOICES,
        "period": period,
        "parts": [(name, minor) for name, minor in period.parts.items() if minor],
        "most": max((abs(minor) for minor in period.parts.values()), default=0),
        "reasons": [(reasons.get(group.name, group.name), group) for group in period.reasons],
    }
    return show(request, "costs.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def rates(request: DeskRequest) -> HttpResponse:
    """The shop's own rates in place of the usual ones."""
    terms = terms_of(request.shop)
    form = RatesForm(terms, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return show(request, "cost_rates.html", {"form": form})
    if not form.is_valid():
        return show(request, "cost_rates.html", {"form": form}, status=422)
    set_cost_terms(request.shop, form.values, form.losses, by=request.by)
    messages.success(request, _("Saved."))
    return redirect("backoffice:costs", slug=request.shop.slug)


def _days(request: DeskRequest) -> int:
    text = request.GET.get("days", "")
    return int(text) if text in {str(one) for one in CHOICES} else CHOICES[0]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
