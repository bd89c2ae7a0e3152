"""The shopper would rather have their money than the repair."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.repairs.actions import ask_for_money
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.views.returns import return_page


@require_POST
@with_return
def money(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Ask for the money: the repair failed, or its day by law is over."""
    try:
        ask_for_money(visit.rma.pk, by="shopper")
    except RebondError as error:
        return return_page(request, visit, ParcelForm(), refused=error, place="repair")
    messages.success(request, _("Thank you. We have noted it and take care of your money."))
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)
