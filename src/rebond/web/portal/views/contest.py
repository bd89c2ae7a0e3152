"""The shopper sees the state of their articles differently."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.contests.actions import contest_grade
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.views.conversation import images_in
from rebond.web.portal.views.returns import return_page


@require_POST
@with_return
def contest(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Ask for a second look; what was typed is not lost when something is wrong."""
    text = request.POST.get("text", "")
    try:
        contest_grade(visit.rma.pk, text, images_in(request), by="shopper")
    except RebondError as error:
        return return_page(request, visit, ParcelForm(), refused=error, place="contest", typed=text)
    messages.success(request, _("Thank you. Somebody else looks at it again and writes to you."))
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)
