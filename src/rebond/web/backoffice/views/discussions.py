"""A worn or unsellable piece, discussed with the customer before anything is decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.discussions.actions import (
    Point,
    Proposal,
    open_discussion,
    send_pieces_back,
)
from rebond.domain.returns.actions import MOST_PHOTOS
from rebond.domain.returns.errors import PhotoTooLarge
from rebond.domain.returns.images import MOST_BYTES, clean_image
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import CleanImage
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.kernel.untrusted import uuid_in
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.counts import whole
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.views.pages import is_same_click, version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.steps import back_to


@require_POST
@at_desk(Right.DECIDE)
def propose(request: DeskRequest, number: str) -> HttpResponse:
    """Show the customer what was found, and what would be kept."""
    rma = find_return(request.shop, number)
    try:
        images = _images(request)
        open_discussion(
            rma.pk, _proposal(request, rma), images, by=request.by, version=version_of(request)
        )
    except RebondError as refusal:
        if is_same_click(request, rma, "discussion.opened"):
            return back_to(rma)
        fresh = find_return(request.shop, number)
        return return_page(request, fresh, refusal=refusal, discussed=request.POST)
    messages.success(request, _("Sent. Nothing is decided before the answer or its day."))
    return back_to(rma)


@require_POST
@at_desk(Right.RECEIVE, Right.DECIDE)
def send_back(request: DeskRequest, number: str) -> HttpResponse:
    """Note the parcel that brings the articles back to the customer."""
    rma = find_return(request.shop, number)
    try:
        send_pieces_back(
            rma.pk,
            carrier=request.POST.get("carrier", ""),
            tracking_number=request.POST.get("tracking", ""),
            by=request.by,
            version=version_of(request),
        )
    except RebondError as refusal:
        if is_same_click(request, rma, "discussion.sent_back"):
            return back_to(rma)
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    messages.success(request, _("Noted. The customer is told, and the return is closed."))
    return back_to(rma)


def _proposal(request: DeskRequest, rma: Return) -> Proposal:
    typed = request.POST
    points = []
    for line in rma.lines.order_by("position"):
        pieces = whole(typed.get(f"pieces-{line.pk}", "")) or 0
        percent = whole(typed.get(f"kept-{line.pk}", "")) or 0
        if pieces or percent:
            points.append(Point(line.pk, pieces, percent))
    named = [uuid_in(text) for text in typed.getlist("photo")]
    return Proposal(
        points=tuple(points),
        text=typed.get("text", ""),
        clause=typed.get("clause", ""),
        days=whole(typed.get("days", "")) or 5,
        photos=tuple(one for one in named if one is not None),
    )


def _images(request: DeskRequest) -> list[CleanImage]:
    """The pictures that came along. Raises ``PhotoTooLarge`` and ``PhotoUnreadable``."""
    found = []
    for upload in request.FILES.getlist("photos")[:MOST_PHOTOS]:
        if upload.size is None or upload.size > MOST_BYTES:
            raise PhotoTooLarge(limit="10 MB")
        found.append(clean_image(upload.read()))
    return found
