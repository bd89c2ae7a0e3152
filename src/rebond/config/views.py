"""The pages that belong to no room: the front door, whom to tell of a hole."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now

HOLDS = timedelta(days=180)


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The shop's portal where there is one shop, or the host belongs to one; else a choice."""
    shops = list(Shop.objects.order_by("name")[:50])
    host = request.get_host().partition(":")[0]
    own = [shop for shop in shops if shop.domain == host]
    if len(own or shops) == 1:
        return redirect("portal:start", slug=(own or shops)[0].slug)
    return render(request, "ui/landing.html", {"shops": shops})


@require_safe
def security_contact(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole; 404 where the host named nobody. Source: RFC 9116."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = (now() + HOLDS).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
