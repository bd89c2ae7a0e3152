"""What the shopper writes to the shop about a return, and reads from it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.conversations.actions import write_to_shop
from rebond.domain.conversations.errors import NothingWritten
from rebond.domain.returns.actions import MOST_PHOTOS
from rebond.domain.returns.errors import PhotoTooLarge
from rebond.domain.returns.images import MOST_BYTES, clean_image
from rebond.domain.returns.wishes import CleanImage
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.views.returns import return_page


@require_POST
@with_return
def write(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Write to the shop, with photos. What was typed is not lost when something is wrong."""
    text = request.POST.get("text", "")
    try:
        images = images_in(request)
        if not text.strip() and not images:
            raise NothingWritten
        write_to_shop(visit.rma.pk, text, images, by="shopper")
    except RebondError as error:
        return return_page(
            request, visit, ParcelForm(), refused=error, place="conversation", typed=text
        )
    messages.success(request, _("Thank you, your message has arrived. We answer you here."))
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)


def images_in(request: ShopRequest) -> list[CleanImage]:
    """The pictures that came along. Raises ``PhotoTooLarge`` and ``PhotoUnreadable``."""
    found = []
    for upload in request.FILES.getlist("photos")[:MOST_PHOTOS]:
        if upload.size is None or upload.size > MOST_BYTES:
            raise PhotoTooLarge(limit="10 MB")
        found.append(clean_image(upload.read()))
    return found
