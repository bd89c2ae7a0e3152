"""Return slips for orders that are being packed."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from rebond.domain.shipping.actions import make_slips
from rebond.domain.shipping.slip_papers import return_slips
from rebond.domain.shops.access import Right
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.views.sales import orders_list


@require_POST
@at_desk(Right.DECIDE, Right.RECEIVE)
def printed_slips(request: DeskRequest) -> HttpResponse:
    """The slips of the ticked orders, or of the whole page, as one PDF."""
    which = "listed" if request.POST.get("whole") else "pick"
    try:
        slips = make_slips(request.shop, request.POST.getlist(which), by=request.by)
    except RebondError as refusal:
        return orders_list(request, refusal=refusal)
    pdf = return_slips(request.shop, slips, made_at=now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="return-slips.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
