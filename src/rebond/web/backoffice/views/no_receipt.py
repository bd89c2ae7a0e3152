"""Goods without a receipt: filed at the counter, decided by a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.no_receipt.actions import (
    decline_without_receipt,
    file_without_receipt,
    pay_without_receipt,
)
from rebond.domain.no_receipt.errors import NoReceiptNotOffered
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.no_receipt.states import NoReceiptState
from rebond.domain.no_receipt.worth import left_for, terms_without_receipt, worth_of
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.policies.rules.no_receipt import Settings
from rebond.domain.products.models import Product
from rebond.domain.shops.access import Right
from rebond.domain.warehouse.models import Location
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.ids import uuid7
from rebond.kernel.paging import page_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.no_receipt import BroughtForm
from rebond.web.backoffice.views.pages import show

ROWS = 50


@require_GET
@at_desk(Right.DECIDE, Right.REFUND)
def listed(request: DeskRequest) -> HttpResponse:
    """All of them, newest first; with ``view=waiting`` those that somebody has to decide on."""
    view = "waiting" if request.GET.get("view") == "waiting" else "all"
    rows = NoReceiptReturn.objects.filter(shop=request.shop).select_related("shopper")
    if view == "waiting":
        rows = rows.filter(state=NoReceiptState.WAITING)
    page = page_of(rows, by="at", cursor=request.GET.get("at", ""), size=ROWS)
    told = {"page": page, "view": view, "terms": _terms(request)}
    return show(request, "no_receipt_list.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.DECIDE)
def new(request: DeskRequest) -> HttpResponse:
    """Write down what somebody brings; GET with an article says what it is worth."""
    terms = _terms(request)
    if request.method != "POST":
        asked = {name: request.GET.get(name, "") for name in ("sku", "quantity", "email", "name")}
        known = {name: value for name, value in asked.items() if value}
        return _new_page(request, BroughtForm(**known), terms, known)
    form = BroughtForm(request.POST)
    if not form.is_valid():
        return _new_page(request, form, terms, request.POST.dict(), status=422)
    row_id = _row_id(request)
    if NoReceiptReturn.objects.filter(shop=request.shop, pk=row_id).exists():
        return redirect("backoffice:no_receipt", slug=request.shop.slug, row_id=row_id)
    try:
        row = file_without_receipt(
            request.shop,
            form.brought,
            policy=policy_in_force(request.shop, now()),
            at=now(),
            by=request.by,
            staff=request.staff,
            row_id=row_id,
        )
    except RebondError as refusal:
        return _new_page(request, form, terms, request.POST.dict(), refusal=refusal)
    messages.success(request, _("Return {number} is filed.").format(number=row.number))
    return redirect("backoffice:no_receipt", slug=request.shop.slug, row_id=row.pk)


@require_GET
@at_desk(Right.DECIDE, Right.REFUND)
def one(request: DeskRequest, row_id: UUID) -> HttpResponse:
    """One of them, with what is to be decided."""
    return _page(request, row_id)


@require_POST
@at_desk(Right.REFUND, confirmed=True)
def pay(request: DeskRequest, row_id: UUID) -> HttpResponse:
    """Give the customer store credit for it."""
    row = _found(request, row_id)
    place = request.POST.get("location", "")
    location = next((o for o in _locations(request) if str(o.pk) == place), None)
    if place and location is None:
        raise Http404
    try:
        pay_without_receipt(
            request.shop,
            row.pk,
            staff=request.staff,
            by=request.by,
            location_id=location.pk if location else None,
        )
    except RebondError as refusal:
        return _page(request, row_id, refusal=refusal)
    messages.success(request, _("The store credit is there; the customer is told."))
    return redirect("backoffice:no_receipt", slug=request.shop.slug, row_id=row.pk)


@require_POST
@at_desk(Right.REFUND)
def decline(request: DeskRequest, row_id: UUID) -> HttpResponse:
    """Do not take it."""
    row = _found(request, row_id)
    try:
        decline_without_receipt(
            request.shop,
            row.pk,
            note=request.POST.get("note", ""),
            staff=request.staff,
            by=request.by,
        )
    except RebondError as refusal:
        return _page(request, row_id, refusal=refusal)
    messages.success(request, _("Noted."))
    return redirect("backoffice:no_receipt", slug=request.shop.slug, row_id=row.pk)


def _terms(request: DeskRequest) -> Settings | None:
    try:
        return terms_without_receipt(policy_in_force(request.shop, now()))
    except NoReceiptNotOffered:
        return None


def _new_page(
    request: DeskRequest,
    form: BroughtForm,
    terms: Settings | None,
    asked: dict[str, Any],
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    page: dict[str, Any] = {"form": form, "terms": terms, "token": _row_id(request)}
    if terms is not None and asked.get("sku"):
        try:
            page |= _worth(request, terms, str(asked["sku"]).strip(), str(asked.get("email", "")))
        except RebondError as problem:
            refusal = refusal or problem
    return show(request, "no_receipt_new.html", page, status=status, refusal=refusal)


def _worth(request: DeskRequest, terms: Settings, sku: str, email: str) -> dict[str, Any]:
    product = Product.objects.filter(shop=request.shop, sku=sku[:64]).first()
    if product is None:
        return {"unknown": sku[:64]}
    days = terms.lowest_price_days
    found: dict[str, Any] = {
        "product": product,
        "worth": worth_of(product, days=days, at=now(), shop=request.shop),
    }
    if "@" in email and Right.SEE_PEOPLE in request.rights:
        settings = {"cap_minor": terms.cap_minor, "cap_days": terms.cap_days}
        found["left_minor"] = left_for(request.shop, email, settings, at=now())
    return found


def _page(
    request: DeskRequest, row_id: UUID, *, refusal: RebondError | None = None
) -> HttpResponse:
    row = _found(request, row_id)
    page = {
        "row": row,
        "locations": _locations(request) if row.is_open else [],
        "is_own": row.filed_by_staff_id == request.staff.pk
        and row.terms.get("needs_second_person", True),
    }
    return show(request, "no_receipt.html", page, refusal=refusal)


def _found(request: DeskRequest, row_id: UUID) -> NoReceiptReturn:
    rows = NoReceiptReturn.objects.select_related("shopper", "product", "paid_with")
    found = rows.filter(shop=request.shop, pk=row_id).first()
    if found is None:
        raise Http404
    return found


def _locations(request: DeskRequest) -> list[Location]:
    return list(Location.objects.filter(shop=request.shop).order_by("name"))


def _row_id(request: DeskRequest) -> UUID:
    """The id that this form makes, so that a form sent twice files once."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid7()
