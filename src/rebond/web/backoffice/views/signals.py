"""What somebody found on one return, how each detector did, and from when they speak."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.shops.access import Right
from rebond.domain.signals.actions import judge_return, set_bounds
from rebond.domain.signals.gathering import bounds_in
from rebond.domain.signals.kinds import Category, Found
from rebond.domain.signals.queries import records_of
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.fairness import BoundsForm, FindingForm
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.views.pages import show
from rebond.web.backoffice.views.returns import return_page

PERIODS = (30, 90, 365)


@require_POST
@at_desk(Right.DECIDE)
def judge(request: DeskRequest, number: str) -> HttpResponse:
    """Write down what was found; nothing follows by itself."""
    rma = find_return(request.shop, number)
    form = FindingForm(request.POST, auto_id="id_finding_%s")
    if not form.is_valid():
        return return_page(request, rma, finding=form)
    try:
        judge_return(
            rma.pk,
            Found(form.cleaned_data["found"]),
            category=Category(form.cleaned_data["category"]),
            note=form.cleaned_data["note"],
            staff=request.staff,
            by=request.by,
        )
    except RebondError as refusal:
        return return_page(request, rma, refusal=refusal, finding=form)
    messages.success(request, _("Noted. The return goes on as it was."))
    return redirect("backoffice:return", slug=request.shop.slug, number=rma.number)


@require_GET
@at_desk(Right.SEE_PEOPLE)
def report(request: DeskRequest) -> HttpResponse:
    """How often each detector spoke, and what people found there."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(one) for one in PERIODS} else PERIODS[1]
    moment = now()
    records = records_of(request.shop, moment - timedelta(days=days), moment)
    most = max((record.spoke for record in records), default=0)
    bars = [
        {
            "record": record,
            "fraud": record.fraud * 100 // most,
            "honest": record.honest * 100 // most,
            "spoke": record.spoke * 100 // most,
        }
        for record in records
        if record.spoke
    ]
    page = {"records": records, "bars": bars, "days": days, "periods": PERIODS}
    return show(request, "signals.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def bounds(request: DeskRequest) -> HttpResponse:
    """Set from which numbers detectors speak."""
    form = BoundsForm(bounds_in(request.shop.pk), request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return show(request, "signal_settings.html", {"form": form}, status=status)
    try:
        set_bounds(
            request.shop,
            numbers=form.numbers,
            off=form.off,
            look_from=form.cleaned_data["look_from"],
            careful_from=form.cleaned_data["careful_from"],
        )
    except RebondError as refusal:
        return show(request, "signal_settings.html", {"form": form}, refusal=refusal)
    messages.success(request, _("Saved. It counts from the next look on."))
    return redirect("backoffice:signals", slug=request.shop.slug)
