"""Credit notes by hand: written as a draft, looked at, given their number; copies of documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Number, YesOrNo
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.api.v1.documents import CreditNoteOut, credit_note_out, find_credit_note
from rebond.domain.credit_notes.actions import (
    DraftWish,
    change_draft,
    discard_draft,
    issue_draft,
    note_handed_over,
    write_draft,
)
from rebond.domain.credit_notes.files import preview_of
from rebond.domain.credit_notes.models import CreditNoteDraft
from rebond.domain.credit_notes.queries import (
    Checked,
    checked_draft,
    open_drafts,
    room_of,
)
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.models import Order
from rebond.kernel.clock import today
from rebond.outbound.notifications.actions import write_copy_letter

router = Router(tags=["documents"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
PDF = {"responses": {200: {"description": "PDF", "content": {"application/pdf": {}}}}}


class CreditableOut(Schema):
    """What documents may still credit of a line or charge: pieces, and money with VAT inside."""

    source: str
    title: str
    pieces: int
    left_minor: int


class DraftLineIn(Body):
    """How much of a line or charge is credited, VAT inside; ``quantity`` 0 for a part of its
    price without a piece."""

    source: UUID
    gross_minor: Number = Field(..., ge=1, le=10**15)
    quantity: Number = Field(0, ge=0, le=1_000_000)


class CreditNoteDraftIn(Body):
    """A credit note by hand. ``notify``: the customer gets it by mail once it is issued."""

    lines: list[DraftLineIn] = Field(..., min_length=1, max_length=500)
    reason: str = Field(..., min_length=1, max_length=500)
    notify: YesOrNo = True


class ChangedCreditNoteDraftIn(CreditNoteDraftIn):
    """A draft written anew; ``version`` is the one that was read."""

    version: Number = Field(..., ge=1, le=10**9)


class IssueIn(Body):
    """The version of the draft that is to become a document."""

    version: Number = Field(..., ge=1, le=10**9)


class HandedOverIn(Body):
    """The platform's reference for the document."""

    reference: str = Field(..., min_length=1, max_length=200)


class DraftLineOut(Schema):
    """One line of a draft."""

    source: str
    gross_minor: int
    quantity: int


class DraftOut(Schema):
    """A draft; it has no number. ``findings`` are what the checks of EN 16931 say against it, in
    the checks' own words; ``credit_note`` is the document that it became.
    """

    id: str
    order: str
    state: str
    version: int
    reason: str
    notify: bool
    currency: str
    gross_minor: int
    lines: list[DraftLineOut]
    findings: list[str]
    credit_note: str | None
    made_by: str
    changed_at: str


class DraftsOut(Schema):
    """The open drafts, the last changed first."""

    items: list[DraftOut]


@router.get(
    "/orders/{number}/creditable",
    auth=Key(Scope.DOCUMENTS_READ),
    response={200: list[CreditableOut], **REFUSED},
    operation_id="creditable",
)
def creditable(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What documents may still credit of every line and charge of the order."""
    return [
        {
            "source": str(row.source.pk),
            "title": row.source.title,
            "pieces": row.pieces,
            "left_minor": row.gross_minor,
        }
        for row in room_of(_order(request, number)).rows
    ]


@router.get(
    "/credit-note-drafts",
    auth=Key(Scope.DOCUMENTS_READ),
    response={200: DraftsOut, **REFUSED},
    operation_id="list_credit_note_drafts",
)
def drafts(request: HttpRequest) -> dict[str, Any]:
    """What somebody still writes."""
    found = open_drafts(shop_of(request))
    prefetch_related_objects(found, "lines")
    return {"items": [_out(one) for one in found]}


@router.post(
    "/orders/{number}/credit-note-drafts",
    auth=Key(Scope.DOCUMENTS_WRITE),
    response={201: DraftOut, **REFUSED},
    operation_id="write_credit_note_draft",
)
def write(request: HttpRequest, number: str, wanted: CreditNoteDraftIn) -> HttpResponse:
    """Begin a credit note by hand; nothing of the order changes. Needs an ``Idempotency-Key``."""
    order = _order(request, number)

    def do(_: str) -> HttpResponse:
        draft = write_draft(
            order.pk,
            _wishes(wanted),
            reason=wanted.reason,
            sends_letter=wanted.notify,
            by=actor_of(request),
        )
        return JsonResponse(_shown(request, draft.pk), status=201)

    return once(request, f"POST orders/{order.pk}/credit-note-drafts", do)


@router.get(
    "/credit-note-drafts/{draft_id}",
    auth=Key(Scope.DOCUMENTS_READ),
    response={200: DraftOut, **REFUSED},
    operation_id="read_credit_note_draft",
)
def read(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """One draft, with what the checks say of it."""
    return _shown(request, draft_id)


@router.get(
    "/credit-note-drafts/{draft_id}/pdf",
    auth=Key(Scope.DOCUMENTS_READ),
    response=REFUSED,
    operation_id="preview_credit_note_draft",
    openapi_extra=PDF,
)
def preview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The draft as a page that says it is one, without a number. 404 once it is over."""
    draft = _found(request, draft_id)
    if not draft.is_open:
        raise Http404
    return HttpResponse(preview_of(_checked(draft).content), content_type="application/pdf")


@router.put(
    "/credit-note-drafts/{draft_id}",
    auth=Key(Scope.DOCUMENTS_WRITE),
    response={200: DraftOut, **REFUSED},
    operation_id="change_credit_note_draft",
)
def change(
    request: HttpRequest, draft_id: UUID, wanted: ChangedCreditNoteDraftIn
) -> dict[str, Any]:
    """Write an open draft anew; refused where somebody changed it since ``version``."""
    draft = _found(request, draft_id)
    change_draft(
        draft.pk,
        _wishes(wanted),
        reason=wanted.reason,
        sends_letter=wanted.notify,
        version=wanted.version,
    )
    return _shown(request, draft_id)


@router.post(
    "/credit-note-drafts/{draft_id}/discards",
    auth=Key(Scope.DOCUMENTS_WRITE),
    response={201: DraftOut, **REFUSED},
    operation_id="discard_credit_note_draft",
)
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Give a draft up; no number was taken. Needs an ``Idempotency-Key``."""
    draft = _found(request, draft_id)

    def do(_: str) -> HttpResponse:
        discard_draft(draft.pk, by=actor_of(request))
        return JsonResponse(_shown(request, draft_id), status=201)

    return once(request, f"POST credit-note-drafts/{draft.pk}/discards", do)


@router.post(
    "/credit-note-drafts/{draft_id}/issues",
    auth=Key(Scope.DOCUMENTS_WRITE),
    response={201: CreditNoteOut, **REFUSED},
    operation_id="issue_credit_note_draft",
)
def issue(request: HttpRequest, draft_id: UUID, wanted: IssueIn) -> HttpResponse:
    """Give the draft its number; from then on nothing of it changes.

    Needs an ``Idempotency-Key``.
    """
    draft = _found(request, draft_id)

    def do(_: str) -> HttpResponse:
        note = issue_draft(draft.pk, version=wanted.version, by=actor_of(request))
        return JsonResponse(credit_note_out(find_credit_note(request, note.label)), status=201)

    return once(request, f"POST credit-note-drafts/{draft.pk}/issues", do)


@router.post(
    "/credit-notes/{label}/copies",
    auth=Key(Scope.DOCUMENTS_WRITE),
    response={201: CreditNoteOut, **REFUSED},
    operation_id="send_credit_note_copy",
)
def copy(request: HttpRequest, label: str) -> HttpResponse:
    """Mail the document to the customer once more, marked as a duplicate.

    Needs an ``Idempotency-Key``.
    """
    note = find_credit_note(request, label)

    def do(_: str) -> HttpResponse:
        write_copy_letter(note.pk)
        return JsonResponse(credit_note_out(note), status=201)

    return once(request, f"POST credit-notes/{note.pk}/copies", do)


@router.post(
    "/credit-notes/{label}/transmissions",
    auth=Key(Scope.DOCUMENTS_WRITE),
    response={201: CreditNoteOut, **REFUSED},
    operation_id="note_credit_note_transmission",
)
def hand_over(request: HttpRequest, label: str, wanted: HandedOverIn) -> HttpResponse:
    """Note that the platform for invoices between businesses has the document.

    Needs an ``Idempotency-Key``.
    """
    note = find_credit_note(request, label)

    def do(_: str) -> HttpResponse:
        by = actor_of(request)
        note_handed_over(note.pk, platform="download", reference=wanted.reference, by=by)
        return JsonResponse(credit_note_out(note), status=201)

    return once(request, f"POST credit-notes/{note.pk}/transmissions", do)


def _wishes(wanted: CreditNoteDraftIn) -> list[DraftWish]:
    return [DraftWish(line.source, line.gross_minor, line.quantity) for line in wanted.lines]


def _order(request: HttpRequest, number: str) -> Order:
    found = (
        Order.objects.select_related("shop")
        .filter(shop=shop_of(request), number_key=number.lower())
        .first()
    )
    if found is None:
        raise Http404
    return found


def _found(request: HttpRequest, draft_id: UUID) -> CreditNoteDraft:
    rows = CreditNoteDraft.objects.select_related("order__shop", "credit_note", "shop")
    found = rows.filter(shop=shop_of(request), pk=draft_id).first()
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    draft = _found(request, draft_id)
    findings = _checked(draft).findings if draft.is_open else ()
    return _out(draft) | {"findings": [str(finding) for finding in findings]}


def _checked(draft: CreditNoteDraft) -> Checked:
    return checked_draft(draft, on=today(draft.shop.time_zone))


def _out(draft: CreditNoteDraft) -> dict[str, Any]:
    lines = sorted(draft.lines.all(), key=lambda line: line.pk)
    return {
        "id": str(draft.pk),
        "order": draft.order.number,
        "state": str(draft.state),
        "version": draft.version,
        "reason": draft.reason,
        "notify": draft.sends_letter,
        "currency": draft.order.currency,
        "gross_minor": sum(line.gross_minor for line in lines),
        "lines": [
            {
                "source": str(line.order_line_id or line.charge_id),
                "gross_minor": line.gross_minor,
                "quantity": line.quantity,
            }
            for line in lines
        ],
        "findings": [],
        "credit_note": draft.credit_note.label if draft.credit_note is not None else None,
        "made_by": draft.made_by,
        "changed_at": draft.changed_at.isoformat(),
    }
