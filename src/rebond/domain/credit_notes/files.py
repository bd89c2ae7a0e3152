"""The PDF of a document: made once, kept, and read from there ever after."""

from pathlib import Path

from rebond.domain.credit_notes.actions import keep_pdf
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.credit_notes.wording import wording
from rebond.kernel.files import content_of
from rebond.kernel.money import exponent_of
from rebond.kernel.typeset import typeset

TEMPLATE = Path(__file__).parent / "templates" / "credit_note.typ"


def pdf_of(note: CreditNote) -> bytes:
    """The file of ``note``; it is made and kept when it is asked for the first time."""
    kept = note.files.first()
    if kept is None:
        kept = keep_pdf(note, render(note))
    return content_of(kept.file)


def render(note: CreditNote) -> bytes:
    """The PDF of ``note``, made anew: the same bytes every time."""
    data = {
        "content": note.content,
        "words": wording(note),
        "exponent": exponent_of(note.currency),
    }
    return typeset(TEMPLATE, data, made_at=note.issued_at)
