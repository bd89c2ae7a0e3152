"""The shopper's word on what was found of their articles, before anything is decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.discussions.actions import answer_discussion
from rebond.domain.discussions.errors import ReplyEmpty
from rebond.domain.discussions.states import Reply
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.views.conversation import images_in
from rebond.web.portal.views.returns import return_page


@require_POST
@with_return
def answer(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Accept, contest in words and photos, or ask for the articles back."""
    text, said = request.POST.get("text", ""), request.POST.get("reply", "")
    try:
        if said not in set(Reply):
            raise ReplyEmpty
        answer_discussion(visit.rma.pk, Reply(said), text, images_in(request), by="shopper")
    except RebondError as error:
        return return_page(
            request, visit, ParcelForm(), refused=error, place="discussion", typed=text
        )
    messages.success(request, _("Thank you, we have your answer."))
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)
