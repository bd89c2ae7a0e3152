"""Who is given less for a while, why, until when; and the appeals that wait for a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.fair_use.actions import answer_appeal, lift_restriction, set_fair_use
from rebond.domain.fair_use.kinds import AppealOutcome, Limit, RestrictionReason
from rebond.domain.fair_use.models import Appeal, Restriction
from rebond.domain.fair_use.queries import (
    needs_another,
    open_appeals,
    restrictions_of,
    standing_restrictions,
)
from rebond.domain.shoppers.actions import set_tier
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.access import Right
from rebond.domain.signals.actions import restrict_shopper
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.fairness import AppealAnswerForm, RestrictForm
from rebond.web.backoffice.queries.customer import figures_of
from rebond.web.backoffice.views.pages import show

ROWS = 200


@require_GET
@at_desk(Right.SEE_PEOPLE)
def listed(request: DeskRequest) -> HttpResponse:
    """Appeals that wait, and what holds at the moment."""
    page = {
        "appeals": open_appeals(request.shop.pk)[:ROWS],
        "restrictions": standing_restrictions(request.shop.pk, now())[:ROWS],
        "needs_another": needs_another(request.shop.pk),
    }
    return show(request, "fair_use.html", page)


@require_POST
@at_desk(Right.CONFIGURE)
def terms(request: DeskRequest) -> HttpResponse:
    """Set whether who decides on a change may answer the appeal."""
    set_fair_use(request.shop, needs_another=request.POST.get("needs_another") == "yes")
    messages.success(request, _("Saved."))
    return redirect("backoffice:fair_use", slug=request.shop.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.SEE_PEOPLE)
def of(request: DeskRequest, shopper_id: UUID) -> HttpResponse:
    """One shopper: what holds, what there was, and the form for a change."""
    shopper = Shopper.objects.filter(shop=request.shop, pk=shopper_id).first()
    if shopper is None:
        raise Http404
    if request.method != "POST":
        return _page(request, shopper)
    if Right.DECIDE not in request.rights:
        return show(request, "forbidden.html", {}, status=403)
    form = RestrictForm(request.POST)
    if not form.is_valid():
        return _page(request, shopper, restrict=form, status=422)
    try:
        restrict_shopper(
            shopper.pk,
            limits=[Limit(limit) for limit in form.cleaned_data["limits"]],
            reason=RestrictionReason(form.cleaned_data["reason"]),
            words=form.cleaned_data["words"],
            evidence=form.numbers,
            staff=request.staff,
            by=request.by,
            months=form.cleaned_data["months"],
            note=form.cleaned_data["note"],
        )
    except RebondError as refusal:
        return _page(request, shopper, restrict=form, refusal=refusal)
    messages.success(request, _("Decided. The customer is told first; it begins in three days."))
    return _back(request, shopper.pk)


@require_POST
@at_desk(Right.DECIDE)
def tier(request: DeskRequest, shopper_id: UUID) -> HttpResponse:
    """Say to which tier the customer belongs; empty is none."""
    shopper = Shopper.objects.filter(shop=request.shop, pk=shopper_id).first()
    if shopper is None:
        raise Http404
    try:
        set_tier(shopper.pk, request.POST.get("tier", ""), by=request.by)
    except RebondError as refusal:
        return _page(request, shopper, refusal=refusal)
    messages.success(request, _("Saved."))
    return _back(request, shopper.pk)


@require_POST
@at_desk(Right.DECIDE)
def lift(request: DeskRequest, restriction_id: UUID) -> HttpResponse:
    """End a change before its day."""
    rows = Restriction.objects.select_related("shopper")
    found = rows.filter(shop=request.shop, pk=restriction_id).first()
    if found is None:
        raise Http404
    try:
        lift_restriction(found.pk, by=request.by)
    except RebondError as refusal:
        return _page(request, found.shopper, refusal=refusal)
    messages.success(request, _("Lifted. The customer is told."))
    return _back(request, found.shopper_id)


@require_POST
@at_desk(Right.DECIDE)
def answer(request: DeskRequest, appeal_id: UUID) -> HttpResponse:
    """Answer an appeal as a person."""
    rows = Appeal.objects.select_related("restriction__shopper")
    found = rows.filter(shop=request.shop, pk=appeal_id).first()
    if found is None:
        raise Http404
    shopper, form = found.restriction.shopper, AppealAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, shopper, answer=form, status=422)
    try:
        answer_appeal(
            found.pk,
            AppealOutcome(form.cleaned_data["outcome"]),
            form.cleaned_data["answer"],
            staff=request.staff,
            by=request.by,
        )
    except RebondError as refusal:
        return _page(request, shopper, answer=form, refusal=refusal)
    messages.success(request, _("Answered. The customer gets your words."))
    return _back(request, shopper.pk)


def _page(
    request: DeskRequest,
    shopper: Shopper,
    *,
    status: int = 200,
    refusal: RebondError | None = None,
    **forms: Any,
) -> HttpResponse:
    evidence = {"evidence": request.GET.get("return", "")}
    page = {
        "shopper": shopper,
        "figures": figures_of(shopper),
        "restrictions": restrictions_of(shopper),
        "restrict_form": forms.get("restrict") or RestrictForm(initial=evidence),
        "answer_form": forms.get("answer") or AppealAnswerForm(),
    }
    return show(request, "fair_use_of.html", page, status=status, refusal=refusal)


def _back(request: DeskRequest, shopper_id: UUID) -> HttpResponse:
    return redirect("backoffice:fair_use_of", slug=request.shop.slug, shopper_id=shopper_id)
