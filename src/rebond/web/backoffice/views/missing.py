"""Goods that never arrived at the desk: reported on the phone, answered, paid back or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.duties.models import Duty
from rebond.domain.non_deliveries.actions import (
    announce_day,
    end_contract,
    note_arrived,
    refund_missing,
    refuse_report,
    report_missing,
    send_again,
)
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.queries import (
    answers_to,
    country_of,
    earlier_reports,
    legal_end_of,
    lines_in,
    reports,
)
from rebond.domain.non_deliveries.states import (
    EndGround,
    Evidence,
    RefusalReason,
    ReportState,
    article_of,
)
from rebond.domain.non_deliveries.worth import is_whole, worth_of
from rebond.domain.orders.models import Order
from rebond.domain.refunds.quoting import breakdown_of
from rebond.domain.shops.access import Right
from rebond.kernel.clock import today
from rebond.kernel.errors import RebondError
from rebond.kernel.paging import page_of
from rebond.outbound.telling.sums import titles_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.confirming import need_confirmed
from rebond.web.backoffice.forms.missing import OpenPieces
from rebond.web.backoffice.looks import note_customer
from rebond.web.backoffice.queries.duties import row_of
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.missing import MissingForm, read_day

ROWS = 50


@require_GET
@at_desk(Right.SEE)
def listed(request: DeskRequest) -> HttpResponse:
    """Those that wait for an answer, for the parcel, or all of them, newest first."""
    view = request.GET.get("view", "")
    view = view if view in {"waiting", "all"} else "open"
    rows = reports(request.shop)
    if view != "all":
        rows = rows.filter(state=ReportState(view))
    page = page_of(rows, by="reported_at", cursor=request.GET.get("at", ""), size=ROWS)
    return show(request, "missing_list.html", {"page": page, "view": view})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.DECIDE)
def new(request: DeskRequest, number: str) -> HttpResponse:
    """Write down what a customer tells on the phone."""
    rows = Order.objects.select_related("shop", "shopper")
    order = rows.filter(shop=request.shop, number_key=number.lower()).first()
    if order is None:
        raise Http404
    form = MissingForm(order, request.POST.dict() if request.method == "POST" else None)
    page: dict[str, Any] = {"order": order, "form": form}
    if request.method != "POST":
        return show(request, "missing_new.html", page)
    if not form.is_valid():
        return show(request, "missing_new.html", page, status=422)
    try:
        made = report_missing(order.pk, form.told(), by=request.by)
    except RebondError as refusal:
        return show(request, "missing_new.html", page, refusal=refusal)
    messages.success(request, _("{number} is filed.").format(number=made.number))
    return redirect("backoffice:missing", slug=request.shop.slug, report_id=made.pk)


@require_GET
@at_desk(Right.SEE)
def one(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """The order, its parcels, what is known, and the answers that a person may give."""
    found = _found(request, report_id)
    note_customer(request, found.order)
    return _page(request, found)


@require_POST
@at_desk(Right.DECIDE)
def announce(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """It is on its way: tell the customer a new day."""
    day = read_day(request.POST.get("day", ""))
    words = request.POST.get("words", "")
    if day is None:
        return _page(request, _found(request, report_id), wrong=_("Please choose a day."))
    return _answered(
        request,
        report_id,
        lambda pk: announce_day(pk, day, words, by=request.by, staff=request.staff),
    )


@require_POST
@at_desk(Right.DECIDE)
def again(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """It was sent once more."""
    found = _found(request, report_id)
    pieces = OpenPieces(found, request.POST)
    if not pieces.is_valid():
        return _page(request, found, wrong=pieces.error, resent=pieces)
    day = request.POST.get("day", "").strip()
    if day and read_day(day) is None:
        return _page(request, found, wrong=_("Please choose a day."), resent=pieces)
    return _answered(
        request,
        report_id,
        lambda pk: send_again(
            pk,
            pieces.quantities,
            request.POST.get("words", ""),
            by=request.by,
            staff=request.staff,
            carrier=request.POST.get("carrier", ""),
            tracking_number=request.POST.get("tracking_number", ""),
            expected_on=read_day(day),
        ),
    )


@require_POST
@at_desk(Right.DECIDE)
def refuse(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Refuse, as a person with a name, on a ground of law and with the proof."""
    reason, proof = request.POST.get("reason", ""), request.POST.get("evidence_kind", "")
    if reason not in set(RefusalReason):
        said = _("Please choose why it is refused.")
        return _page(request, _found(request, report_id), wrong=said)
    return _answered(
        request,
        report_id,
        lambda pk: refuse_report(
            pk,
            RefusalReason(reason),
            request.POST.get("words", ""),
            staff=request.staff,
            by=request.by,
            evidence_kind=Evidence(proof) if proof in set(Evidence) else None,
            evidence=request.POST.get("evidence", ""),
        ),
    )


@require_POST
@at_desk(Right.DECIDE)
def arrived(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """The customer says that everything is there."""
    return _answered(
        request,
        report_id,
        lambda pk: note_arrived(pk, by=request.by, staff=request.staff),
        said=_("Noted. These articles can be returned now."),
    )


@require_POST
@at_desk(Right.DECIDE)
def end(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """The customer ends the contract, told on the phone or by mail."""
    ground = request.POST.get("ground", "")
    if ground not in set(EndGround):
        said = _("Please choose why the contract ends.")
        return _page(request, _found(request, report_id), wrong=said)
    return _answered(
        request, report_id, lambda pk: end_contract(pk, EndGround(ground), by=request.by)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.REFUND)
def refund(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Pay back what is missing. The amount that was shown is the one that is paid."""
    found = _found(request, report_id)
    sent = request.POST if request.method == "POST" else None
    pieces = OpenPieces(found, sent)
    with_delivery = bool(sent and sent.get("with_delivery") == "on")
    page: dict[str, Any] = {"report": found, "pieces": pieces, "with_delivery": with_delivery}
    if found.is_over:
        return redirect("backoffice:missing", slug=request.shop.slug, report_id=found.pk)
    if not pieces.is_valid():
        return show(request, "missing_refund.html", page, status=422)
    try:
        order = found.order
        quote = worth_of(order, pieces.quantities, with_delivery=with_delivery)
        page |= {
            "breakdown": breakdown_of(quote, order.currency),
            "titles": titles_of(order),
            "is_whole": is_whole(order, pieces.quantities),
            "articles": legal_end_of(found, today(request.shop.time_zone)).articles,
        }
        total = quote.refund_total + quote.unallocated
        shown = request.POST.get("shown_minor", "")
        if sent is None or request.POST.get("step") != "send" or shown != str(total):
            page["has_changed"] = sent is not None and request.POST.get("step") == "send"
            return show(request, "missing_refund.html", page)
        if total >= request.shop.confirm_above_minor:
            need_confirmed(request)
        made = refund_missing(
            found.pk,
            pieces.quantities,
            by=request.by,
            who=request.staff,
            with_delivery=with_delivery,
            shown_minor=total,
        )
    except RebondError as refusal:
        return show(request, "missing_refund.html", page, refusal=refusal)
    assert made.settlement is not None
    if made.settlement.approvals.filter(is_granted=None).exists():
        messages.success(request, _("The refund waits for a second person."))
    else:
        messages.success(request, _("The refund is on its way."))
    return redirect("backoffice:missing", slug=request.shop.slug, report_id=found.pk)


def _answered(
    request: DeskRequest, report_id: UUID, act: Callable[[UUID], object], *, said: str = ""
) -> HttpResponse:
    found = _found(request, report_id)
    try:
        act(found.pk)
    except RebondError as refusal:
        return _page(request, _found(request, report_id), refusal=refusal)
    messages.success(request, said or _("Noted. The customer is told."))
    return redirect("backoffice:missing", slug=request.shop.slug, report_id=found.pk)


def _found(request: DeskRequest, report_id: UUID) -> NonDelivery:
    rows = NonDelivery.objects.select_related("shop", "order__shop", "order__shopper")
    found = rows.filter(shop=request.shop, pk=report_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: DeskRequest,
    found: NonDelivery,
    *,
    refusal: RebondError | None = None,
    wrong: str = "",
    resent: OpenPieces | None = None,
) -> HttpResponse:
    day = today(request.shop.time_zone)
    duties = Duty.objects.filter(shop=request.shop, non_delivery=found).order_by("kind")
    country = country_of(found.order)
    page: dict[str, Any] = {
        "report": found,
        "order": found.order,
        "lines": lines_in(found),
        "answers": answers_to(found),
        "deliveries": list(found.order.deliveries.order_by("position")),
        "earlier": earlier_reports(found, found.reported_at),
        "duties": [row_of(duty, day) for duty in duties],
        "may_end": found.may_end(day),
        "is_covered": legal_end_of(found, day).due_on is not None,
        "pieces": resent or OpenPieces(found),
        "reasons": [(one.value, article_of(one, country)) for one in RefusalReason],
        "evidence": [one.value for one in Evidence],
        "grounds": [
            one.value for one in EndGround if one is not EndGround.PERIOD_OVER or found.may_end(day)
        ],
        "typed": request.POST if refusal or wrong else {},
        "sent": request.resolver_match.url_name if request.resolver_match else "",
        "wrong": wrong,
        "day": day,
    }
    return show(request, "missing.html", page, refusal=refusal, status=422 if wrong else 200)
