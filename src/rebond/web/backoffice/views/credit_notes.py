"""Documents at the desk: the list, one whole, and a credit note by hand from draft to number."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.credit_notes.actions import (
    change_draft,
    discard_draft,
    issue_draft,
    leave_without_document,
    note_handed_over,
    write_draft,
)
from rebond.domain.credit_notes.files import file_of, pdf_of, preview_of
from rebond.domain.credit_notes.models import CreditNoteDraft
from rebond.domain.credit_notes.queries import checked_draft, draft_lines, room_of
from rebond.domain.orders.models import Order
from rebond.domain.shops.access import Right
from rebond.kernel.clock import today
from rebond.kernel.errors import RebondError
from rebond.kernel.files import content_of
from rebond.outbound.notifications.actions import write_copy_letter
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.credit_note import CreditNoteForm
from rebond.web.backoffice.queries.documents import (
    documents_desk,
    find_document,
    find_draft,
    paper_of,
)
from rebond.web.backoffice.queries.sales import find_order
from rebond.web.backoffice.queries.search import cleaned
from rebond.web.backoffice.views.pages import show


@require_GET
@at_desk(Right.DOCUMENTS, Right.SEE_MONEY)
def documents(request: DeskRequest) -> HttpResponse:
    """All documents, newest first; drafts and what waits for somebody beside them."""
    desk = documents_desk(request.shop, cursor=request.GET.get("at", ""))
    return show(request, "documents.html", {"desk": desk, "page": desk.page})


@require_GET
@at_desk(Right.DOCUMENTS, Right.SEE_MONEY)
def document(request: DeskRequest, label: str) -> HttpResponse:
    """One document as a PDF."""
    found = find_document(request.shop, label)
    return _file(pdf_of(found), "application/pdf", f"{found.label}.pdf")


@require_GET
@at_desk(Right.DOCUMENTS, Right.SEE_MONEY)
def document_xml(request: DeskRequest, label: str) -> HttpResponse:
    """One document as data for machines."""
    found = find_document(request.shop, label)
    kept = file_of(found)
    if not kept.xml:
        raise Http404
    return _file(content_of(kept.xml), "application/xml", f"{found.label}.xml")


@require_GET
@at_desk(Right.DOCUMENTS, Right.SEE_MONEY)
def document_page(request: DeskRequest, label: str) -> HttpResponse:
    """Everything about one document."""
    found = find_document(request.shop, label)
    file_of(found)
    return show(request, "document.html", {"paper": paper_of(found)})


@require_POST
@at_desk(Right.DOCUMENTS)
def send_copy(request: DeskRequest, label: str) -> HttpResponse:
    """Mail the document to the customer once more, marked as a duplicate."""
    found = find_document(request.shop, label)
    write_copy_letter(found.pk)
    messages.success(request, _("A copy is on its way to the customer, marked as a duplicate."))
    return _to_document(request, label)


@require_POST
@at_desk(Right.DOCUMENTS)
def hand_over(request: DeskRequest, label: str) -> HttpResponse:
    """Note that somebody uploaded the document to the platform, under which reference."""
    found = find_document(request.shop, label)
    reference = cleaned(request.POST.get("reference", ""))
    note_handed_over(found.pk, platform="download", reference=reference, by=request.by)
    messages.success(request, _("Noted: the platform has the document."))
    return _to_document(request, label)


@require_POST
@at_desk(Right.DOCUMENTS)
def without_document(request: DeskRequest, settlement_id: UUID) -> HttpResponse:
    """Say why a paid refund has no document of its own."""
    missing = {row.pk for row in documents_desk(request.shop, cursor="").missing}
    if settlement_id not in missing:
        raise Http404
    leave_without_document(
        settlement_id, reason=cleaned(request.POST.get("reason", "")), by=request.by
    )
    messages.success(request, _("Noted, with your name."))
    return redirect("backoffice:documents", slug=request.shop.slug)


@require_GET
@at_desk(Right.DOCUMENTS)
def find_for_note(request: DeskRequest) -> HttpResponse:
    """From an order's number to its new credit note."""
    number = cleaned(request.GET.get("order", ""))
    try:
        order = find_order(request.shop, number)
    except Http404:
        messages.error(request, _("There is no order {number}.").format(number=number or "–"))
        return redirect("backoffice:documents", slug=request.shop.slug)
    return redirect("backoffice:new_credit_note", slug=request.shop.slug, number=order.number)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.DOCUMENTS)
def new_credit_note(request: DeskRequest, number: str) -> HttpResponse:
    """Begin a credit note by hand: every line with what is left of it."""
    order = find_order(request.shop, number)
    room = room_of(order)
    if request.method != "POST":
        form = CreditNoteForm(room.rows, order.currency)
        return _form_page(request, order, form)
    form = CreditNoteForm(room.rows, order.currency, request.POST.dict())
    if not form.is_valid():
        return _form_page(request, order, form, status=422)
    try:
        draft = write_draft(
            order.pk,
            form.wishes,
            reason=form.reason,
            sends_letter=form.sends_letter,
            by=request.by,
        )
    except RebondError as refusal:
        return _form_page(request, order, form, refusal=refusal)
    return redirect("backoffice:draft", slug=request.shop.slug, draft_id=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.DOCUMENTS)
def draft(request: DeskRequest, draft_id: UUID) -> HttpResponse:
    """A draft as it would be issued, and the form to change it."""
    found = find_draft(request.shop, draft_id)
    if not found.is_open:
        return _after_draft(request, found)
    if request.method != "POST":
        return _draft_page(request, found)
    room = room_of(found.order)
    form = CreditNoteForm(room.rows, found.order.currency, request.POST.dict())
    if not form.is_valid():
        return _form_page(request, found.order, form, draft=found, status=422)
    try:
        change_draft(
            found.pk,
            form.wishes,
            reason=form.reason,
            sends_letter=form.sends_letter,
            version=_version(request),
        )
    except RebondError as refusal:
        return _form_page(request, found.order, form, draft=found, refusal=refusal)
    return redirect("backoffice:draft", slug=request.shop.slug, draft_id=found.pk)


@require_GET
@at_desk(Right.DOCUMENTS)
def draft_preview(request: DeskRequest, draft_id: UUID) -> HttpResponse:
    """The draft as a PDF that says it is one, without a number."""
    found = find_draft(request.shop, draft_id)
    if not found.is_open:
        raise Http404
    checked = checked_draft(found, on=today(request.shop.time_zone))
    return _file(preview_of(checked.content), "application/pdf", "draft.pdf", inline=True)


@require_POST
@at_desk(Right.DOCUMENTS)
def draft_issue(request: DeskRequest, draft_id: UUID) -> HttpResponse:
    """Give the draft its number; from now on nothing of it changes."""
    found = find_draft(request.shop, draft_id)
    if not found.is_open:
        return _after_draft(request, found)
    try:
        note = issue_draft(found.pk, version=_version(request), by=request.by)
    except RebondError as refusal:
        return _draft_page(request, find_draft(request.shop, draft_id), refusal=refusal)
    messages.success(request, _("{label} is issued.").format(label=note.label))
    return _to_document(request, note.label)


@require_POST
@at_desk(Right.DOCUMENTS)
def draft_discard(request: DeskRequest, draft_id: UUID) -> HttpResponse:
    """Give the draft up; no number was taken."""
    found = find_draft(request.shop, draft_id)
    if not found.is_open:
        return _after_draft(request, found)
    discard_draft(found.pk, by=request.by)
    messages.success(request, _("The draft is discarded. No number was taken."))
    return redirect("backoffice:order", slug=request.shop.slug, number=found.order.number)


def _draft_page(
    request: DeskRequest, found: CreditNoteDraft, *, refusal: RebondError | None = None
) -> HttpResponse:
    lines = draft_lines(found)
    form = CreditNoteForm(
        room_of(found.order).rows,
        found.order.currency,
        draft=lines,
        reason=found.reason,
        sends_letter=found.sends_letter,
    )
    return _form_page(request, found.order, form, draft=found, refusal=refusal)


def _form_page(
    request: DeskRequest,
    order: Order,
    form: CreditNoteForm,
    *,
    draft: CreditNoteDraft | None = None,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    day = today(request.shop.time_zone)
    page = {
        "order": order,
        "form": form,
        "room": room_of(order),
        "draft": draft,
        "checked": checked_draft(draft, on=day) if draft is not None else None,
    }
    return show(request, "credit_note.html", page, status=status, refusal=refusal)


def _after_draft(request: DeskRequest, found: CreditNoteDraft) -> HttpResponse:
    """Where an issued or discarded draft leads."""
    if found.credit_note is not None:
        return _to_document(request, found.credit_note.label)
    return redirect("backoffice:order", slug=request.shop.slug, number=found.order.number)


def _to_document(request: DeskRequest, label: str) -> HttpResponse:
    return redirect("backoffice:document_page", slug=request.shop.slug, label=label)


def _version(request: DeskRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _file(content: bytes, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    how = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return response
