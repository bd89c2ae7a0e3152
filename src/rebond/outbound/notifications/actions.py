"""The verbs of messages: write one, note that it left, note that it never will."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from rebond.domain.credit_notes.models import Bookkeeping, CreditNote
from rebond.domain.duties.models import Duty
from rebond.domain.enquiries.models import EnquiryMessage
from rebond.domain.fair_use.events import AppealAnswered, RestrictionLifted, RestrictionMade
from rebond.domain.fair_use.models import Appeal, Restriction
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.non_deliveries.events import (
    ContractTerminated,
    NonDeliveryAnswered,
    NonDeliveryReported,
)
from rebond.domain.non_deliveries.models import NonDelivery, NonDeliveryAnswer
from rebond.domain.proofs.models import OneTimeCode
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import DataRequest, Shopper
from rebond.domain.shops.addresses import webhook_page, withdrawal_page
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.shops.passwords import link_for
from rebond.domain.withdrawals.models import Statement
from rebond.domain.withdrawals.wording import link_label
from rebond.kernel.actions import action
from rebond.kernel.clock import now, today
from rebond.kernel.events import Event, record
from rebond.kernel.ids import uuid7
from rebond.kernel.jobs import later
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.events import MessageSent, MessageUndeliverable
from rebond.outbound.notifications.letters import non_deliveries
from rebond.outbound.notifications.letters.codes import card_issued, one_time_code
from rebond.outbound.notifications.letters.credit import credited
from rebond.outbound.notifications.letters.enquiries import enquiry_answered
from rebond.outbound.notifications.letters.fairness import appeal_answered, lifted, restricted
from rebond.outbound.notifications.letters.money import (
    copied,
    documented,
    refund_failed,
    way_asked,
)
from rebond.outbound.notifications.letters.privacy import answered as data_answered
from rebond.outbound.notifications.letters.statements import Notice, acknowledgement, answered
from rebond.outbound.notifications.letters.table import WRITERS
from rebond.outbound.notifications.letters.team import (
    chain_heads,
    duties_warned,
    endpoint_fails,
    guessing_seen,
    password_link,
)
from rebond.outbound.notifications.models import Message, MessageState
from rebond.outbound.notifications.own_words import KINDS, values_for, with_words, words_of
from rebond.outbound.webhooks.models import Endpoint

GIFT_CARD = "gift_card"
ONE_TIME_CODE = "one_time_code"
RESTRICTED = "restricted"
ACKNOWLEDGEMENT = "withdrawal_received"
DATA_ANSWERED = "data_answered"
ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"']+")
"""Mail servers repeat addresses in what they say; events are kept for good and name nobody."""
COLOUR, USUAL_BRAND = re.compile(r"#[0-9a-fA-F]{6}"), "#0f6b57"
AT_ONCE = 3
"""So many acknowledgements go to one address in an hour without waiting."""
ONE_MORE_AFTER = timedelta(minutes=20)


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
def write_credit_letter(row_id: UUID, *, cause: UUID) -> Message | None:
    """Tell the customer of the credit for goods without a receipt, and queue it."""
    row = NoReceiptReturn.objects.select_related("shop", "shopper").get(pk=row_id)
    language = row.shopper.language or row.shop.language
    with translation.override(language):
        content = credited(row, language)
        return _queued(_keep(row.shop, None, row.shopper, "store_credit", language, content, cause))


@action
def write_enquiry_letter(message_id: UUID, *, cause: UUID) -> Message | None:
    """Send the shop's answer to who wrote without a return; None where the address was erased."""
    rows = EnquiryMessage.objects.select_related("enquiry__shop")
    message = rows.get(pk=message_id)
    enquiry = message.enquiry
    if not enquiry.email:
        return None
    with translation.override(enquiry.language):
        content = enquiry_answered(message)
        return _queued(
            _keep_to(
                enquiry.shop, enquiry.email, "enquiry_answered", enquiry.language, content, cause
            )
        )


@action
def write_missing_letter(
    event: NonDeliveryReported | NonDeliveryAnswered | ContractTerminated, *, cause: UUID
) -> Message | None:
    """Word the letter about goods that never arrived and queue it; None where none is due."""
    rows = NonDelivery.objects.select_related("shop", "order__shop", "order__shopper")
    report = rows.get(pk=event.report_id)
    with translation.override(report.language):
        if isinstance(event, NonDeliveryReported):
            kind, content = "missing_reported", non_deliveries.reported(report)
        elif isinstance(event, ContractTerminated):
            kind, content = "missing_ended", non_deliveries.ended(report)
        else:
            told = NonDeliveryAnswer.objects.select_related("staff__user").get(pk=event.answer_id)
            told.report = report
            words = non_deliveries.answered(told)
            if words is None:
                return None
            kind, content = "missing_answered", words
        about = {"number": report.number, "order": report.order.number}
        shop, shopper = report.shop, report.order.shopper
        return _queued(_keep(shop, None, shopper, kind, report.language, content, cause, about))


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
        shopper = refund.settlement.recipient
    if shopper is None:
        return None
    language = shopper.language or card.shop.language
    rma = refund.settlement.rma if refund is not None else None
    with translation.override(language):
        content = card_issued(card, language)
        return _queued(_keep(card.shop, rma, shopper, GIFT_CARD, language, content, cause))


@action
def write_code_letter(code_id: UUID, *, cause: UUID) -> Message | None:
    """Word the letter with a one-time code; None where the shop does not know the address."""
    code = OneTimeCode.objects.select_related("shop", "shopper").get(pk=code_id)
    if code.shopper is None:
        return None
    with translation.override(code.language):
        content = one_time_code()
        shopper = code.shopper
        kept = _keep(code.shop, None, shopper, ONE_TIME_CODE, code.language, content, cause)
    return _queued(kept)


@action
def write_restriction_letter(
    event: RestrictionMade | RestrictionLifted | AppealAnswered, *, cause: UUID
) -> Message | None:
    """Word the letter about a restriction in the shopper's language and queue it.

    A restriction that an answer lifts is told once, by the answer.
    """
    restriction = Restriction.objects.select_related("shop", "shopper").get(pk=event.restriction_id)
    language = restriction.language
    with translation.override(language):
        if isinstance(event, AppealAnswered):
            made = Appeal.objects.get(shop_id=restriction.shop_id, pk=event.appeal_id)
            kind, content = "appeal_answered", appeal_answered(restriction, made)
        elif isinstance(event, RestrictionMade):
            kind, content = RESTRICTED, restricted(restriction)
        else:
            if restriction.appeals.filter(outcome="lifted").exists():
                return None
            kind, content = "restriction_lifted", lifted(restriction)
        shop, shopper = restriction.shop, restriction.shopper
        return _queued(_keep(shop, None, shopper, kind, language, content, cause))


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
        kept = _keep_to(shop, books.heads_email, "document_heads", shop.language, content, cause)
    return _queued(kept)


@action
def write_password_letter(staff_id: UUID, *, is_new: bool, cause: UUID) -> Message | None:
    """Word the letter with the link by which somebody of the desk chooses a password."""
    staff = Staff.objects.select_related("shop", "user").get(pk=staff_id)
    shop, language = staff.shop, staff.user.language or staff.shop.language
    with translation.override(language):
        content = password_link(staff, link_for(staff.user), is_new=is_new)
        kept = _keep_to(shop, staff.user.email, "password_link", language, content, cause)
    return _queued(kept)


@action
def write_warning_letter(shop_id: UUID, duty_ids: Sequence[UUID], *, cause: UUID) -> Message | None:
    """Word the letter that warns the shop of its duties; one cause makes one letter."""
    shop = Shop.objects.get(pk=shop_id)
    rows = Duty.objects.select_related("rma", "statement", "appeal", "non_delivery").filter(
        shop=shop, pk__in=duty_ids
    )
    duties = list(rows.filter(done_at=None).order_by("due_on", "id"))
    if not duties:
        return None
    with translation.override(shop.language):
        content = duties_warned(shop, duties, today(shop.time_zone))
        kept = _keep_to(shop, shop.email, "duties_warned", shop.language, content, cause)
    return _queued(kept)


@action
def write_guessing_letter(shop_id: UUID, what: str, *, cause: UUID) -> Message | None:
    """Word the letter that tells the shop of guesses at its portal; one cause makes one letter."""
    shop = Shop.objects.get(pk=shop_id)
    with translation.override(shop.language):
        content = guessing_seen(shop, what)
        kept = _keep_to(shop, shop.email, "guessing_seen", shop.language, content, cause)
    return _queued(kept)


@action
def write_endpoint_letter(endpoint_id: UUID, *, is_off: bool, cause: UUID) -> Message | None:
    """Word the letter that tells the shop of a system that takes no events."""
    endpoint = Endpoint.objects.select_related("shop").get(pk=endpoint_id)
    shop = endpoint.shop
    page = webhook_page(shop, endpoint.pk)
    with translation.override(shop.language):
        content = endpoint_fails(shop, endpoint.url, page, is_off=is_off)
        kept = _keep_to(shop, shop.email, "endpoint_fails", shop.language, content, cause)
    return _queued(kept)


@action
def write_data_letter(request_id: UUID, *, cause: UUID) -> Message | None:
    """Word the answer to who asked about their data; the request forgets the address then."""
    asked = DataRequest.objects.select_related("shop").get(pk=request_id)
    if not asked.email:
        return None
    with translation.override(asked.language):
        content = data_answered(asked)
        kept = _keep_to(asked.shop, asked.email, DATA_ANSWERED, asked.language, content, cause)
    DataRequest.objects.filter(pk=asked.pk).update(email="", note="")
    return _queued(kept)


@action
def write_acknowledgement(statement_id: UUID, *, cause: UUID) -> Message | None:
    """Word the acknowledgement of a statement of withdrawal and queue it.

    It always goes out. Where one address is named again and again within an hour, as when
    somebody plays with a stranger's address, each further one waits longer.
    """
    statement = Statement.objects.select_related("shop").get(pk=statement_id)
    message = _keep_notice(statement, ACKNOWLEDGEMENT, acknowledgement(statement), cause)
    before = Statement.objects.filter(
        shop_id=statement.shop_id,
        email_key=statement.email_key,
        submitted_at__gt=statement.submitted_at - timedelta(hours=1),
        submitted_at__lt=statement.submitted_at,
    ).count()
    return _queued(message, after=max(0, before + 1 - AT_ONCE) * ONE_MORE_AFTER)


@action
def write_withdrawal_answer(statement_id: UUID, *, cause: UUID) -> Message | None:
    """Word the letter that says why no return follows from a statement, and queue it."""
    statement = Statement.objects.select_related("shop").get(pk=statement_id)
    case = statement.cases.get()
    notice = answered(statement, case)
    return _queued(_keep_notice(statement, "withdrawal_answered", notice, cause))


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
        _subject(message),
        str(message.pk),
        message.kind,
        message.channel,
        ADDRESS.sub("…", message.problem),
    )
    record(event, shop_id=message.shop_id, actor="system")


def _keep_to(
    shop: Shop, address: str, kind: str, language: str, content: Content, cause: UUID
) -> Message | None:
    """The letter to an address that is no shopper's; None when this cause has one already."""
    page = _page_of(shop, content, language)
    message, fresh = Message.objects.get_or_create(
        shop=shop,
        cause=cause,
        kind=kind,
        channel="email",
        defaults={
            "to_address": address,
            "language": language,
            "subject": content.subject,
            "text": render_to_string("notifications/letter.txt", page),
            "html": render_to_string("notifications/letter.html", page),
        },
    )
    return message if fresh else None


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
    rma, shopper = refund.settlement.rma, refund.settlement.recipient
    language = rma.language if rma is not None else shopper.language or refund.shop.language
    with translation.override(language):
        content = writer(refund, language)
        return _queued(_keep(refund.shop, rma, shopper, kind, language, content, cause))


def _queued(message: Message | None, *, after: timedelta = timedelta()) -> Message | None:
    if message is not None:
        path = "rebond.outbound.notifications.jobs.send_message"
        run_at = now() + after if after else None
        later(path, message.pk, shop_id=message.shop_id, run_at=run_at)
    return message


def _keep_notice(statement: Statement, kind: str, notice: Notice, cause: UUID) -> Message | None:
    """A letter about ``statement`` to the address in it; None when this cause has one already."""
    page = {"notice": notice, "shop": statement.shop, "language": statement.language}
    message, fresh = Message.objects.get_or_create(
        shop=statement.shop,
        cause=cause,
        kind=kind,
        channel="email",
        defaults={
            "to_address": statement.email,
            "language": statement.language,
            "subject": notice.subject,
            "text": render_to_string("notifications/notice.txt", page),
            "html": render_to_string("notifications/notice.html", page),
        },
    )
    return message if fresh else None


def _keep(
    shop: Shop,
    rma: Return | None,
    shopper: Shopper,
    kind: str,
    language: str,
    content: Content,
    cause: UUID,
    about: Mapping[str, str] | None = None,
) -> Message | None:
    """The letter as it is sent; None when this cause has one of this kind already.

    ``about`` names what it is about where that is no return, for the shop's own words.
    """
    if kind in KINDS:
        values = {**values_for(shop, shopper.name, rma), **(about or {})}
        content = with_words(content, words_of(shop, kind, language), values)
    page = _page_of(shop, content, language) | {
        "shopper": shopper,
        "withdrawal": {
            "label": link_label(language, today(shop.time_zone)),
            "address": withdrawal_page(shop),
        },
    }
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


def _page_of(shop: Shop, content: Content, language: str) -> dict[str, Any]:
    """What every letter shows, in the shop's colour."""
    brand, ink = (str(shop.colours.get(name, "")) for name in ("brand", "brand_ink"))
    is_own = bool(COLOUR.fullmatch(brand) and COLOUR.fullmatch(ink))
    return {
        "content": content,
        "shop": shop,
        "shopper": None,
        "language": language,
        "brand": brand if is_own else USUAL_BRAND,
        "brand_ink": ink if is_own else "#ffffff",
    }


def _subject(message: Message) -> str:
    return str(message.rma_id or message.pk)
