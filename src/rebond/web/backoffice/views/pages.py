"""Renders a page of the desk with what its frame needs; tells refusals in place."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from rebond.domain.duties.queries import counts_of
from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.kernel.clock import now, today
from rebond.kernel.errors import RebondError
from rebond.kernel.models import Event
from rebond.web.backoffice.access import DeskRequest, works_elsewhere
from rebond.web.backoffice.queries.money import open_tasks
from rebond.web.backoffice.undo import undo_of
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence

SAME_CLICK = timedelta(seconds=60)


def show(
    request: DeskRequest,
    template: str,
    page: dict[str, Any],
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    """``template`` inside the desk's frame; with a ``refusal`` as a sentence and its status."""
    frame = {
        "section": request.resolver_match.route.split("/")[2] if request.resolver_match else "",
        "may": {right.value: True for right in request.rights},
        "works_elsewhere": works_elsewhere(request.user),
        "money_waits": open_tasks(request.shop) if Right.SEE_MONEY in request.rights else 0,
        "due": counts_of(request.shop, today(request.shop.time_zone)),
        "refusal": refusal_sentence(refusal) if refusal else "",
        "undo": undo_of(request),
    }
    shown = STATUS[refusal.kind] if refusal else status
    return render(request, f"backoffice/{template}", frame | page, status=shown)


def is_same_click(request: DeskRequest, subject: Return | Order, event: str) -> bool:
    """Whether this very person did this a moment ago: a form that was sent twice."""
    return Event.objects.filter(
        shop_id=subject.shop_id,
        subject=subject.pk,
        name=event,
        actor=request.by,
        at__gte=now() - SAME_CLICK,
    ).exists()


def version_of(request: DeskRequest) -> int | None:
    """The version of the return that the form was made from; None where the form says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
