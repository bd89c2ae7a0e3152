"""Reactions that tell people."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from rebond.domain.credit_notes.events import CreditNotePrinted, HeadsWritten
from rebond.domain.credit_notes.files import duplicate_of, pdf_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.duties.events import DutiesWarned
from rebond.domain.enquiries.events import EnquiryAnswered
from rebond.domain.fair_use.events import AppealAnswered, RestrictionLifted, RestrictionMade
from rebond.domain.gift_cards.codes import code_told_again, grouped, masked
from rebond.domain.gift_cards.events import GiftCardIssued
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.no_receipt.events import NoReceiptPaid
from rebond.domain.non_deliveries.events import (
    ContractTerminated,
    NonDeliveryAnswered,
    NonDeliveryReported,
)
from rebond.domain.privacy.events import DataRequestEnded
from rebond.domain.proofs.events import CodeAsked, GuessingSeen
from rebond.domain.proofs.mailboxes import MASK, code_of, spaced
from rebond.domain.refunds.events import RefundFailed
from rebond.domain.returns.events import ReturnDeclined, ReturnReopened
from rebond.domain.shops.events import PasswordLinkAsked
from rebond.domain.withdrawals.events import WithdrawalAnswered, WithdrawalSubmitted
from rebond.kernel.actions import outside_transaction
from rebond.kernel.clock import now
from rebond.kernel.events import Event
from rebond.kernel.jobs import RetryLater, one_action
from rebond.kernel.lanes import in_lane
from rebond.kernel.models import Event as EventRow
from rebond.outbound.notifications.actions import (
    GIFT_CARD,
    ONE_TIME_CODE,
    note_sent,
    note_undeliverable,
    write_acknowledgement,
    write_card_letter,
    write_code_letter,
    write_credit_letter,
    write_data_letter,
    write_document_letter,
    write_endpoint_letter,
    write_enquiry_letter,
    write_failure_letter,
    write_guessing_letter,
    write_heads_letter,
    write_message,
    write_missing_letter,
    write_password_letter,
    write_restriction_letter,
    write_warning_letter,
    write_withdrawal_answer,
)
from rebond.outbound.notifications.models import Message, MessageState
from rebond.outbound.notifications.ports import Attachment, Letter, Undeliverable, channels
from rebond.outbound.webhooks.events import EndpointGone, EndpointSilent


@one_action
def tell_shopper(event: Event, cause: UUID) -> None:
    """Write the letter that belongs to the event."""
    write_message(event, cause=cause)


@one_action
def tell_of_decline(event: ReturnDeclined, cause: UUID) -> None:
    """Tell the shopper of a decline; a colleague's own only once it cannot be undone any more.

    What was taken up again meanwhile is not told.
    """
    declined = EventRow.objects.get(pk=cause)
    if declined.actor.startswith("staff:"):
        left = declined.at + timedelta(seconds=settings.UNDO_SECONDS) - now()
        if left > timedelta():
            raise RetryLater(left)
    again = EventRow.objects.filter(
        shop_id=declined.shop_id,
        name=ReturnReopened.name,
        subject=declined.subject,
        at__gte=declined.at,
    )
    if not again.exists():
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
def tell_of_credit(event: NoReceiptPaid, cause: UUID) -> None:
    """Tell the customer that their credit for goods without a receipt is there."""
    write_credit_letter(UUID(event.no_receipt_id), cause=cause)


@one_action
def tell_card_code(event: GiftCardIssued, cause: UUID) -> None:
    """Mail the code of a card that a refund issued; at the desk it was shown on the page."""
    if event.refund_id:
        write_card_letter(UUID(event.card_id), UUID(event.refund_id), cause=cause)


@one_action
def tell_code(event: CodeAsked, cause: UUID) -> None:
    """Mail the one-time code, where the shop knows the address."""
    write_code_letter(UUID(event.code_id), cause=cause)


@one_action
def tell_enquirer(event: EnquiryAnswered, cause: UUID) -> None:
    """Mail the shop's answer to who wrote without a return."""
    write_enquiry_letter(UUID(event.message_id), cause=cause)


@one_action
def tell_of_missing(
    event: NonDeliveryReported | NonDeliveryAnswered | ContractTerminated, cause: UUID
) -> None:
    """Write to the shopper about what has not arrived."""
    write_missing_letter(event, cause=cause)


@one_action
def send_password_link(event: PasswordLinkAsked, cause: UUID) -> None:
    """Mail the link to choose a password."""
    write_password_letter(UUID(event.staff_id), is_new=event.is_new, cause=cause)


@one_action
def mail_heads(event: HeadsWritten, cause: UUID) -> None:
    """Mail the heads of the document chains to the address that the shop named."""
    write_heads_letter(UUID(event.shop_id), event.heads, cause=cause)


@one_action
def tell_of_restriction(
    event: RestrictionMade | RestrictionLifted | AppealAnswered, cause: UUID
) -> None:
    """Write to the shopper what was restricted, lifted or answered."""
    write_restriction_letter(event, cause=cause)


@one_action
def tell_of_data(event: DataRequestEnded, cause: UUID) -> None:
    """Write to who asked about their data what became of it."""
    write_data_letter(UUID(event.request_id), cause=cause)


@one_action
def acknowledge_withdrawal(event: WithdrawalSubmitted, cause: UUID) -> None:
    """Write the acknowledgement with the statement, its date and its time."""
    write_acknowledgement(UUID(event.statement_id), cause=cause)


@one_action
def tell_answer(event: WithdrawalAnswered, cause: UUID) -> None:
    """Write to the consumer why no return follows."""
    write_withdrawal_answer(UUID(event.statement_id), cause=cause)


@one_action
def mail_warning(event: DutiesWarned, cause: UUID) -> None:
    """Mail the shop which of its duties come close or are over."""
    duty_ids = [UUID(text) for text in event.duties.split()]
    write_warning_letter(UUID(event.shop_id), duty_ids, cause=cause)


@one_action
def mail_guessing(event: GuessingSeen, cause: UUID) -> None:
    """Mail the shop that somebody guesses at its portal."""
    write_guessing_letter(UUID(event.shop_id), event.what, cause=cause)


@one_action
def mail_endpoint_gone(event: EndpointGone, cause: UUID) -> None:
    """Mail the shop that one of its systems wants no more events."""
    write_endpoint_letter(UUID(event.endpoint_id), is_off=True, cause=cause)


@one_action
def mail_endpoint_silent(event: EndpointSilent, cause: UUID) -> None:
    """Mail the shop that one of its systems has taken nothing for days."""
    write_endpoint_letter(UUID(event.endpoint_id), is_off=False, cause=cause)


@in_lane("messages")
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


def _with_code(message: Message, text: str) -> str:
    """``text`` with the code that it is about, made for this moment only."""
    if message.kind not in {GIFT_CARD, ONE_TIME_CODE}:
        return text
    event = EventRow.objects.get(shop_id=message.shop_id, pk=message.cause)
    if message.kind == ONE_TIME_CODE:
        code_id = UUID(event.payload["code_id"])
        return text.replace(MASK, spaced(code_of(message.shop_id, code_id)))
    card = GiftCard.objects.get(shop_id=message.shop_id, pk=event.payload["card_id"])
    assert card.refund_id is not None
    code = code_told_again(card.shop_id, card.refund_id, card.code_hash)
    return text.replace(masked(card.last_four), grouped(code))


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
        text=_with_code(message, message.text),
        html=_with_code(message, message.html),
        attachments=tuple(_attachment(name) for name in message.attachments),
    )


def _attachment(name: str) -> Attachment:
    kind, _, key = name.partition(":")
    if kind not in {"credit_note", "credit_note_copy"}:
        raise ValueError(f"no such attachment: {name}")
    note = CreditNote.objects.get(pk=key)
    pdf = pdf_of(note) if kind == "credit_note" else duplicate_of(note)
    return Attachment(f"{note.label}.pdf", "application/pdf", pdf)
