"""Money that was refunded elsewhere: which articles it was for, which refund it is, or neither."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.refunds.actions import assign_outside, leave_outside, match_outside
from rebond.domain.refunds.errors import AlreadyAnswered
from rebond.domain.refunds.guessing import guess_of, open_returns
from rebond.domain.refunds.left import left_of
from rebond.domain.refunds.models import OutsideRefund, Refund
from rebond.domain.refunds.queries import preview_of_outside
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.outbound.telling.sums import titles_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.outside import OutsideForm
from rebond.web.backoffice.queries.elsewhere import find_outside, refunds_it_may_be
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import active_language, refusal_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.REFUND)
def outside(request: DeskRequest, outside_id: UUID) -> HttpResponse:
    """Which articles it was for: a guess first; the sum is shown before it is written down."""
    row = find_outside(request.shop, outside_id)
    form = _form(request, row)
    if request.method != "POST":
        return show(request, "outside.html", _page(row, form))
    if not form.is_valid():
        return show(request, "outside.html", _page(row, form), status=422)
    if request.POST.get("step") != "assign":
        return show(request, "outside.html", _page(row, form))
    try:
        assign_outside(request.shop.pk, row.pk, form.wish, by=request.by, rma_id=form.rma_id)
    except RebondError as refusal:
        if _is_same_click(request, row, refusal):
            return _to_order(row)
        row.refresh_from_db()
        return show(request, "outside.html", _page(row, form), refusal=refusal)
    messages.success(request, _("Noted. The document follows by itself."))
    return _to_order(row)


@require_POST
@at_desk(Right.REFUND)
def preview(request: DeskRequest, outside_id: UUID) -> HttpResponse:
    """The sum of what is typed so far, as a piece of the page."""
    row = find_outside(request.shop, outside_id)
    page = _page(row, _form(request, row))
    return render(request, "backoffice/outside_sum.html", page)


@require_POST
@at_desk(Right.REFUND)
def is_refund(request: DeskRequest, outside_id: UUID) -> HttpResponse:
    """It is a refund of ours that waits: that one is not sent any more."""
    row = find_outside(request.shop, outside_id)
    wanted = request.POST.get("refund", "")
    ours = {str(refund.pk): refund for refund in _refunds_of(row)}
    if wanted not in ours:
        raise Http404
    try:
        match_outside(request.shop.pk, row.pk, ours[wanted].pk, by=request.by)
    except RebondError as refusal:
        return _refused(request, row, refusal)
    messages.success(request, _("Noted: this refund is paid, and is not sent again."))
    return _to_order(row)


@require_POST
@at_desk(Right.REFUND)
def leave(request: DeskRequest, outside_id: UUID) -> HttpResponse:
    """Leave it as it is: counted, and belonging to nothing."""
    row = find_outside(request.shop, outside_id)
    try:
        leave_outside(request.shop.pk, row.pk, why=request.POST.get("why", "")[:200], by=request.by)
    except RebondError as refusal:
        return _refused(request, row, refusal)
    messages.success(request, _("Left as it is. It counts against what can be refunded."))
    return redirect("backoffice:money", slug=request.shop.slug)


def _refused(request: DeskRequest, row: OutsideRefund, refusal: RebondError) -> HttpResponse:
    if _is_same_click(request, row, refusal):
        return _to_order(row)
    row.refresh_from_db()
    return show(request, "outside.html", _page(row, _form(request, row)), refusal=refusal)


def _is_same_click(request: DeskRequest, row: OutsideRefund, refusal: RebondError) -> bool:
    """Whether this very person has answered it, so that the form was only sent twice."""
    if not isinstance(refusal, AlreadyAnswered):
        return False
    decided = OutsideRefund.objects.filter(shop=request.shop, pk=row.pk)
    return decided.values_list("decided_by", flat=True).first() == request.by


def _form(request: DeskRequest, row: OutsideRefund) -> OutsideForm:
    assert row.payment is not None
    order = row.payment.order
    given = request.POST if "reason" in request.POST else None
    return OutsideForm(
        order,
        left_of(order),
        open_returns(order),
        given,
        guess=guess_of(order, row) if given is None and row.is_undecided else None,
        language=active_language(),
    )


def _page(row: OutsideRefund, form: OutsideForm) -> dict[str, Any]:
    assert row.payment is not None
    order = row.payment.order
    page = {
        "outside": row,
        "order": order,
        "payment": row.payment,
        "form": form,
        "may_be": refunds_it_may_be(row) if row.is_undecided else [],
        "titles": titles_of(order),
        "currency": order.currency,
    }
    if not row.is_undecided or not form.is_valid():
        return page
    try:
        return page | {"breakdown": preview_of_outside(row, form.wish)}
    except RebondError as refusal:
        return page | {"told": refusal_sentence(refusal)}


def _refunds_of(row: OutsideRefund) -> list[Refund]:
    return list(Refund.objects.filter(shop_id=row.shop_id, payment=row.payment_id))


def _to_order(row: OutsideRefund) -> HttpResponse:
    assert row.payment is not None
    order = row.payment.order
    return redirect("backoffice:order", slug=order.shop.slug, number=order.number)
