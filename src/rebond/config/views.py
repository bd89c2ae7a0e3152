"""The two pages that belong to no room: the front door and the sign of life."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from rebond.domain.shops.models import Shop


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
def health(request: HttpRequest) -> HttpResponse:
    """200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
