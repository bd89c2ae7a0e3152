"""The verbs of messages: write one, note that it left, note that it never will."""

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from rebond.domain.credit_notes.models import Bookkeeping, CreditNote
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import Event, record
from rebond.kernel.ids import uuid7
from rebond.kernel.jobs import later
from rebond.outbound.notifications.events import MessageSent, MessageUndeliverable
from rebond.outbound.notifications.letters import (
    WRITERS,
    Content,
    card_issued,
    chain_heads,
    copied,
    documented,
    refund_failed,
    way_asked,
)
from rebond.outbound.notifications.models import Message, MessageState

GIFT_CARD = "gift_card"


@action
def write_message(event: Event, *, cause: UUID) -> Message | None:
    """Word the letter that belongs to ``event`` and queue it; None when there is none.

    ``cause`` is the id of the event's row: one event makes one letter of a kind.
    """
    kind, writer = WRITERS[type(event)]
    subject = getattr(event, event.about)
    rma = Return.objects.select_related("shop", "order", "shopper").filter(pk=subject).first()
    if rma is None or rma.shopper is None or rma.origin == "import":
        return None
    with translation.override(rma.language):
        content = writer(rma, event)
        if content is None:
            return None
        shop, shopper = rma.shop, rma.shopper
        return _queued(_keep(shop, rma, shopper, kind, rma.language, content, cause))


@action
def write_document_letter(note_id: UUID, *, cause: UUID) -> Message | None:
    """Word the letter that goes with a document and queue it; None where somebody wants none.

    ``cause`` is the id of the event's row: one event makes one letter.
    """
    note = _document(note_id)
    draft = note.drafts.first()
    if draft is not None and not draft.sends_letter:
        return None
    if note.settlement is not None and not note.settlement.tells_shopper:
        return None
    with translation.override(note.language):
        return _queued(_about(note, "refunded", documented(note), cause))


@action
def write_failure_letter(refund_id: UUID, *, cause: UUID) -> Message | None:
    """Tell the shopper that their money did not arrive; None where somebody wants no letters."""
    refund = _refund(refund_id)
    if not refund.settlement.tells_shopper:
        return None
    return _about_refund(refund, "refund_failed", refund_failed, cause)


@action
def ask_for_a_way(refund_id: UUID) -> Message | None:
    """Ask the shopper by mail where their money shall go, with a link that only they get."""
    return _about_refund(_refund(refund_id), "way_asked", way_asked, uuid7())


@action
def write_card_letter(card_id: UUID, refund_id: UUID, *, cause: UUID) -> Message | None:
    """Word the letter that tells the code of a card which a refund issued.

    It is the only way to the code, so it goes out whatever was said about other letters.
    """
    card = GiftCard.objects.select_related("account", "shop", "shopper").get(pk=card_id)
    refund = (
        Refund.objects.select_related("settlement__order__shopper", "settlement__rma")
        .filter(shop=card.shop, pk=refund_id)
        .first()
    )
    shopper = card.shopper
    if shopper is None and refund is not None:
        shopper = refund.settlement.order.shopper
    if shopper is None:
        return None
    language = shopper.language or card.shop.language
    rma = refund.settlement.rma if refund is not None else None
    with translation.override(language):
        content = card_issued(card, language)
        return _queued(_keep(card.shop, rma, shopper, GIFT_CARD, language, content, cause))


@action
def write_copy_letter(note_id: UUID) -> Message | None:
    """Send the document once more, marked as a duplicate."""
    note = _document(note_id)
    with translation.override(note.language):
        return _queued(_about(note, "document_copy", copied(note), uuid7()))


@action
def write_heads_letter(shop_id: UUID, heads: str, *, cause: UUID) -> Message | None:
    """Word the letter with the heads of the document chains; None where nobody wants it."""
    books = Bookkeeping.objects.select_related("shop").filter(shop_id=shop_id).first()
    if books is None or not books.heads_email:
        return None
    shop = books.shop
    with translation.override(shop.language):
        content = chain_heads(heads)
        page = {"content": content, "shop": shop, "shopper": None, "language": shop.language}
        message, fresh = Message.objects.get_or_create(
            shop=shop,
            cause=cause,
            kind="document_heads",
            channel="email",
            defaults={
                "to_address": books.heads_email,
                "language": shop.language,
                "subject": content.subject,
                "text": render_to_string("notifications/letter.txt", page),
                "html": render_to_string("notifications/letter.html", page),
            },
        )
    return _queued(message if fresh else None)


@action
def note_sent(message_id: UUID) -> None:
    """The channel took the message."""
    message = Message.objects.get(pk=message_id)
    if message.state != MessageState.QUEUED:
        return
    message.state, message.sent_at, message.problem = MessageState.SENT, now(), ""
    message.save(update_fields=["state", "sent_at", "problem"])
    event = MessageSent(_subject(message), str(message.pk), message.kind, message.channel)
    record(event, shop_id=message.shop_id, actor="system")


@action
def note_undeliverable(message_id: UUID, problem: str) -> None:
    """The channel refused for good."""
    message = Message.objects.get(pk=message_id)
    message.state, message.problem = MessageState.UNDELIVERABLE, problem[:300]
    message.save(update_fields=["state", "problem"])
    event = MessageUndeliverable(
        _subject(message), str(message.pk), message.kind, message.channel, message.problem
    )
    record(event, shop_id=message.shop_id, actor="system")


def _document(note_id: UUID) -> CreditNote:
    return CreditNote.objects.select_related(
        "shop", "order__shopper", "settlement__rma__shop", "settlement__rma__order"
    ).get(pk=note_id)


def _about(note: CreditNote, kind: str, content: Content, cause: UUID) -> Message | None:
    """The letter about ``note``, kept; None for history, and when this cause has one already."""
    settlement = note.settlement
    if settlement is not None and settlement.origin == "import":
        return None
    rma = settlement.rma if settlement is not None else None
    return _keep(note.shop, rma, note.order.shopper, kind, note.language, content, cause)


def _refund(refund_id: UUID) -> Refund:
    return Refund.objects.select_related(
        "shop", "payment", "settlement__order__shopper", "settlement__rma__shop"
    ).get(pk=refund_id)


def _about_refund(
    refund: Refund, kind: str, writer: Callable[[Refund, str], Content], cause: UUID
) -> Message | None:
    rma, shopper = refund.settlement.rma, refund.settlement.order.shopper
    language = rma.language if rma is not None else shopper.language or refund.shop.language
    with translation.override(language):
        content = writer(refund, language)
        return _queued(_keep(refund.shop, rma, shopper, kind, language, content, cause))


def _queued(message: Message | None) -> Message | None:
    if message is not None:
        path = "rebond.outbound.notifications.jobs.send_message"
        later(path, message.pk, shop_id=message.shop_id)
    return message


def _keep(
    shop: Shop,
    rma: Return | None,
    shopper: Shopper,
    kind: str,
    language: str,
    content: Content,
    cause: UUID,
) -> Message | None:
    """The letter as it is sent; None when this cause has one of this kind already."""
    page = {"content": content, "shop": shop, "shopper": shopper, "language": language}
    try:
        with transaction.atomic():
            return Message.objects.create(
                shop=shop,
                rma=rma,
                shopper=shopper,
                kind=kind,
                language=language,
                subject=content.subject,
                text=render_to_string("notifications/letter.txt", page),
                html=render_to_string("notifications/letter.html", page),
                attachments=content.attachments,
                cause=cause,
            )
    except IntegrityError:
        return None


def _subject(message: Message) -> str:
    return str(message.rma_id or message.pk)
