"""Enquiries at the desk: what people wrote without a return, answered or made into one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rebond.domain.enquiries.actions import answer_enquiry, close_enquiry
from rebond.domain.enquiries.models import Enquiry, EnquiryState
from rebond.domain.enquiries.queries import is_of_sender, orders_for, said_in
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.kernel.paging import page_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.looks import note_customer
from rebond.web.backoffice.views.pages import show

ROWS = 50


@require_GET
@at_desk(Right.SEE_PEOPLE)
def listed(request: DeskRequest) -> HttpResponse:
    """Those that wait for an answer, or all of them, newest first."""
    view = "all" if request.GET.get("view") == "all" else "open"
    rows = Enquiry.objects.filter(shop=request.shop).select_related("order", "rma")
    if view == "open":
        rows = rows.filter(state=EnquiryState.OPEN)
    page = page_of(rows, by="received_at", cursor=request.GET.get("at", ""), size=ROWS)
    return show(request, "enquiries.html", {"page": page, "view": view})


@require_GET
@at_desk(Right.SEE_PEOPLE)
def one(request: DeskRequest, enquiry_id: UUID) -> HttpResponse:
    """What was said, and what can be done."""
    found = _found(request, enquiry_id)
    if found.order is not None:
        note_customer(request, found.order)
    return _page(request, found)


@require_POST
@at_desk(Right.DECIDE)
def answer(request: DeskRequest, enquiry_id: UUID) -> HttpResponse:
    """Write back by mail."""
    found = _found(request, enquiry_id)
    text = request.POST.get("text", "")
    try:
        answer_enquiry(found.pk, text, by=request.by)
    except RebondError as refusal:
        return _page(request, found, refusal=refusal, typed=text)
    messages.success(request, _("Sent. The answer will appear here."))
    return redirect("backoffice:enquiry", slug=request.shop.slug, enquiry_id=found.pk)


@require_POST
@at_desk(Right.DECIDE)
def close(request: DeskRequest, enquiry_id: UUID) -> HttpResponse:
    """Say that nothing needs to be written back."""
    found = _found(request, enquiry_id)
    try:
        close_enquiry(found.pk, by=request.by)
    except RebondError as refusal:
        return _page(request, found, refusal=refusal)
    return redirect("backoffice:enquiries", slug=request.shop.slug)


def _found(request: DeskRequest, enquiry_id: UUID) -> Enquiry:
    rows = Enquiry.objects.select_related("order__shopper", "rma")
    found = rows.filter(shop=request.shop, pk=enquiry_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: DeskRequest,
    found: Enquiry,
    *,
    refusal: RebondError | None = None,
    typed: str = "",
) -> HttpResponse:
    orders = [(order, is_of_sender(found, order)) for order in orders_for(found)]
    page: dict[str, Any] = {
        "enquiry": found,
        "said": said_in(found),
        "orders": orders,
        "typed": typed,
    }
    return show(request, "enquiry.html", page, refusal=refusal)
