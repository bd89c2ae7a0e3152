"""Money beyond one return: refunds straight from an order, what waits for somebody, its rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.ledger.terms import terms_of
from rebond.domain.orders.models import Order
from rebond.domain.refunds.actions import (
    answer_approval,
    answer_limit_change,
    change_limit,
    end_doubt,
    pay_by_hand,
    refund_again,
    refund_order,
    send_another_way,
    set_tender_order,
)
from rebond.domain.refunds.errors import IllegalRefundStep, LimitUnreadable
from rebond.domain.refunds.left import left_of
from rebond.domain.refunds.limits import LimitKind, Spender
from rebond.domain.refunds.models import Approval, LimitChange, Refund
from rebond.domain.refunds.ports import payment_providers
from rebond.domain.refunds.queries import preview_of_wish
from rebond.domain.refunds.ways import Way
from rebond.domain.returns.errors import ChangedMeanwhile
from rebond.domain.shops.access import Right
from rebond.domain.shops.actions import change_shop
from rebond.kernel.clock import today
from rebond.kernel.errors import RebondError
from rebond.kernel.ids import uuid7
from rebond.outbound.notifications.actions import ask_for_a_way
from rebond.outbound.telling.sums import titles_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.confirming import need_confirmed
from rebond.web.backoffice.forms.amounts import minor_of, typed
from rebond.web.backoffice.forms.counts import whole
from rebond.web.backoffice.forms.order_refund import OrderRefundForm, WayForm
from rebond.web.backoffice.forms.returns import PaymentForm
from rebond.web.backoffice.queries.elsewhere import open_difference_count
from rebond.web.backoffice.queries.money import (
    find_task_refund,
    limits_of,
    methods_of,
    tasks_page,
    waiting_changes,
)
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.queries.sales import find_order
from rebond.web.backoffice.views.pages import is_same_click, show, version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.sales import order_page
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import active_language, refusal_sentence

WAYS = (Way.ORIGINAL, Way.STORE_CREDIT, Way.GIFT_CARD, Way.BY_HAND)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.REFUND)
def from_order(request: DeskRequest, number: str) -> HttpResponse:
    """Refund part or all of an order. The amount that was shown is the one that is sent."""
    order = find_order(request.shop, number)
    form = _form(request, order)
    token = request.POST.get("token") or uuid7().hex
    page: dict[str, Any] = {"order": order, "form": form, "token": token}
    if request.method != "POST":
        return show(request, "order_refund.html", page)
    if not form.is_valid():
        return show(request, "order_refund.html", page, status=422)
    try:
        preview = preview_of_wish(order, form.wish)
        shown_minor = request.POST.get("shown_minor", "")
        if request.POST.get("step") != "send" or shown_minor != str(preview["total_minor"]):
            changed = request.POST.get("step") == "send"
            return show(request, "order_refund.html", page | _sum(order, preview, changed))
        if preview["total_minor"] >= request.shop.confirm_above_minor:
            need_confirmed(request)
        made = refund_order(
            order.pk, form.wish, by=request.by, who=request.staff, request_key=token[:80]
        )
    except RebondError as refusal:
        return show(request, "order_refund.html", page, refusal=refusal)
    if made.approvals.filter(is_granted=None).exists():
        messages.success(request, _("The refund waits for a second person."))
    else:
        messages.success(request, _("The refund is decided and on its way."))
    return redirect("backoffice:order", slug=request.shop.slug, number=order.number)


@require_POST
@at_desk(Right.REFUND)
def preview(request: DeskRequest, number: str) -> HttpResponse:
    """The sum of what is typed so far, as a piece of the page."""
    order = find_order(request.shop, number)
    form = _form(request, order)
    if not form.is_valid():
        return render(request, "backoffice/order_refund_sum.html", {"form": form})
    try:
        found = _sum(order, preview_of_wish(order, form.wish), changed=False)
    except RebondError as refusal:
        told = {"told": refusal_sentence(refusal), "form": form}
        return render(request, "backoffice/order_refund_sum.html", told)
    return render(request, "backoffice/order_refund_sum.html", found | {"form": form})


@require_GET
@at_desk(Right.REFUND, Right.SEE_MONEY)
def tasks(request: DeskRequest) -> HttpResponse:
    """What about money waits for somebody, oldest first."""
    page = tasks_page(request.shop, cursor=request.GET.get("at", ""))
    differ = open_difference_count(request.shop)
    return show(request, "money.html", {"page": page, "me": request.staff, "differ": differ})


@require_POST
@at_desk(Right.REFUND, confirmed=True)
def approval(request: DeskRequest, approval_id: UUID) -> HttpResponse:
    """Say yes or no to a refund above somebody's limit."""
    if not Approval.objects.filter(shop=request.shop, pk=approval_id).exists():
        raise Http404
    grants = request.POST.get("answer") == "yes"
    try:
        answer_approval(approval_id, grants=grants, staff=request.staff, by=request.by)
    except RebondError as refusal:
        return _tasks_with(request, refusal)
    told = _("Approved: the money is on its way.") if grants else _("Called off.")
    messages.success(request, told)
    return redirect("backoffice:money", slug=request.shop.slug)


@require_POST
@at_desk(Right.REFUND, confirmed=True)
def pay(request: DeskRequest, refund_id: UUID) -> HttpResponse:
    """Note that a refund was paid by hand."""
    refund = find_task_refund(request.shop, refund_id)
    rma = refund.settlement.rma
    form = PaymentForm(request.POST, refund_id=refund_id, latest=today(request.shop.time_zone))
    try:
        if not refund.waits_for_payer:
            raise IllegalRefundStep(was=refund.state, asked="succeeded")
        if rma is not None and version_of(request) != rma.version:
            raise ChangedMeanwhile(number=rma.number)
        if not form.is_valid():
            return _page_of(request, refund, payment=form)
        pay_by_hand(
            refund.pk,
            reference=form.cleaned_data["reference"],
            paid_on=form.cleaned_data["paid_on"],
            by=request.by,
        )
    except RebondError as refusal:
        if _is_same_click(request, refund, "refund.succeeded"):
            return back_to_money_of(refund)
        return _page_of(request, refund, refusal=refusal, payment=form)
    messages.success(request, _("Noted as paid. The document follows by itself."))
    return back_to_money_of(refund)


@require_POST
@at_desk(Right.REFUND)
def again(request: DeskRequest, refund_id: UUID) -> HttpResponse:
    """Send money that failed once more, by the same way."""
    refund = find_task_refund(request.shop, refund_id)
    try:
        refund_again(refund.pk, by=request.by)
    except RebondError as refusal:
        if _is_same_click(request, refund, "refund.started"):
            return back_to_money_of(refund)
        return _page_of(request, refund, refusal=refusal)
    messages.success(request, _("The money is on its way once more."))
    return back_to_money_of(refund)


@require_POST
@at_desk(Right.REFUND)
def doubt(request: DeskRequest, refund_id: UUID) -> HttpResponse:
    """Say what became of money that the provider gave no answer about."""
    refund = find_task_refund(request.shop, refund_id)
    try:
        end_doubt(
            refund.pk,
            was_paid=request.POST.get("was_paid") == "yes",
            reference=request.POST.get("reference", ""),
            by=request.by,
        )
    except RebondError as refusal:
        return _page_of(request, refund, refusal=refusal)
    messages.success(request, _("Noted. The rest follows by itself."))
    return back_to_money_of(refund)


@require_POST
@at_desk(Right.REFUND)
def ask_shopper(request: DeskRequest, refund_id: UUID) -> HttpResponse:
    """Mail the shopper a link by which they choose where their money goes."""
    refund = find_task_refund(request.shop, refund_id)
    if not refund.waits_for_a_way or not refund.settlement.recipient.email:
        refusal = IllegalRefundStep(was=refund.state, asked="asked")
        return _page_of(request, refund, refusal=refusal)
    ask_for_a_way(refund.pk)
    messages.success(request, _("The link is on its way to the customer."))
    return back_to_money_of(refund)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.REFUND, confirmed=True)
def another_way(request: DeskRequest, refund_id: UUID) -> HttpResponse:
    """Let money that did not go take another way."""
    refund = find_task_refund(request.shop, refund_id)
    order = refund.settlement.order
    typed = request.POST if request.method == "POST" else None
    ways = [way for way in _possible_ways(request) if way is not Way.ORIGINAL]
    form = WayForm(order, typed, ways=ways, bonus_percent=_bonus(request))
    page = {"refund": refund, "order": order, "form": form}
    if typed is None:
        return show(request, "another_way.html", page)
    if not form.is_valid():
        return show(request, "another_way.html", page, status=422)
    try:
        send_another_way(refund.pk, form.chosen, by=request.by)
    except RebondError as refusal:
        return show(request, "another_way.html", page, refusal=refusal)
    messages.success(request, _("The money takes its new way."))
    return back_to_money_of(refund)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE, confirmed=True)
def rules(request: DeskRequest) -> HttpResponse:
    """Limits on what one person refunds alone, and the order of the ways of paying."""
    if request.method != "POST":
        return _rules_page(request)
    try:
        if "methods" in request.POST:
            set_tender_order(request.shop, _methods_in_order(request), by=request.by)
            messages.success(request, _("Kept."))
        elif "confirm_above" in request.POST:
            _change_confirmation(request)
        else:
            _change_limit(request)
    except RebondError as refusal:
        return _rules_page(request, refusal=refusal)
    return redirect("backoffice:money_rules", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE, Right.REFUND, confirmed=True)
def limit_answer(request: DeskRequest, change_id: UUID) -> HttpResponse:
    """Say yes or no to a higher limit that somebody else wants."""
    if not LimitChange.objects.filter(shop=request.shop, pk=change_id).exists():
        raise Http404
    grants = request.POST.get("answer") == "yes"
    try:
        answer_limit_change(change_id, grants=grants, staff=request.staff, by=request.by)
    except RebondError as refusal:
        return _tasks_with(request, refusal)
    messages.success(request, _("Kept."))
    return redirect("backoffice:money", slug=request.shop.slug)


def back_to_money_of(refund: Refund) -> HttpResponse:
    """To the return of the refund, or to its order where there is no return."""
    settlement = refund.settlement
    slug = settlement.order.shop.slug
    if settlement.rma is not None:
        return redirect("backoffice:return", slug=slug, number=settlement.rma.number)
    return redirect("backoffice:order", slug=slug, number=settlement.order.number)


def _page_of(
    request: DeskRequest,
    refund: Refund,
    *,
    refusal: RebondError | None = None,
    payment: PaymentForm | None = None,
) -> HttpResponse:
    """The page that the refund stands on, as it is now."""
    settlement = refund.settlement
    if settlement.rma is not None:
        rma = find_return(request.shop, settlement.rma.number)
        return return_page(request, rma, refusal=refusal, payment=payment)
    return order_page(request, settlement.order.number, refusal=refusal, payment=payment)


def _is_same_click(request: DeskRequest, refund: Refund, event: str) -> bool:
    subject = refund.settlement.rma or refund.settlement.order
    return is_same_click(request, subject, event)


def _form(request: DeskRequest, order: Order) -> OrderRefundForm:
    typed = request.POST if request.method == "POST" else None
    return OrderRefundForm(
        order,
        left_of(order),
        typed,
        ways=_possible_ways(request),
        bonus_percent=_bonus(request),
    )


def _possible_ways(request: DeskRequest) -> list[Way]:
    return [way for way in WAYS if way is Way.ORIGINAL or way.value in payment_providers]


def _bonus(request: DeskRequest) -> int:
    return terms_of(request.shop.pk).bonus_percent


def _sum(order: Order, preview: dict[str, Any], changed: bool) -> dict[str, Any]:
    return {
        "breakdown": preview,
        "titles": titles_of(order),
        "has_changed": changed,
        "currency": order.currency,
    }


def _change_limit(request: DeskRequest) -> None:
    text = request.POST.get("amount", "")
    amount = minor_of(text, request.shop.currency) if text.strip() else None
    role, kind = request.POST.get("role", ""), request.POST.get("kind", "")
    if (
        (text.strip() and amount is None)
        or role not in list(Spender)
        or kind not in list(LimitKind)
    ):
        raise LimitUnreadable(asked=text[:20])
    holds = change_limit(
        request.shop,
        role=Spender(role),
        kind=LimitKind(kind),
        currency=request.shop.currency,
        amount_minor=amount,
        staff=request.staff,
        by=request.by,
    )
    if holds:
        messages.success(request, _("Kept. It holds from now on."))
    else:
        messages.success(request, _("A second person has to agree to a higher limit."))


def _change_confirmation(request: DeskRequest) -> None:
    text = request.POST["confirm_above"].strip()
    minor = minor_of(text, request.shop.currency)
    if minor is None or minor < 0:
        raise LimitUnreadable(asked=text[:20])
    change_shop(request.shop, {"confirm_above_minor": minor}, by=request.by)
    messages.success(request, _("Kept. It holds from now on."))


def _methods_in_order(request: DeskRequest) -> list[str]:
    """The ways of paying by the numbers typed beside them; those without a number come last."""
    known = methods_of(request.shop)
    places = {method: whole(request.POST.get(f"place-{method}", "")) or 999 for method in known}
    return sorted(known, key=lambda method: (places[method], known.index(method)))


def _rules_page(request: DeskRequest, *, refusal: RebondError | None = None) -> HttpResponse:
    page = {
        "limits": limits_of(request.shop),
        "changes": waiting_changes(request.shop),
        "methods": methods_of(request.shop),
        "confirm_above": typed(
            request.shop.confirm_above_minor, request.shop.currency, active_language()
        ),
        "me": request.staff,
    }
    return show(request, "money_rules.html", page, refusal=refusal)


def _tasks_with(request: DeskRequest, refusal: RebondError) -> HttpResponse:
    page = {"page": tasks_page(request.shop, cursor=""), "me": request.staff}
    return show(request, "money.html", page, status=STATUS[refusal.kind], refusal=refusal)
