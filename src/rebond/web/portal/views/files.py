"""Files for those who may see them: pictures and documents, never run by a browser."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from rebond.domain.credit_notes.files import pdf_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.returns.models import Photo
from rebond.kernel.files import content_of
from rebond.web.portal.access import ShopRequest, Visit, lost, with_return

SANDBOX = "default-src 'none'; sandbox"


@require_safe
@with_return
def photo(request: ShopRequest, visit: Visit, photo_id: UUID) -> HttpResponse:
    """A picture of the return."""
    found = Photo.objects.filter(shop=request.shop, rma=visit.rma, pk=photo_id).first()
    return picture(content_of(found.file)) if found else lost(request)


@require_safe
@with_return
def document(request: ShopRequest, visit: Visit, note_id: UUID) -> HttpResponse:
    """A credit note as PDF. It bears the buyer's name and address: only for them."""
    note = CreditNote.objects.filter(
        shop=request.shop, settlement__rma=visit.rma, pk=note_id
    ).first()
    if note is None or not visit.sees_all or visit.rma.is_gift:
        return lost(request)
    response = _file(pdf_of(note), "application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{note.label}.pdf"'
    return response


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF to be kept or printed."""
    response = _file(content, "application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def picture(jpeg: bytes) -> HttpResponse:
    """A JPEG of our own making, to be shown in a page and nowhere else."""
    response = _file(jpeg, "image/jpeg")
    response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    return response


def _file(content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
