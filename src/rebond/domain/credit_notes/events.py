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
