"""A lower price for faulty articles that their customer keeps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rebond.domain.orders.models import Order
from rebond.domain.refunds.quoting import breakdown_of
from rebond.domain.refunds.reductions import reduction_for
from rebond.domain.repairs.actions import reduce_price
from rebond.domain.repairs.errors import ReductionNotPossible
from rebond.domain.repairs.queries import law_of_reduction, why_not_reducible
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.outbound.telling.sums import titles_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.confirming import need_confirmed
from rebond.web.backoffice.forms.reduction import ReductionForm
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.views.pages import show, version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.steps import back_to


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.REFUND)
def reduction(request: DeskRequest, number: str) -> HttpResponse:
    """Reduce the price. The amount that was shown is the one that is granted."""
    rma = find_return(request.shop, number)
    why = why_not_reducible(rma, rma.repairs.first())
    if why:
        refusal = ReductionNotPossible(number=rma.number, why=why)
        return return_page(request, rma, refusal=refusal)
    form = ReductionForm(rma, request.POST if request.method == "POST" else None)
    page: dict[str, Any] = {"rma": rma, "form": form, "articles": law_of_reduction(rma)}
    if request.method != "POST":
        return show(request, "price_reduction.html", page)
    if not form.is_valid():
        return show(request, "price_reduction.html", page, status=422)
    try:
        found = _sum(rma, form)
        is_sent = request.POST.get("step") == "send"
        if not is_sent or request.POST.get("shown_minor") != str(found["total_minor"]):
            more = {"breakdown": found, "has_changed": is_sent, "titles": titles_of(_order(rma))}
            return show(request, "price_reduction.html", page | more)
        if found["total_minor"] >= request.shop.confirm_above_minor:
            need_confirmed(request)
        made = reduce_price(
            rma.pk,
            form.percents,
            note=form.note,
            is_agreed=form.is_agreed,
            by=request.by,
            staff=request.staff,
            version=version_of(request),
        )
    except RebondError as refusal:
        return show(request, "price_reduction.html", page, refusal=refusal)
    if made.approvals.filter(is_granted=None).exists():
        messages.success(request, _("The refund waits for a second person."))
    else:
        messages.success(request, _("The price is reduced. We have written to the customer."))
    return back_to(rma)


def _order(rma: Return) -> Order:
    assert rma.order is not None
    return rma.order


def _sum(rma: Return, form: ReductionForm) -> dict[str, Any]:
    quote = reduction_for(rma, form.percents)
    if quote is None:
        raise ReductionNotPossible(number=rma.number, why="nothing_left")
    return breakdown_of(quote, _order(rma).currency)
