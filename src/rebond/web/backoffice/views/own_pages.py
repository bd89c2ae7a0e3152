"""Settings: the return form on the shop's own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rebond.domain.shops.access import Right
from rebond.domain.shops.actions import allow_origins
from rebond.domain.shops.addresses import embed_snippet, home_of
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.views.pages import show


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def own_pages(request: DeskRequest) -> HttpResponse:
    """Which sites may show the form, and what to paste there."""
    typed = "\n".join(request.shop.embed_origins)
    refusal: RebondError | None = None
    if request.method == "POST":
        typed = request.POST.get("origins", "")[:10_000]
        try:
            allow_origins(request.shop, typed.split(), by=request.by)
        except RebondError as problem:
            refusal = problem
        else:
            messages.success(request, _("Saved."))
            return redirect("backoffice:settings_own_pages", slug=request.shop.slug)
    page: dict[str, Any] = {
        "typed": typed,
        "home": home_of(request.shop),
        "snippet": embed_snippet(request.shop, _("Return an article")),
    }
    return show(request, "settings_own_pages.html", page, refusal=refusal)
