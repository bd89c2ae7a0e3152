"""The pages about documents: the list, one whole, drafts, what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404

from rebond.domain.credit_notes.models import (
    CreditNote,
    CreditNoteDraft,
    CreditNoteFile,
    Transmission,
    TransmissionState,
)
from rebond.domain.credit_notes.queries import open_drafts, paid_without_document
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.models import Shop
from rebond.kernel.models import Event
from rebond.kernel.paging import Page, page_of
from rebond.outbound.notifications.models import Message

ROWS = 50


@dataclass(frozen=True)
class Desk:
    """What the page of documents shows beside the list."""

    page: Page[CreditNote]
    drafts: list[CreditNoteDraft]
    missing: list[Settlement]
    waiting: int


@dataclass(frozen=True)
class Paper:
    """One document with its file, its way to the platform, its letters and its timeline."""

    note: CreditNote
    file: CreditNoteFile | None
    transmission: Transmission | None
    letters: list[Message]
    timeline: list[Event]


def documents_desk(shop: Shop, *, cursor: str) -> Desk:
    """One page of the documents, newest first, and what waits for somebody."""
    papers = CreditNote.objects.filter(shop=shop).select_related("order", "settlement__rma")
    files = CreditNoteFile.objects.filter(shop=shop)
    ways = Transmission.objects.filter(shop=shop)
    detailed = papers.defer(
        "content", "settlement__breakdown", "settlement__rma__terms"
    ).prefetch_related(Prefetch("files", files), Prefetch("transmissions", ways))
    waiting = ways.filter(state=TransmissionState.WAITING)
    return Desk(
        page=page_of(detailed, by="issued_at", cursor=cursor, size=ROWS),
        drafts=open_drafts(shop),
        missing=paid_without_document(shop),
        waiting=waiting.values("pk")[:100].count(),
    )


def find_document(shop: Shop, label: str) -> CreditNote:
    """The document of ``shop`` with ``label``; else 404."""
    rows = CreditNote.objects.select_related("shop", "order__shopper", "settlement__rma")
    found = rows.filter(shop=shop, label=label).first()
    if found is None:
        raise Http404
    return found


def find_draft(shop: Shop, draft_id: UUID) -> CreditNoteDraft:
    """The draft of ``shop`` with its order; else 404."""
    rows = CreditNoteDraft.objects.select_related("order__shop", "order__shopper", "credit_note")
    found = rows.filter(shop=shop, pk=draft_id).first()
    if found is None:
        raise Http404
    return found


def paper_of(note: CreditNote) -> Paper:
    """``note`` with everything that belongs to it."""
    letters = Message.objects.filter(
        shop_id=note.shop_id, shopper=note.order.shopper, kind__in=["refunded", "document_copy"]
    )
    named = {f"credit_note:{note.pk}", f"credit_note_copy:{note.pk}"}
    return Paper(
        note=note,
        file=note.files.first(),
        transmission=note.transmissions.first(),
        letters=[
            letter
            for letter in letters.order_by("made_at", "id")[:200]
            if named & set(letter.attachments) or note.label in letter.text
        ],
        timeline=list(
            Event.objects.filter(shop_id=note.shop_id, subject=note.pk).order_by("sequence")
        ),
    )
