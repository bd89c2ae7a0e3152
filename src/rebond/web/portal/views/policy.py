"""The return policy for everybody: the page, older versions, the model form, a piece to embed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.queries import (
    policy_in_force,
    policy_of,
    version_in_force,
    versions_of,
)
from rebond.domain.shops.addresses import policy_page
from rebond.kernel.clock import now
from rebond.outbound.published.model_form import form_pdf, form_words, trader_of
from rebond.outbound.published.page import may_withdraw, public_policy
from rebond.web.portal.access import ShopRequest, in_shop, lost
from rebond.web.portal.forms.model_form import ModelForm
from rebond.web.portal.views.withdraw import recap_of

MOST_VERSIONS = 50
View = Callable[..., HttpResponse]


def _for_everybody(view: View) -> View:
    """Let search engines in, and browsers keep the page for a while."""

    @wraps(view)
    def inner(request: Any, slug: str, **more: Any) -> HttpResponse:
        response = in_shop(view)(request, slug=slug, **more)
        if response.status_code == 200:
            del response.headers["X-Robots-Tag"]
        return response

    return inner


@require_safe
@_for_everybody
def policy(request: ShopRequest) -> HttpResponse:
    """The version in force."""
    return _page(request, version_in_force(request.shop, now()), is_old=False)


@require_safe
@_for_everybody
def older(request: ShopRequest, number: int) -> HttpResponse:
    """A version that held once, or the one in force by its number."""
    found = PolicyVersion.objects.filter(
        shop=request.shop, number=number, published_at__lte=now()
    ).first()
    if found is None:
        return lost(request)
    held = version_in_force(request.shop, now())
    return _page(request, found, is_old=held is None or held.number != number)


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@_for_everybody
def fragment(request: ShopRequest) -> HttpResponse:
    """Only the words of the version in force, for pages of the shop's own site."""
    version = version_in_force(request.shop, now())
    address = policy_page(request.shop)
    page = {
        "told": _told(request, version),
        "address": address,
        "origin": address.removesuffix(f"/s/{request.shop.slug}/policy/"),
    }
    response = render(request, "portal/policy/fragment.html", page)
    return _shared(response)


@require_safe
@_for_everybody
def embed(request: ShopRequest) -> HttpResponse:
    """The script that puts the words into a page of the shop's own site."""
    response = render(
        request, "portal/policy/embed.js", content_type="text/javascript; charset=utf-8"
    )
    return _shared(response)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_for_everybody
def model_form(request: ShopRequest) -> HttpResponse:
    """The model form, to be filled in here; what it says is read again before it is sent."""
    if not may_withdraw(request.shop):
        return lost(request)
    form = ModelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return recap_of(request, form.declared(str(get_language())))
    page = {
        "form": form,
        "words": form_words(request.LANGUAGE_CODE),
        "trader": trader_of(request.shop),
    }
    status = 422 if form.errors else 200
    return render(request, "portal/policy/form.html", page, status=status)


@require_safe
@_for_everybody
def model_form_pdf(request: ShopRequest) -> HttpResponse:
    """The model form on paper."""
    if not may_withdraw(request.shop):
        return lost(request)
    pdf = form_pdf(request.shop, request.LANGUAGE_CODE, made_at=now())
    response = HttpResponse(pdf, content_type="application/pdf")
    name = _("withdrawal-form.pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(request: ShopRequest, version: PolicyVersion | None, *, is_old: bool) -> HttpResponse:
    listed = versions_of(request.shop, now(), limit=MOST_VERSIONS * 4)
    held = [one for one in listed if one.standing in {"in_force", "superseded"}]
    page = {
        "told": _told(request, version),
        "is_old": is_old,
        "versions": held[:MOST_VERSIONS],
    }
    return render(request, "portal/policy/page.html", page)


def _told(request: ShopRequest, version: PolicyVersion | None) -> Any:
    held = policy_of(version) if version else policy_in_force(request.shop, now())
    return public_policy(request.shop, held, version, request.LANGUAGE_CODE)


def _shared(response: HttpResponse) -> HttpResponse:
    """Let pages of other sites read it: it says nothing that is not public."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
