"""Keys of machines: made and shown once, listed, revoked."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.machines.actions import make_key, revoke_key
from rebond.domain.machines.models import ApiKey
from rebond.domain.machines.scopes import Scope
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import refusal_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE, confirmed=True)
def keys(request: DeskRequest) -> HttpResponse:
    """All keys of the shop; a new one is shown this once and never again."""
    scopes = [scope for scope in request.POST.getlist("scopes") if scope in list(Scope)]
    title = request.POST.get("title", "").strip()
    networks = request.POST.get("networks", "").replace(",", " ").split()
    page: dict[str, Any] = {"scopes": list(Scope), "chosen": scopes, "title": title}
    page |= {"fresh": "", "error": ""}
    page |= {"networks": " ".join(networks), "expires": request.POST.get("expires", "")}
    if request.method == "POST" and not (title and scopes):
        page["error"] = _("Please give the key a name and at least one permission.")
        return show(request, "keys.html", page | _known(request), status=422)
    if request.method == "POST":
        try:
            _key, page["fresh"] = make_key(
                request.shop,
                title=title,
                scopes=scopes,
                by=request.by,
                expires_at=_end_of(request, page["expires"]),
                networks=networks,
            )
        except RebondError as refusal:
            page["error"] = refusal_sentence(refusal)
            return show(request, "keys.html", page | _known(request), status=422)
    return show(request, "keys.html", page | _known(request))


@require_POST
@at_desk(Right.CONFIGURE)
def revoke(request: DeskRequest, key_id: UUID) -> HttpResponse:
    """Shut a machine out, at once."""
    if not ApiKey.objects.filter(shop=request.shop, pk=key_id).exists():
        raise Http404
    revoke_key(request.shop, key_id, by=request.by)
    messages.success(request, _("The key is revoked. It opens nothing any more."))
    return redirect("backoffice:keys", slug=request.shop.slug)


def _end_of(request: DeskRequest, day: str) -> datetime | None:
    """The end of ``day`` in the shop's time zone; None where no day is named."""
    try:
        named = parse_date(day)
    except ValueError:
        named = None
    if named is None:
        return None
    return datetime.combine(named + timedelta(days=1), time(), ZoneInfo(request.shop.time_zone))


def _known(request: DeskRequest) -> dict[str, object]:
    return {"keys": list(ApiKey.objects.filter(shop=request.shop).order_by("-made_at"))}
