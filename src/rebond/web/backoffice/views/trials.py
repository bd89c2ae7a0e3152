"""Try a version of the policy on the past: begin, watch, stop, go on, read what came out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.policies.actions import version_of
from rebond.domain.policies.errors import UnknownPolicyVersion
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.returns.models import Reason
from rebond.domain.shops.access import Right
from rebond.insights.trials.actions import resume_trial, start_trial, stop_trial
from rebond.insights.trials.errors import UnknownTrial
from rebond.insights.trials.models import Trial, TrialState
from rebond.insights.trials.queries import last_trial, newest_trial
from rebond.insights.trials.report import report_of
from rebond.insights.trials.telling import headline, orders_sentence
from rebond.kernel.clock import today
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.charts import lines_over_months
from rebond.web.backoffice.forms.trial import TrialForm
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import active_language

A_YEAR = timedelta(days=364)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def trial(request: DeskRequest, number: int) -> HttpResponse:
    """Choose days and begin; while it runs, how far it is; afterwards what came out."""
    version = _version(request, number)
    if request.method == "POST":
        form = TrialForm(request.POST)
        if not form.is_valid():
            return _page(request, version, form, status=422)
        start_trial(request.shop, number, form.wanted, by=request.by)
        return _back(request, number)
    if request.headers.get("HX-Request"):
        return _progress(request, version)
    return _page(request, version, TrialForm(initial=_usual(request)))


def tried_before(version: PolicyVersion) -> dict[str, Any] | None:
    """What the last finished trial of this very text said, for the page that publishes it."""
    last = last_trial(version)
    if last is None or not last.tally:
        return None
    report, language = report_of(last), active_language()
    return {
        "trial": last,
        "report": report,
        "headline": headline(report.returns, language),
        "orders_sentence": orders_sentence(report.orders, language) if report.orders.orders else "",
        "chart": lines_over_months(report.returns.segments["month"], version.shop.currency),
    }


@require_POST
@at_desk(Right.CONFIGURE)
def stop(request: DeskRequest, number: int, trial_id: UUID) -> HttpResponse:
    """Stop it where it is."""
    return _moved(request, number, trial_id, stop_trial)


@require_POST
@at_desk(Right.CONFIGURE)
def go_on(request: DeskRequest, number: int, trial_id: UUID) -> HttpResponse:
    """Go on where it was stopped."""
    return _moved(request, number, trial_id, resume_trial)


def _moved(request: DeskRequest, number: int, trial_id: UUID, move: Any) -> HttpResponse:
    try:
        move(request.shop, trial_id, by=request.by)
    except UnknownTrial:
        raise Http404 from None
    return _back(request, number)


def _back(request: DeskRequest, number: int) -> HttpResponse:
    return redirect("backoffice:policy_trial", slug=request.shop.slug, number=number)


def _version(request: DeskRequest, number: int) -> PolicyVersion:
    try:
        return version_of(request.shop, number)
    except UnknownPolicyVersion:
        raise Http404 from None


def _usual(request: DeskRequest) -> dict[str, Any]:
    day = today(request.shop.time_zone)
    return {"first": day - A_YEAR, "last": day, "with_orders": True}


def _progress(request: DeskRequest, version: PolicyVersion) -> HttpResponse:
    """Only how far it is; the whole page anew once it has ended."""
    last = newest_trial(version)
    response = render(
        request, "backoffice/policy_trial_progress.html", {"trial": last, "version": version}
    )
    if last is None or not last.is_running:
        response.headers["HX-Refresh"] = "true"
    return response


def _page(
    request: DeskRequest, version: PolicyVersion, form: TrialForm, *, status: int = 200
) -> HttpResponse:
    last = newest_trial(version)
    page: dict[str, Any] = {"version": version, "form": form, "trial": last}
    if last is not None and last.state != TrialState.RUNNING and last.tally:
        page |= _result(request, last)
    return show(request, "policy_trial.html", page, status=status)


def _result(request: DeskRequest, last: Trial) -> dict[str, Any]:
    report = report_of(last)
    language = active_language()
    months = report.returns.segments["month"]
    reasons = Reason.objects.filter(shop=request.shop)
    return {
        "report": report,
        "headline": headline(report.returns, language),
        "orders_sentence": orders_sentence(report.orders, language) if report.orders.orders else "",
        "simulated_sentence": headline(report.simulated, language)
        if report.simulated.whole.cases
        else "",
        "chart": lines_over_months(months, request.shop.currency),
        "segments": [
            (name, report.returns.segments[name])
            for name in ("reason", "category", "country", "customer")
        ],
        "examples": [("kinder", report.returns.kinder), ("stricter", report.returns.stricter)],
        "reason_words": {one.code: one.label(language) for one in reasons},
    }
