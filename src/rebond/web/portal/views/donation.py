"""The shopper says or shows that the goods were given to the charity."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.returns.actions import prove_donation
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.views.conversation import images_in
from rebond.web.portal.views.returns import return_page


@require_POST
@with_return
def donated(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Take the proof; what was typed is not lost when something is missing."""
    note = request.POST.get("note", "")
    try:
        prove_donation(visit.rma.pk, note, images_in(request), by="shopper")
    except RebondError as error:
        return return_page(
            request, visit, ParcelForm(), refused=error, place="donation", typed=note
        )
    messages.success(request, _("Thank you. We look at it and then refund you."))
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)
