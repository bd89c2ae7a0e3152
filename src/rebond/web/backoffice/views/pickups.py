"""A pickup at the customer's door, booked at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import ask_label
from rebond.domain.shipping.errors import PickupWindowUnknown
from rebond.domain.shipping.pickups import pickup_is_offered, windows_for
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.views.pages import show
from rebond.web.backoffice.views.steps import back_to
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.windows import days_of, posted_window
from rebond.web.ui.words import refusal_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.DECIDE)
def book(request: DeskRequest, number: str) -> HttpResponse:
    """Choose for the customer when the carrier comes for the parcel."""
    rma = find_return(request.shop, number)
    if not pickup_is_offered(rma):
        return back_to(rma)
    if request.method != "POST":
        return _page(request, rma)
    window = posted_window(request.POST)
    try:
        if window is None:
            raise PickupWindowUnknown
        ask_label(rma.pk, pickup=window, by=request.by)
    except RebondError as refused:
        return _page(request, rma, refused=refused)
    messages.success(request, _("Asked for. The customer gets it by e-mail."))
    return back_to(rma)


def _page(request: DeskRequest, rma: Return, *, refused: RebondError | None = None) -> HttpResponse:
    windows = windows_for(rma)
    page = {
        "rma": rma,
        "days": days_of(windows),
        "is_unanswered": windows is None,
        "refused": refusal_sentence(refused) if refused else "",
    }
    return show(request, "pickup.html", page, status=STATUS[refused.kind] if refused else 200)
