"""What a document says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class CreditNoteIssued(Event):
    """A credit note or refund voucher has its number. ``subject_id`` is the return or the order."""

    name = "credit_note.issued"
    about = "subject_id"

    subject_id: str
    credit_note_id: str
    label: str
    gross_minor: int
    currency: str


@dataclass(frozen=True)
class CreditNotePrinted(Event):
    """The document's file is kept; ``findings`` counts what its checks found."""

    name = "credit_note.printed"
    about = "credit_note_id"

    credit_note_id: str
    label: str
    findings: int


@dataclass(frozen=True)
class CreditNoteTransmitted(Event):
    """A document between businesses was handed to the platform."""

    name = "credit_note.transmitted"
    about = "credit_note_id"

    credit_note_id: str
    label: str
    platform: str
    reference: str


@dataclass(frozen=True)
class HeadsWritten(Event):
    """The heads of the shop's chains moved and stand in the file; ``heads`` is their JSON lines."""

    name = "document_heads.written"
    about = "shop_id"

    shop_id: str
    heads: str


@dataclass(frozen=True)
class DraftDiscarded(Event):
    """A credit note that was being written by hand will not be issued."""

    name = "credit_note_draft.discarded"
    about = "draft_id"

    draft_id: str
    order_number: str


@dataclass(frozen=True)
class DocumentWaived(Event):
    """Somebody said why a paid settlement has no document of its own."""

    name = "settlement.left_without_document"
    about = "subject_id"

    subject_id: str
    settlement_id: str
    reason: str


@dataclass(frozen=True)
class BookkeepingChanged(Event):
    """The shop's accounts, or where documents and heads go, were set anew."""

    name = "bookkeeping.changed"
    about = "bookkeeping_id"

    bookkeeping_id: str
