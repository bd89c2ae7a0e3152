"""Credit notes over the API: listed, read, as a page (PDF) and as data (XML)."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, shop_of
from rebond.api.bodies import Day
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.domain.credit_notes.files import file_of, pdf_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.machines.scopes import Scope
from rebond.kernel.files import content_of

router = Router(tags=["documents"])
REFUSED = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
FILTERS = frozenset({"order", "issued_from", "issued_before"})


class CreditNoteOut(Schema):
    """An issued document; amounts in minor units. ``hash`` chains it to the one before."""

    label: str
    kind: str
    order: str
    invoice_number: str
    invoice_date: str | None
    language: str
    currency: str
    net_minor: int
    tax_minor: int
    gross_minor: int
    issued_on: str
    issued_at: str
    previous_hash: str
    hash: str


class CreditNotesOut(PageOut):
    """A page of documents, with all fields or those named in ``fields``."""

    items: list[CreditNoteOut]


class DocumentFilters(Schema):
    """Which documents are listed; all of them where nothing is named."""

    order: str = Field("", max_length=40)
    issued_from: Day | None = None
    issued_before: Day | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)
    fields: str = Field("", max_length=400)


@router.get(
    "/credit-notes",
    auth=Key(Scope.DOCUMENTS_READ),
    response={200: CreditNotesOut, **REFUSED},
    operation_id="list_credit_notes",
)
def listing(request: HttpRequest, asked: Annotated[DocumentFilters, Query(...)]) -> HttpResponse:
    """Credit notes and refund vouchers, newest first."""
    check_parameters(request, FILTERS)
    rows = CreditNote.objects.filter(shop=shop_of(request)).select_related("order")
    if asked.order:
        rows = rows.filter(order__number_key=asked.order.lower())
    if asked.issued_from:
        rows = rows.filter(issued_on__gte=asked.issued_from)
    if asked.issued_before:
        rows = rows.filter(issued_on__lt=asked.issued_before)
    return listed(
        rows.defer("content"),
        by="issued_at",
        cursor=asked.cursor,
        limit=asked.limit,
        shape=credit_note_out,
        fields=asked.fields,
        known_fields=frozenset(CreditNoteOut.model_fields),
    )


@router.get(
    "/credit-notes/{label}",
    auth=Key(Scope.DOCUMENTS_READ),
    response={200: CreditNoteOut, **REFUSED},
    operation_id="read_credit_note",
)
def read(request: HttpRequest, label: str) -> dict[str, Any]:
    """One document."""
    return credit_note_out(find_credit_note(request, label))


@router.get(
    "/credit-notes/{label}/pdf",
    auth=Key(Scope.DOCUMENTS_READ),
    response=REFUSED,
    operation_id="read_credit_note_pdf",
    openapi_extra={"responses": {200: {"description": "PDF", "content": {"application/pdf": {}}}}},
)
def pdf(request: HttpRequest, label: str) -> HttpResponse:
    """The document as it was printed, its XML inside."""
    return HttpResponse(pdf_of(find_credit_note(request, label)), content_type="application/pdf")


@router.get(
    "/credit-notes/{label}/xml",
    auth=Key(Scope.DOCUMENTS_READ),
    response=REFUSED,
    operation_id="read_credit_note_xml",
    openapi_extra={"responses": {200: {"description": "XML", "content": {"application/xml": {}}}}},
)
def xml(request: HttpRequest, label: str) -> HttpResponse:
    """The document as data (EN 16931); 404 for a voucher, which has none."""
    kept = file_of(find_credit_note(request, label))
    if not kept.xml:
        raise Http404
    return HttpResponse(content_of(kept.xml), content_type="application/xml")


def find_credit_note(request: HttpRequest, label: str) -> CreditNote:
    """The document with this number in the shop of the key; else 404."""
    found = (
        CreditNote.objects.select_related("order", "shop")
        .filter(shop=shop_of(request), label=label)
        .first()
    )
    if found is None:
        raise Http404
    return found


def credit_note_out(note: CreditNote) -> dict[str, Any]:
    """One document as it is shown."""
    return {
        "label": note.label,
        "kind": str(note.kind),
        "order": note.order.number,
        "invoice_number": note.invoice_number,
        "invoice_date": note.invoice_date.isoformat() if note.invoice_date else None,
        "language": note.language,
        "currency": note.currency,
        "net_minor": note.net_minor,
        "tax_minor": note.tax_minor,
        "gross_minor": note.gross_minor,
        "issued_on": note.issued_on.isoformat(),
        "issued_at": note.issued_at.isoformat(),
        "previous_hash": note.previous_hash,
        "hash": note.hash,
    }
