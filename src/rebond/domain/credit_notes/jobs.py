"""Reactions about documents."""

from uuid import UUID

from rebond.domain.credit_notes.actions import issue_credit_note
from rebond.domain.credit_notes.errors import MoneyNotSent
from rebond.domain.credit_notes.events import CreditNoteIssued
from rebond.domain.credit_notes.files import pdf_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.events import RefundSucceeded
from rebond.kernel import crash
from rebond.kernel.jobs import one_action


@one_action
def document_settlement(event: RefundSucceeded) -> None:
    """Issue the document once all the settlement's money is on its way."""
    try:
        issue_credit_note(UUID(event.settlement_id), by="system")
        crash.point("document.issued")
    except MoneyNotSent:
        return


def print_credit_note(event: CreditNoteIssued) -> None:
    """Make and keep the PDF, so that nobody waits for it."""
    pdf_of(CreditNote.objects.get(pk=event.credit_note_id))
