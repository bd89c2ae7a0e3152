"""Reactions that tell people."""

from uuid import UUID

from rebond.domain.credit_notes.events import CreditNotePrinted, HeadsWritten
from rebond.domain.credit_notes.files import duplicate_of, pdf_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.events import RefundFailed
from rebond.kernel.actions import outside_transaction
from rebond.kernel.events import Event
from rebond.kernel.jobs import one_action
from rebond.outbound.notifications.actions import (
    note_sent,
    note_undeliverable,
    write_document_letter,
    write_failure_letter,
    write_heads_letter,
    write_message,
)
from rebond.outbound.notifications.models import Message, MessageState
from rebond.outbound.notifications.ports import Attachment, Letter, Undeliverable, channels


@one_action
def tell_shopper(event: Event, cause: UUID) -> None:
    """Write the letter that belongs to the event."""
    write_message(event, cause=cause)


@one_action
def tell_of_failure(event: RefundFailed, cause: UUID) -> None:
    """Tell the truth about money that did not arrive, with or without a return."""
    write_failure_letter(UUID(event.refund_id), cause=cause)


@one_action
def send_document(event: CreditNotePrinted, cause: UUID) -> None:
    """Write the letter that goes with a document, once its file is checked and kept."""
    write_document_letter(UUID(event.credit_note_id), cause=cause)


@one_action
def mail_heads(event: HeadsWritten, cause: UUID) -> None:
    """Mail the heads of the document chains to the address that the shop named."""
    write_heads_letter(UUID(event.shop_id), event.heads, cause=cause)


def send_message(message_id: str) -> None:
    """Hand a queued message to its channel, with no transaction open."""
    message = Message.objects.select_related("shop", "shopper").get(pk=message_id)
    if message.state != MessageState.QUEUED:
        return
    letter = _letter(message)
    outside_transaction()
    try:
        channels[message.channel]().send(letter)
    except Undeliverable as problem:
        note_undeliverable(message.pk, str(problem))
        return
    note_sent(message.pk)


def _letter(message: Message) -> Letter:
    sender = message.shop.email
    domain = sender.rpartition("@")[2]
    return Letter(
        message_id=f"<{message.pk.hex}@{domain}>",
        to=message.shopper.email if message.shopper is not None else message.to_address,
        sender=sender,
        sender_name=message.shop.name,
        reply_to=sender,
        subject=message.subject,
        text=message.text,
        html=message.html,
        attachments=tuple(_attachment(name) for name in message.attachments),
    )


def _attachment(name: str) -> Attachment:
    kind, _, key = name.partition(":")
    if kind not in {"credit_note", "credit_note_copy"}:
        raise ValueError(f"no such attachment: {name}")
    note = CreditNote.objects.get(pk=key)
    pdf = pdf_of(note) if kind == "credit_note" else duplicate_of(note)
    return Attachment(f"{note.label}.pdf", "application/pdf", pdf)
