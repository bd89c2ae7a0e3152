"""Webhooks at the desk: where events go, what was answered, sending them again."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.kernel.paging import page_of
from rebond.outbound.webhooks.actions import (
    MOST_AT_ONCE,
    add_endpoint,
    change_endpoint,
    replay,
    replay_range,
    rotate_secret,
)
from rebond.outbound.webhooks.models import Delivery, DeliveryState, Endpoint
from rebond.outbound.webhooks.queries import deliveries_of, endpoints_of, event_names
from rebond.outbound.webhooks.signing import secret_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.views.pages import show


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE, confirmed=True)
def endpoints(request: DeskRequest) -> HttpResponse:
    """All endpoints; the secret of a new one is shown this once."""
    typed = {"url": request.POST.get("url", ""), "types": request.POST.get("types", "")}
    page: dict[str, object] = {"names": event_names(), "fresh": "", "typed": typed}
    refusal, status = None, 200
    if request.method == "POST":
        try:
            made = add_endpoint(
                request.shop,
                typed["url"],
                _names(typed["types"]),
                known=event_names(),
                by=request.by,
            )
            page |= {"fresh": secret_of(made.pk, made.generation), "typed": {}}
        except RebondError as refused:
            refusal, status = refused, 422
    page["endpoints"] = list(endpoints_of(request.shop))
    return show(request, "webhooks.html", page, status=status, refusal=refusal)


@require_GET
@at_desk(Right.CONFIGURE)
def endpoint(request: DeskRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint with what was sent there."""
    return _endpoint_page(request, _endpoint(request, endpoint_id))


@require_POST
@at_desk(Right.CONFIGURE, confirmed=True)
def change(request: DeskRequest, endpoint_id: UUID) -> HttpResponse:
    """Set the address and the types, or turn it on or off."""
    found = _endpoint(request, endpoint_id)
    turns = request.POST.get("turn", "")
    try:
        change_endpoint(
            request.shop,
            found.pk,
            url=request.POST.get("url", found.url),
            types=_names(request.POST["types"]) if "types" in request.POST else found.types,
            is_active={"on": True, "off": False}.get(turns, found.is_active),
            known=event_names(),
            by=request.by,
        )
    except RebondError as refusal:
        return _endpoint_page(request, found, refusal=refusal)
    messages.success(request, _("Saved."))
    return _back_to(request, found)


@require_POST
@at_desk(Right.CONFIGURE, confirmed=True)
def rotate(request: DeskRequest, endpoint_id: UUID) -> HttpResponse:
    """Sign with a new secret, which is shown this once."""
    found = rotate_secret(request.shop, _endpoint(request, endpoint_id).pk, by=request.by)
    return _endpoint_page(request, found, fresh=secret_of(found.pk, found.generation))


@require_POST
@at_desk(Right.CONFIGURE)
def send_range_again(request: DeskRequest, endpoint_id: UUID) -> HttpResponse:
    """Send again what happened from one day to another, both included."""
    found = _endpoint(request, endpoint_id)
    since, until = (_day(request.POST.get(name, "")) for name in ("since", "until"))
    if since is None or until is None or until < since:
        messages.error(request, _("Please choose two days, the earlier one first."))
        return _back_to(request, found)
    zone = ZoneInfo(request.shop.time_zone)
    try:
        count = replay_range(
            request.shop,
            found.pk,
            since=datetime.combine(since, time(), zone),
            until=datetime.combine(until + timedelta(days=1), time(), zone),
        )
    except RebondError as refusal:
        return _endpoint_page(request, found, refusal=refusal)
    told = ngettext("{count} event is sent again.", "{count} events are sent again.", count)
    messages.success(request, told.format(count=count))
    if count == MOST_AT_ONCE:
        messages.warning(request, _("There is more in these days: choose fewer of them."))
    return _back_to(request, found)


@require_GET
@at_desk(Right.CONFIGURE)
def delivery(request: DeskRequest, delivery_id: UUID) -> HttpResponse:
    """One delivery: what is sent, what each try was answered."""
    return _delivery_page(request, _delivery(request, delivery_id))


@require_POST
@at_desk(Right.CONFIGURE)
def send_again(request: DeskRequest, delivery_id: UUID) -> HttpResponse:
    """Send a delivery again."""
    found = _delivery(request, delivery_id)
    try:
        replay(request.shop, found.pk)
    except RebondError as refusal:
        return _delivery_page(request, found, refusal=refusal)
    messages.success(request, _("It is sent again, with the same number and the same content."))
    return redirect("backoffice:webhook_delivery", slug=request.shop.slug, delivery_id=found.pk)


def _endpoint(request: DeskRequest, endpoint_id: UUID) -> Endpoint:
    found = Endpoint.objects.filter(shop=request.shop, pk=endpoint_id).first()
    if found is None:
        raise Http404
    return found


def _delivery(request: DeskRequest, delivery_id: UUID) -> Delivery:
    rows = Delivery.objects.filter(shop=request.shop, pk=delivery_id)
    found = rows.select_related("endpoint").first()
    if found is None:
        raise Http404
    return found


def _endpoint_page(
    request: DeskRequest,
    found: Endpoint,
    *,
    fresh: str = "",
    refusal: RebondError | None = None,
) -> HttpResponse:
    rows = deliveries_of(found)
    state = request.GET.get("state", "")
    if state in list(DeliveryState):
        rows = rows.filter(state=state)
    page = {
        "endpoint": found,
        "page": page_of(rows, by="made_at", cursor=request.GET.get("at", "")),
        "state": state,
        "states": [(str(one), str(one)) for one in DeliveryState],
        "names": event_names(),
        "fresh": fresh,
    }
    return show(request, "webhook.html", page, status=422 if refusal else 200, refusal=refusal)


def _delivery_page(
    request: DeskRequest, found: Delivery, *, refusal: RebondError | None = None
) -> HttpResponse:
    body = json.dumps(json.loads(found.body), indent=2, ensure_ascii=False)
    page = {"delivery": found, "body": body, "tries": list(found.tries.order_by("-at", "-id"))}
    status = 422 if refusal else 200
    return show(request, "webhook_delivery.html", page, status=status, refusal=refusal)


def _back_to(request: DeskRequest, found: Endpoint) -> HttpResponse:
    return redirect("backoffice:webhook", slug=request.shop.slug, endpoint_id=found.pk)


def _names(text: str) -> list[str]:
    return [name for name in text.replace(",", " ").split() if name]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
