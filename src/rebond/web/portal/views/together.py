"""Several returns of one shopper in one parcel: put together, taken apart."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import join_parcel, leave_parcel
from rebond.domain.shipping.sharing import open_box_of
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, lost, with_return
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.together import may_see
from rebond.web.portal.views.returns import return_page


@require_POST
@with_return
def join(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Put another return into this one's parcel, or this one into the other's."""
    other = (
        Return.objects.select_related("order", "shopper")
        .filter(shop=request.shop, number_key=request.POST.get("other", "")[:40].lower())
        .first()
    )
    if other is None or not may_see(request, visit, other):
        return lost(request)
    joins = open_box_of(visit.rma) is None
    guest, host = (visit.rma, other) if joins else (other, visit.rma)
    try:
        join_parcel(guest.pk, host.pk, by="shopper")
    except RebondError as error:
        return return_page(request, visit, ParcelForm(), refused=error, place="together")
    told = _("{number} travels in the same parcel now. The packing slip names both.")
    messages.success(request, told.format(number=other.number))
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)


@require_POST
@with_return
def leave(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Take this return out of the other one's parcel."""
    try:
        leave_parcel(visit.rma.pk, by="shopper")
    except RebondError as error:
        return return_page(request, visit, ParcelForm(), refused=error, place="together")
    messages.success(request, _("This return has a parcel of its own again."))
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)
