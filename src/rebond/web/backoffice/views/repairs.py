"""A customer's piece that is repaired: sent back, or something else instead."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.repairs.actions import send_repair_back, turn_repair
from rebond.domain.repairs.errors import RepairMoved
from rebond.domain.repairs.states import Instead, TurnGround
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.views.pages import version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.steps import back_to


@require_POST
@at_desk(Right.RECEIVE)
def send_back(request: DeskRequest, number: str) -> HttpResponse:
    """The piece goes back to its customer."""
    rma = find_return(request.shop, number)
    try:
        send_repair_back(
            rma.pk,
            carrier=request.POST.get("carrier", ""),
            tracking_number=request.POST.get("tracking_number", ""),
            by=request.by,
            version=version_of(request),
        )
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    messages.success(request, _("Sent back. We have written to the customer."))
    return back_to(rma)


@require_POST
@at_desk(Right.DECIDE)
def turn(request: DeskRequest, number: str) -> HttpResponse:
    """Something else comes instead of the repair."""
    rma = find_return(request.shop, number)
    sent = request.POST
    try:
        if sent.get("into") not in set(Instead) or sent.get("ground") not in set(TurnGround):
            raise RepairMoved(number=rma.number, was="", asked=sent.get("into", "")[:20])
        turn_repair(
            rma.pk,
            Instead(sent["into"]),
            ground=TurnGround(sent["ground"]),
            note=sent.get("note", ""),
            by=request.by,
            version=version_of(request),
        )
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    messages.success(request, _("Noted. We have written to the customer."))
    return back_to(rma)
