"""The return form inside the shop's own pages, and the step from there into a window of its own.

Inside a frame of another site browsers keep our cookies back, so the framed page uses none: it has
no session and no token. What is typed is sent to the whole window (``target=_top``), where the
portal is at home. Only sites on the shop's list may frame it, and nothing in the frame happens
without a number and a proof being typed, so a click that was stolen does nothing.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from rebond.web.portal.access import ShopRequest, in_shop
from rebond.web.portal.forms.find import FindForm
from rebond.web.portal.views.find import find

NOBODY = ["'none'"]
ANYBODY = ["*"]
FORBIDDEN = "origin_not_allowed"


@require_safe
@xframe_options_exempt
@in_shop
def framed(request: ShopRequest) -> HttpResponse:
    """The two fields, for a frame on a page of the shop's own; elsewhere a word and a link."""
    allowed = list(request.shop.embed_origins)
    if _is_framed_elsewhere(request, allowed):
        refused = render(request, "portal/embed/refused.html", {"code": FORBIDDEN}, status=403)
        return _framable(refused, ANYBODY)
    shown = render(request, "portal/embed/form.html", {"form": FindForm()})
    return _framable(shown, allowed or NOBODY)


@csrf_exempt
@require_http_methods(["POST"])
@in_shop
def opened(request: ShopRequest) -> HttpResponse:
    """Open the order in the whole window, as the front page does.

    The form has no token, for its frame has no cookie; instead the browser itself must say that
    one of our own pages sent it (``Origin``). Anything else is led to the front page, empty.
    """
    origin = request.headers.get("Origin", "")
    if urlsplit(origin)[:2] != (request.scheme, request.get_host()):
        return redirect("portal:start", slug=request.shop.slug)
    return find(request)


@require_safe
@in_shop
def script(request: ShopRequest) -> HttpResponse:
    """The script that puts the frame in the place of a link."""
    response = render(
        request, "portal/embed/embed.js", content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _is_framed_elsewhere(request: Any, allowed: list[str]) -> bool:
    """Whether the browser says that a site which is not on the list frames this page.

    Where it says nothing, the header of the answer decides.
    """
    if request.headers.get("Sec-Fetch-Dest") not in {"iframe", "frame", "embed", "object"}:
        return False
    around = urlsplit(request.headers.get("Referer", ""))
    if not around.netloc or around.netloc == request.get_host():
        return False
    return f"{around.scheme}://{around.netloc}" not in allowed


def _framable(response: HttpResponse, origins: list[str]) -> HttpResponse:
    response._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]
    patch_vary_headers(response, ["Sec-Fetch-Dest", "Referer"])
    return response
