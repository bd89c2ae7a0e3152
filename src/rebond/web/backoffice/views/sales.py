"""Orders: the list, one order whole, a return filed by the staff."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for
from rebond.domain.returns.actions import request_return
from rebond.domain.returns.models import Reason, Return
from rebond.domain.returns.states import InspectionState
from rebond.domain.shops.access import Right
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import take_at_counter
from rebond.domain.warehouse.actions.counter import COUNTER
from rebond.domain.warehouse.actions.parcels import is_expected
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.ids import uuid7
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.filing import Source, source_of, take_up
from rebond.web.backoffice.forms.finding import SoughtForm
from rebond.web.backoffice.forms.returns import PaymentForm, payment_forms
from rebond.web.backoffice.forms.wishes import StaffReturnForm
from rebond.web.backoffice.looks import note_customer
from rebond.web.backoffice.queries.around_sale import around, given_back
from rebond.web.backoffice.queries.sales import (
    find_order,
    orders_page,
    sale_of,
    sales_like,
)
from rebond.web.backoffice.queries.search import cleaned
from rebond.web.backoffice.views.pages import SAME_CLICK, show

MOST_FOUND = 50


@require_GET
@at_desk(Right.SEE)
def orders(request: DeskRequest) -> HttpResponse:
    """All orders, newest first; with ``q`` those that match what was typed."""
    return orders_list(request)


def orders_list(request: DeskRequest, *, refusal: RebondError | None = None) -> HttpResponse:
    """The list, under what was refused on it."""
    text = cleaned(request.GET.get("q", ""))
    people = Right.SEE_PEOPLE in request.rights
    page = orders_page(request.shop, text=text, cursor=request.GET.get("at", ""), people=people)
    may_print = bool({Right.DECIDE, Right.RECEIVE} & request.rights)
    told = {"page": page, "q": text, "may_print": may_print}
    return show(request, "orders.html", told, refusal=refusal)


@require_GET
@at_desk(Right.DECIDE)
def find_sale(request: DeskRequest) -> HttpResponse:
    """Look for an order whose number nobody has."""
    people = Right.SEE_PEOPLE in request.rights
    asked = any(request.GET.get(name, "").strip() for name in SoughtForm.base_fields)
    form = SoughtForm(request.GET if asked else None, people=people)
    page: dict[str, Any] = {"form": form, "was_asked": asked and form.is_valid()}
    if page["was_asked"]:
        found = sales_like(request.shop, form.sought, most=MOST_FOUND + 1)
        page |= {"orders": found[:MOST_FOUND], "is_cut": len(found) > MOST_FOUND}
    status = 422 if asked and not page["was_asked"] else 200
    return show(request, "find_sale.html", page, status=status)


@require_GET
@at_desk(Right.SEE)
def one_order(request: DeskRequest, number: str) -> HttpResponse:
    """Everything about one order."""
    note_customer(request, find_order(request.shop, number))
    return order_page(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.DECIDE)
def file_return(request: DeskRequest, number: str) -> HttpResponse:
    """File a return for somebody who called."""
    order = find_order(request.shop, number)
    source = source_of(request, order)
    lines = [
        line
        for line in order.lines.order_by("position")
        if line.delivered_quantity > line.returned_quantity
    ]
    reasons = _reasons(request.shop)
    may = Right.RECEIVE in request.rights
    if request.method != "POST":
        form = StaffReturnForm(lines, reasons, may_receive=may)
        form.begin_with(source.text)
        return _filing_page(request, order, source, form)
    form = StaffReturnForm(lines, reasons, request.POST, may_receive=may)
    made = _made_a_moment_ago(request, order)
    if made is not None:
        return redirect("backoffice:return", slug=request.shop.slug, number=made.number)
    if not form.is_valid():
        return _filing_page(request, order, source, form, status=422)
    is_here = form.where == COUNTER
    told: dict[str, Any] = {
        "policy": policy_for(order, now()),
        "asked_at": now(),
        "language": order.shopper.language or request.shop.language,
        "by": request.by,
        "comment": form.comment,
    }
    try:
        if is_here:
            rma = take_at_counter(order, form.wishes, **told)
        else:
            rma = request_return(order, form.wishes, origin="phone", **told)
    except RebondError as refusal:
        return _filing_page(request, order, source, form, refusal=refusal)
    take_up(request, source, rma)
    request.session[_token_key(request)] = rma.number
    messages.success(request, _("Return {number} is filed.").format(number=rma.number))
    if source.parcel is not None and is_expected(rma) and may and not is_here:
        return redirect("backoffice:receive", slug=request.shop.slug, number=rma.number)
    if rma.inspection_state == InspectionState.RECEIVED:
        return redirect("backoffice:inspect", slug=request.shop.slug, number=rma.number)
    return redirect("backoffice:return", slug=request.shop.slug, number=rma.number)


def order_page(
    request: DeskRequest,
    number: str,
    *,
    refusal: RebondError | None = None,
    payment: PaymentForm | None = None,
) -> HttpResponse:
    """The page of the order; ``payment`` is a form that was typed and is not to be lost."""
    sale = sale_of(find_order(request.shop, number))
    page = {
        "sale": sale,
        "around": around(sale, request.rights),
        "given_back": given_back(sale),
        "payment_forms": payment_forms(sale.to_pay, request.shop, payment),
    }
    status = 422 if payment is not None and not payment.is_valid() else 200
    return show(request, "order.html", page, status=status, refusal=refusal)


def _filing_page(
    request: DeskRequest,
    order: Order,
    source: Source,
    form: StaffReturnForm,
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    token = request.POST.get("token") or uuid7().hex
    page = {"order": order, "source": source, "form": form, "token": token}
    return show(request, "file_return.html", page, status=status, refusal=refusal)


def _reasons(shop: Shop) -> list[Reason]:
    """The reasons that can be chosen; one that others refine is only their heading."""
    active = list(Reason.objects.filter(shop=shop, is_active=True).order_by("position"))
    refined = {reason.parent_id for reason in active}
    return [reason for reason in active if reason.pk not in refined]


def _made_a_moment_ago(request: DeskRequest, order: Order) -> Return | None:
    """The return that this very form made already, where it was sent twice."""
    number = request.session.get(_token_key(request))
    if number is None:
        return None
    recent = Return.objects.filter(shop=request.shop, order=order, number=number)
    return recent.filter(requested_at__gte=now() - SAME_CLICK).first()


def _token_key(request: DeskRequest) -> str:
    return f"filed:{request.POST.get('token', '')[:40]}"
