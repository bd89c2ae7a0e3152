"""In from the shop's own pages, by a link that it made for its customer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from rebond.domain.orders.links import LinkOver, Purpose, order_behind
from rebond.domain.returns.models import Return
from rebond.kernel.clock import now
from rebond.web.portal.access import ShopRequest, grant, in_shop, lost


@require_safe
@in_shop
def enter(request: ShopRequest, token: str) -> HttpResponse:
    """Open the order of the link, or the newest return of it; a link that is over says so."""
    try:
        found = order_behind(request.shop, token, now())
    except LinkOver:
        return render(request, "portal/link_over.html", status=410)
    if found is None:
        return lost(request)
    order, purpose = found
    if request.method == "GET":
        grant(request, order)
    newest = Return.objects.filter(shop=request.shop, order=order, gift_paid_as="").order_by(
        "-requested_at", "-id"
    )
    rma = newest.first() if purpose is Purpose.RETURN else None
    if rma is not None:
        return redirect("portal:return", slug=request.shop.slug, token=rma.number)
    return redirect("portal:order", slug=request.shop.slug, number=order.number)
