"""Requests of people about their data, how long things are kept, and what was removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.privacy.actions import (
    ask_about_data,
    erase_person,
    hand_out_copy,
    keep_for,
    refuse_request,
)
from rebond.domain.privacy.queries import answered_requests, kept_by, last_purge, requests_of
from rebond.domain.shoppers.holdings import DataKind
from rebond.domain.shoppers.models import DataRequest, RequestKind
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.privacy import DataRequestForm
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import refusal_sentence

ROWS = 100


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.SEE_PEOPLE)
def listed(request: DeskRequest) -> HttpResponse:
    """The requests that wait; a form to note one that came by mail, phone or letter."""
    form = DataRequestForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        ask_about_data(
            request.shop,
            RequestKind(form.cleaned_data["kind"]),
            form.cleaned_data["email"],
            by=request.by,
            language=request.shop.language,
            note=form.cleaned_data["note"],
        )
    except RebondError as error:
        form.add_error("email", refusal_sentence(error))
        return _page(request, form, status=422)
    messages.success(request, _("Noted. The clock runs."))
    return redirect("backoffice:privacy", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE)
def answer(request: DeskRequest, request_id: UUID) -> HttpResponse:
    """Hand the copy out, erase, or say no and why."""
    asked = DataRequest.objects.filter(shop=request.shop, pk=request_id).first()
    if asked is None:
        raise Http404
    try:
        if request.POST.get("do") == "refuse":
            refuse_request(asked.pk, answer=request.POST.get("answer", ""), by=request.by)
        elif asked.kind == RequestKind.COPY:
            hand_out_copy(asked.pk, by=request.by)
        else:
            erase_person(asked.pk, by=request.by)
        messages.success(request, _("Done. The person is told by e-mail."))
    except RebondError as error:
        messages.error(request, refusal_sentence(error))
    return redirect("backoffice:privacy", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE)
def keep(request: DeskRequest) -> HttpResponse:
    """Set how long one kind of data is kept."""
    kind, months = request.POST.get("kind"), request.POST.get("months", "")
    if kind not in set(DataKind) or not months.isdecimal() or len(months) > 4:
        messages.error(request, _("Please give a number of months."))
        return redirect("backoffice:privacy", slug=request.shop.slug)
    try:
        keep_for(request.shop, DataKind(kind), int(months), by=request.by)
        messages.success(request, _("Saved."))
    except RebondError as error:
        messages.error(request, refusal_sentence(error))
    return redirect("backoffice:privacy", slug=request.shop.slug)


def _page(request: DeskRequest, form: DataRequestForm, *, status: int = 200) -> HttpResponse:
    page: dict[str, Any] = {
        "form": form,
        "requests": requests_of(request.shop)[:ROWS],
        "answered": answered_requests(request.shop)[:10],
        "kept": kept_by(request.shop),
        "purge": last_purge(request.shop),
    }
    return show(request, "privacy.html", page, status=status)
