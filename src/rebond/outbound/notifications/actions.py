"""The verbs of messages: write one, note that it left, note that it never will."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from rebond.domain.returns.models import Return
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import Event, record
from rebond.kernel.jobs import later
from rebond.outbound.notifications.events import MessageSent, MessageUndeliverable
from rebond.outbound.notifications.letters import WRITERS, Content
from rebond.outbound.notifications.models import Message, MessageState


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
        message = _worded(rma, kind, content, cause)
    if message is not None:
        later("rebond.outbound.notifications.jobs.send_message", message.pk, shop_id=rma.shop_id)
    return message


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


def _worded(rma: Return, kind: str, content: Content, cause: UUID) -> Message | None:
    assert rma.shopper is not None
    page = {"content": content, "shop": rma.shop, "shopper": rma.shopper, "language": rma.language}
    try:
        with transaction.atomic():
            return Message.objects.create(
                shop_id=rma.shop_id,
                rma=rma,
                shopper=rma.shopper,
                kind=kind,
                language=rma.language,
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
