"""Something has not arrived: say so, see what happens next, end the contract, contest a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.domain.non_deliveries.actions import (
    ADDITIONAL_DAYS,
    contest_refusal,
    end_contract,
    note_arrived,
    report_missing,
)
from rebond.domain.non_deliveries.links import report_behind
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.queries import answers_to, legal_end_of, lines_in, reports_of
from rebond.domain.non_deliveries.states import EndGround, ReportState
from rebond.domain.orders.models import Order
from rebond.kernel.clock import today
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import (
    ShopRequest,
    in_shop,
    is_granted,
    is_theirs,
    lost,
    with_order,
)
from rebond.web.ui.letters import letters_leave
from rebond.web.ui.missing import MissingForm
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence

BY = "shopper"


@dataclass(frozen=True)
class Seen:
    """A report as this session may see it. ``token`` is what the address names it by.

    ``sees_all``: its link was followed, or the mailbox was proved. Who only named the order may
    hold nothing but its parcel, whose label tells as much.
    """

    report: NonDelivery
    token: str
    sees_all: bool

    @property
    def may_act(self) -> bool:
        """Whether what is said here counts; without a mailbox there is nothing to prove."""
        return self.sees_all or not self.report.order.shopper.email_key


@require_http_methods(["GET", "HEAD", "POST"])
@with_order
def report(request: ShopRequest, order: Order) -> HttpResponse:
    """Which pieces, what the tracking says, since when; what was sent opens as a page."""
    if request.method != "POST":
        return _form_page(request, order, MissingForm(order))
    form = MissingForm(order, request.POST.dict())
    if not form.is_valid():
        return _form_page(request, order, form, status=422)
    try:
        made = report_missing(order.pk, form.told(request.LANGUAGE_CODE), by=BY)
    except RebondError as refusal:
        return _form_page(request, order, form, refused=refusal)
    messages.success(
        request,
        _("Thank you. We have your message and wrote you an e-mail.")
        if letters_leave()
        else _("Thank you. We have your message."),
    )
    return redirect("portal:missing_report", slug=request.shop.slug, token=made.number)


def _with_report(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the page to whoever holds the report's link, or found its order in this session."""

    @wraps(view)
    def inner(request: Any, token: str) -> HttpResponse:
        found = report_behind(request.shop, token)
        sees_all = found is not None
        if found is None:
            rows = NonDelivery.objects.select_related("shop", "order__shopper")
            found = rows.filter(shop=request.shop, number=token[:40].upper()).first()
            if found is None:
                return lost(request)
            sees_all = is_theirs(request, found.order)
            if not sees_all and not is_granted(request, found.order_id):
                return lost(request)
        seen = Seen(found, token, sees_all)
        if request.method == "POST" and not seen.may_act:
            return _page(request, seen, status=403)
        return view(request, seen)

    return in_shop(inner)


@require_safe
@_with_report
def show(request: ShopRequest, seen: Seen) -> HttpResponse:
    """Where it stands, with every date."""
    return _page(request, seen)


@require_POST
@_with_report
def end(request: ShopRequest, seen: Seen) -> HttpResponse:
    """The additional period is over: wait no longer."""
    try:
        end_contract(seen.report.pk, EndGround.PERIOD_OVER, by=BY, is_customer=True)
    except RebondError as refusal:
        return _page(request, seen, refused=refusal)
    messages.success(request, _("You have ended the contract. We refund these articles."))
    return _back(request, seen)


@require_POST
@_with_report
def arrived(request: ShopRequest, seen: Seen) -> HttpResponse:
    """Everything that was open has arrived after all."""
    try:
        note_arrived(seen.report.pk, by=BY)
    except RebondError as refusal:
        return _page(request, seen, refused=refusal)
    messages.success(request, _("Thank you for telling us. We are glad that it is there."))
    return _back(request, seen)


@require_POST
@_with_report
def contest(request: ShopRequest, seen: Seen) -> HttpResponse:
    """A refusal is not accepted: a person looks at it again."""
    text = request.POST.get("text", "")
    try:
        contest_refusal(seen.report.pk, text, by=BY)
    except RebondError as refusal:
        return _page(request, seen, refused=refusal, typed=text)
    messages.success(request, _("Thank you. A person looks at it again and writes to you."))
    return _back(request, seen)


def _back(request: ShopRequest, seen: Seen) -> HttpResponse:
    return redirect("portal:missing_report", slug=request.shop.slug, token=seen.token)


def _form_page(
    request: ShopRequest,
    order: Order,
    form: MissingForm,
    *,
    status: int = 200,
    refused: RebondError | None = None,
) -> HttpResponse:
    page = {
        "order": order,
        "form": form,
        "days": ADDITIONAL_DAYS,
        "reports": reports_of(order),
        "deliveries": list(order.deliveries.order_by("position")),
        "refused": refusal_sentence(refused) if refused else "",
    }
    shown = STATUS[refused.kind] if refused else status
    return render(request, "portal/missing/form.html", page, status=shown)


def _page(
    request: ShopRequest,
    seen: Seen,
    *,
    status: int = 200,
    refused: RebondError | None = None,
    typed: str = "",
) -> HttpResponse:
    found = seen.report
    day = today(found.shop.time_zone)
    lines = lines_in(found)
    end = legal_end_of(found, found.ended_on or day)
    page = {
        "report": found,
        "token": seen.token,
        "sees_all": seen.sees_all,
        "may_act": seen.may_act,
        "lines": lines,
        "answers": answers_to(found),
        "may_end": found.may_end(day),
        "may_end_on": found.patience_until + timedelta(days=1),
        "refund_by": end.due_on if found.ended_on else None,
        "articles": end.articles,
        "is_refused": any(line.refused_quantity for line in lines),
        "waits": found.state != ReportState.CLOSED,
        "refused": refusal_sentence(refused) if refused else "",
        "typed": typed,
    }
    shown = STATUS[refused.kind] if refused else status
    return render(request, "portal/missing/report.html", page, status=shown)
