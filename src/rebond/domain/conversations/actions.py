"""The verbs of a conversation: the shop writes, the shopper writes, a template is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from rebond.domain.conversations.errors import (
    NothingWritten,
    TooManyMessages,
    UnknownPlaceholder,
)
from rebond.domain.conversations.events import ConversationAnswered, ShopperWrote, ShopWrote
from rebond.domain.conversations.filling import filled, unknown_placeholder
from rebond.domain.conversations.models import (
    ConversationMessage,
    MessagePhoto,
    Side,
    Template,
)
from rebond.domain.returns.actions import LONGEST_COMMENT, MOST_PHOTOS, keep_photo
from rebond.domain.returns.errors import TextTooLong, TooManyPhotos
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.wishes import CleanImage
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record

A_DAY = timedelta(days=1)
MOST_A_DAY = 30
"""So many messages a shopper may write about one return in a day."""


@action
def write_to_shopper(
    rma_id: UUID,
    text: str,
    *,
    by: str,
    clause: str = "",
    asks: bool = False,
    version: int | None = None,
) -> ConversationMessage:
    """Write to the shopper; they get it by mail and answer on the page of their return.

    ``asks`` makes a request that nobody decided wait for the answer. Raises
    ``NothingWritten``, ``TextTooLong`` and ``ChangedMeanwhile``.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    return tell(rma, text, by=by, clause=clause, asks=asks)


@action
def write_to_shop(
    rma_id: UUID, text: str, images: Sequence[CleanImage] = (), *, by: str
) -> ConversationMessage:
    """The shopper writes, with pictures. A request that waited for them is up for review again.

    Raises ``NothingWritten``, ``TextTooLong``, ``TooManyPhotos`` and ``TooManyMessages``.
    """
    rma = Return.objects.locked(pk=rma_id)
    text = _checked(text, may_be_empty=bool(images))
    moment = now()
    theirs = rma.conversation.filter(side=Side.SHOPPER, at__gte=moment - A_DAY)
    if theirs.count() >= MOST_A_DAY:
        raise TooManyMessages(limit=MOST_A_DAY)
    if images and rma.photos.count() + len(images) > MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    message = ConversationMessage.objects.create(
        shop_id=rma.shop_id, rma=rma, side=Side.SHOPPER, text=text, by=by, at=moment, waits=True
    )
    for image in images:
        photo = keep_photo(rma, None, image, "shopper")
        MessagePhoto.objects.create(shop_id=rma.shop_id, message=message, photo=photo)
    if rma.request_state == RequestState.NEEDS_INFO:
        rma.move_request(RequestState.REQUESTED)
    event = ShopperWrote(str(rma.pk), rma.number, str(message.pk))
    record(event, shop_id=rma.shop_id, actor=by)
    return message


@action
def mark_answered(rma_id: UUID, *, by: str) -> bool:
    """Say that nothing needs to be written back. False when nothing waited."""
    rma = Return.objects.locked(pk=rma_id)
    last = rma.conversation.filter(waits=True).order_by("-at", "-id").first()
    if last is None:
        return False
    _end_waiting(rma)
    event = ConversationAnswered(str(rma.pk), rma.number, str(last.pk))
    record(event, shop_id=rma.shop_id, actor=by)
    return True


@action
def take_along(message_id: UUID, rma_id: UUID, *, by: str) -> bool:
    """Say that a return was made of what the shopper wrote about another one of theirs.

    The words stand in the new conversation too, with their own moment, and wait for no answer
    where they stood. False where the message is the shop's, of another order, or there already.
    """
    rma = Return.objects.locked(pk=rma_id)
    rows = ConversationMessage.objects.select_related("rma").filter(shop_id=rma.shop_id)
    message = rows.filter(pk=message_id, side=Side.SHOPPER).first()
    if message is None or message.rma_id == rma.pk or message.rma.order_id != rma.order_id:
        return False
    _, is_new = ConversationMessage.objects.get_or_create(
        shop_id=rma.shop_id,
        rma=rma,
        side=Side.SHOPPER,
        text=message.text,
        by=message.by,
        at=message.at,
    )
    if message.waits:
        _end_waiting(message.rma)
        event = ConversationAnswered(str(message.rma_id), message.rma.number, str(message.pk))
        record(event, shop_id=rma.shop_id, actor=by)
    return is_new


@action
def keep_template(
    shop: Shop, template_id: UUID | None, *, title: str, language: str, text: str
) -> Template:
    """Keep words to be used again, new ones where ``template_id`` is None.

    Raises ``NothingWritten``, ``TextTooLong`` and ``UnknownPlaceholder``.
    """
    text = _checked(text)
    unknown = unknown_placeholder(text)
    if unknown or not title.strip():
        raise UnknownPlaceholder(name=unknown[:40]) if unknown else NothingWritten()
    template = (
        Template.objects.get(shop=shop, pk=template_id) if template_id else Template(shop=shop)
    )
    template.title, template.language, template.text = title.strip()[:80], language, text
    template.save()
    return template


@action
def offer_template(shop: Shop, template_id: UUID, *, is_offered: bool) -> None:
    """Offer a template no longer, or again; what was written with it stays."""
    Template.objects.filter(shop=shop, pk=template_id).update(is_active=is_offered)


def tell(
    rma: Return, text: str, *, by: str, clause: str = "", asks: bool = False
) -> ConversationMessage:
    """Write to the shopper of a locked return, inside an action of this room or one above."""
    message = ConversationMessage.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        side=Side.SHOP,
        text=_checked(filled(text, values_of(rma)).replace(" ,", ",")),
        clause=clause[:LONGEST_COMMENT],
        by=by,
        at=now(),
    )
    _end_waiting(rma)
    is_question = asks and rma.request_state == RequestState.REQUESTED
    if is_question:
        rma.move_request(RequestState.NEEDS_INFO)
    event = ShopWrote(str(rma.pk), rma.number, str(message.pk), "yes" if is_question else "no")
    record(event, shop_id=rma.shop_id, actor=by)
    return message


def values_of(rma: Return) -> dict[str, str]:
    """What a template's placeholders stand for in ``rma``."""
    titles = rma.lines.order_by("position").values_list("title", flat=True)
    return {
        "name": rma.shopper.name if rma.shopper is not None else "",
        "number": rma.number,
        "order": rma.order.number if rma.order is not None else "",
        "shop": rma.shop.name,
        "articles": ", ".join(titles),
    }


def _end_waiting(rma: Return) -> None:
    ConversationMessage.objects.filter(shop_id=rma.shop_id, rma=rma, waits=True).update(waits=False)


def _checked(text: str, *, may_be_empty: bool = False) -> str:
    text = text.strip()
    if not text and not may_be_empty:
        raise NothingWritten
    if len(text) > LONGEST_COMMENT:
        raise TextTooLong(field="message", limit=LONGEST_COMMENT)
    return text
