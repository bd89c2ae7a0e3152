"""The verbs of enquiries: received, written again, answered, closed, turned into a return."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rebond.domain.conversations.errors import NothingWritten, TooManyMessages
from rebond.domain.conversations.models import ConversationMessage, Side
from rebond.domain.enquiries.errors import (
    EnquiryOver,
    LooksLikeSpam,
    SenderUnreadable,
    TooManyEnquiries,
)
from rebond.domain.enquiries.events import (
    EnquiryAnswered,
    EnquiryClosed,
    EnquiryReceived,
    EnquiryTurned,
)
from rebond.domain.enquiries.models import Enquiry, EnquiryMessage, EnquiryState
from rebond.domain.orders.models import Order
from rebond.domain.returns.actions import LONGEST_COMMENT
from rebond.domain.returns.errors import TextTooLong
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import email_key
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.models import next_number

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
MOST_AN_HOUR = 5
"""So many enquiries are taken from one mailbox in an hour."""
MOST_A_DAY = 30
MOST_PAGES = 3
"""So many addresses of pages may stand in one message."""
_PAGE = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class NewEnquiry:
    """What was typed. ``order_number`` may be empty; ``language`` is the page's."""

    email: str
    text: str
    language: str
    name: str = ""
    order_number: str = ""


@action
def receive_enquiry(shop: Shop, told: NewEnquiry, *, by: str) -> Enquiry:
    """Take a question; the same words from the same mailbox within an hour are taken once.

    Raises ``SenderUnreadable``, ``NothingWritten``, ``TextTooLong``, ``LooksLikeSpam``, and
    ``TooManyEnquiries`` where the mailbox has sent so many in an hour.
    """
    email = _address(told.email)
    text = _checked(told.text)
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    moment = now()
    recent = Enquiry.objects.filter(
        shop=shop, email_key=email_key(email), received_at__gt=moment - AN_HOUR
    )
    same = recent.filter(said__text=text, said__side=Side.SHOPPER).first()
    if same is not None:
        return same
    if recent.count() >= MOST_AN_HOUR:
        raise TooManyEnquiries(limit=MOST_AN_HOUR)
    typed = told.order_number.strip()[:80]
    enquiry = Enquiry.objects.create(
        shop=shop,
        number=f"Q-{moment.year}-{next_number(shop.pk, f'enquiry:{moment.year}'):06d}",
        name=" ".join(told.name.split())[:120],
        email=email,
        email_key=email_key(email),
        order_told=typed,
        order=_order(shop, typed),
        language=told.language[:10],
        state=EnquiryState.OPEN,
        received_at=moment,
        changed_at=moment,
    )
    _say(enquiry, Side.SHOPPER, text, by=by)
    event = EnquiryReceived(str(enquiry.pk), enquiry.number)
    record(event, shop_id=shop.pk, actor=by)
    return enquiry


@action
def write_again(enquiry_id: UUID, text: str, *, by: str) -> EnquiryMessage:
    """The sender adds something; it is the shop's turn again.

    Raises ``EnquiryOver``, ``NothingWritten``, ``TextTooLong``, ``LooksLikeSpam`` and
    ``TooManyMessages``.
    """
    enquiry = _standing(enquiry_id)
    theirs = enquiry.said.filter(side=Side.SHOPPER, at__gte=now() - A_DAY)
    if theirs.count() >= MOST_A_DAY:
        raise TooManyMessages(limit=MOST_A_DAY)
    message = _say(enquiry, Side.SHOPPER, _checked(text), by=by)
    _now(enquiry, EnquiryState.OPEN)
    event = EnquiryReceived(str(enquiry.pk), enquiry.number)
    record(event, shop_id=enquiry.shop_id, actor=by)
    return message


@action
def answer_enquiry(enquiry_id: UUID, text: str, *, by: str) -> EnquiryMessage:
    """Write back; the sender gets it by mail with a link to answer.

    Raises ``EnquiryOver``, ``SenderUnreadable`` where the address was erased, ``NothingWritten``
    and ``TextTooLong``.
    """
    enquiry = _standing(enquiry_id)
    if not enquiry.email:
        raise SenderUnreadable
    message = _say(enquiry, Side.SHOP, _checked(text, pages=None), by=by)
    _now(enquiry, EnquiryState.ANSWERED)
    event = EnquiryAnswered(str(enquiry.pk), enquiry.number, str(message.pk))
    record(event, shop_id=enquiry.shop_id, actor=by)
    return message


@action
def close_enquiry(enquiry_id: UUID, *, by: str) -> Enquiry:
    """Say that nothing needs to be written back. Raises ``EnquiryOver``."""
    enquiry = _standing(enquiry_id)
    if enquiry.state != EnquiryState.CLOSED:
        _now(enquiry, EnquiryState.CLOSED)
        event = EnquiryClosed(str(enquiry.pk), enquiry.number)
        record(event, shop_id=enquiry.shop_id, actor=by)
    return enquiry


@action
def turn_into_return(enquiry_id: UUID, rma_id: UUID, *, by: str) -> Enquiry:
    """Say that the return was made of the enquiry: what was said stands in its conversation.

    Raises ``EnquiryOver``. The same return twice changes nothing.
    """
    rma = Return.objects.locked(pk=rma_id)
    enquiry = Enquiry.objects.select_related("rma").get(shop=rma.shop_id, pk=enquiry_id)
    if enquiry.rma_id == rma.pk:
        return enquiry
    if enquiry.is_over:
        raise _over(enquiry)
    enquiry.rma = rma
    _now(enquiry, EnquiryState.TURNED, "rma")
    ConversationMessage.objects.bulk_create(
        ConversationMessage(
            shop_id=rma.shop_id, rma=rma, side=one.side, text=one.text, by=one.by, at=one.at
        )
        for one in enquiry.said.order_by("at", "id")
    )
    event = EnquiryTurned(str(enquiry.pk), enquiry.number, rma.number)
    record(event, shop_id=rma.shop_id, actor=by)
    return enquiry


def _standing(enquiry_id: UUID) -> Enquiry:
    rows = Enquiry.objects.select_for_update(no_key=True, of=("self",))
    enquiry = rows.select_related("rma").get(pk=enquiry_id)
    if enquiry.is_over:
        raise _over(enquiry)
    return enquiry


def _over(enquiry: Enquiry) -> EnquiryOver:
    number = enquiry.rma.number if enquiry.rma is not None else ""
    return EnquiryOver(number=enquiry.number, return_number=number)


def _say(enquiry: Enquiry, side: Side, text: str, *, by: str) -> EnquiryMessage:
    return EnquiryMessage.objects.create(
        shop_id=enquiry.shop_id, enquiry=enquiry, side=side, text=text, by=by, at=now()
    )


def _now(enquiry: Enquiry, state: EnquiryState, *fields: str) -> None:
    enquiry.state, enquiry.changed_at = state, now()
    enquiry.save(update_fields=["state", "changed_at", *fields])


def _order(shop: Shop, typed: str) -> Order | None:
    key = typed.lstrip("#").strip().lower()
    return Order.objects.filter(shop=shop, number_key=key).first() if key else None


def _address(typed: str) -> str:
    email = typed.strip()
    try:
        validate_email(email)
    except ValidationError as problem:
        raise SenderUnreadable from problem
    if len(email) > 254:
        raise SenderUnreadable
    return email


def _checked(text: str, *, pages: int | None = MOST_PAGES) -> str:
    text = text.replace("\0", "").strip()
    if not text:
        raise NothingWritten
    if len(text) > LONGEST_COMMENT:
        raise TextTooLong(field="message", limit=LONGEST_COMMENT)
    if pages is not None and len(_PAGE.findall(text)) > pages:
        raise LooksLikeSpam(limit=pages)
    return text
