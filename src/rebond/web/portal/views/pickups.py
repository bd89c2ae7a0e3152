"""A parcel that a carrier comes for: the shopper chooses day and time, or calls it off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.shipping.actions import ask_label, start_void
from rebond.domain.shipping.errors import LabelNotVoidable, PickupWindowUnknown
from rebond.domain.shipping.pickups import door_of, pickup_is_offered, pickup_of, windows_for
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.views.returns import return_page
from rebond.web.ui.letters import letters_leave
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.windows import days_of, posted_window
from rebond.web.ui.words import refusal_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@with_return
def book(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Choose when it is picked up. The door is somebody's home, so only who holds the link of our
    letter, or proved to read it, sends a courier there."""
    if not visit.sees_all or not pickup_is_offered(visit.rma):
        return _to_return(request, visit)
    if request.method != "POST":
        return _page(request, visit)
    window = posted_window(request.POST)
    try:
        if window is None:
            raise PickupWindowUnknown
        ask_label(visit.rma.pk, pickup=window, by="shopper")
    except RebondError as refused:
        return _page(request, visit, refused=refused)
    messages.success(
        request,
        _("Your pickup is being booked: you also get it by e-mail.")
        if letters_leave()
        else _("Your pickup is being booked."),
    )
    return _to_return(request, visit)


@require_POST
@with_return
def call_off(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Call the pickup off; another one can be booked after."""
    label = pickup_of(visit.rma)
    try:
        if label is None or not visit.sees_all:
            raise LabelNotVoidable(state="")
        start_void(visit.rma.shop_id, label.pk, by="shopper")
    except RebondError as refused:
        return return_page(request, visit, ParcelForm(), refused=refused, place="label")
    messages.success(request, _("The courier is told not to come."))
    return _to_return(request, visit)


def _page(
    request: ShopRequest, visit: Visit, *, refused: RebondError | None = None
) -> HttpResponse:
    windows = windows_for(visit.rma)
    place = door_of(visit.rma)
    page: dict[str, Any] = {
        "visit": visit,
        "rma": visit.rma,
        "days": days_of(windows),
        "is_unanswered": windows is None,
        "door": [place.name, *place.lines, f"{place.postcode} {place.town}".strip()],
        "refused": refusal_sentence(refused) if refused else "",
    }
    status = STATUS[refused.kind] if refused else 200
    return render(request, "portal/pickup.html", page, status=status)


def _to_return(request: ShopRequest, visit: Visit) -> HttpResponse:
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)
