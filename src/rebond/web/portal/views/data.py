"""Ask for a copy of one's data or for its erasure, after a code; fetch the copy by its link."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from rebond.domain.privacy.actions import ask_about_data
from rebond.domain.privacy.errors import DataRequestOpen, UnknownMailbox
from rebond.domain.privacy.links import request_behind
from rebond.domain.shoppers.models import RequestKind
from rebond.kernel.files import content_of
from rebond.web.portal.access import ShopRequest, in_shop, lost, private, proven_mailbox

ASKED = "portal_data_asked"


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def ask(request: ShopRequest) -> HttpResponse:
    """What somebody may ask about their data; only who proved to read the mailbox."""
    mailbox = proven_mailbox(request)
    if not mailbox:
        return redirect("portal:mailbox", slug=request.shop.slug)
    if request.method != "POST":
        done = request.session.pop(ASKED, "")
        return private(render(request, "portal/mailbox/data.html", {"done": done}))
    if request.POST.get("kind") not in set(RequestKind):
        return lost(request)
    kind = RequestKind(request.POST["kind"])
    if kind == RequestKind.ERASE and request.POST.get("sure") != "yes":
        page = {"needs_sure": True}
        return private(render(request, "portal/mailbox/data.html", page, status=422))
    try:
        ask_about_data(
            request.shop,
            kind,
            mailbox,
            by="shopper",
            language=request.LANGUAGE_CODE,
            is_proven=True,
        )
        request.session[ASKED] = kind.value
    except DataRequestOpen:
        request.session[ASKED] = "open"
    except UnknownMailbox:
        return lost(request)
    return redirect("portal:data", slug=request.shop.slug)


@require_safe
@in_shop
def fetch(request: ShopRequest, token: str) -> HttpResponse:
    """The copy, as a file to keep."""
    asked = request_behind(request.shop, token)
    if asked is None:
        return lost(request)
    response = HttpResponse(content_of(asked.file), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="data.zip"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return private(response)
