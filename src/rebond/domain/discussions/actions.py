"""The verbs of a discussion: open, remind, answer, let lapse, send the pieces back; and the
end of a return, which waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from rebond.domain.discussions.errors import (
    DiscussionOver,
    KeepingNotOffered,
    NotDiscussable,
    NoTimeToDiscuss,
    ProposalIncomplete,
    ReplyEmpty,
)
from rebond.domain.discussions.events import (
    DiscussionAnswered,
    DiscussionLapsed,
    DiscussionOpened,
    DiscussionReminded,
    PiecesSentBack,
)
from rebond.domain.discussions.models import Discussion
from rebond.domain.discussions.queries import (
    check_not_discussed,
    last_day_to_answer,
    legal_day,
    why_not,
)
from rebond.domain.discussions.states import STATE_AFTER, DiscussionState, Reply
from rebond.domain.returns.actions import (
    LONGEST_COMMENT,
    MOST_PHOTOS,
    close,
    give_back,
    holds_repair,
    keep_photo,
)
from rebond.domain.returns.errors import IllegalTransition, TextTooLong, TooManyPhotos
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.wishes import CleanImage
from rebond.kernel.actions import action
from rebond.kernel.clock import now, today
from rebond.kernel.events import record
from rebond.kernel.money import half_up


@dataclass(frozen=True)
class Point:
    """So much of the price of some pieces of a line would be kept; ``kept_percent`` 1 to 100."""

    line_id: UUID
    quantity: int
    kept_percent: int


@dataclass(frozen=True)
class Proposal:
    """What was found and what is proposed; ``photos`` are ids of photos the return has already."""

    points: tuple[Point, ...]
    text: str
    clause: str
    days: int
    photos: tuple[UUID, ...] = ()


@action
def open_discussion(
    rma_id: UUID,
    proposal: Proposal,
    images: Sequence[CleanImage] = (),
    *,
    by: str,
    version: int | None = None,
) -> Discussion:
    """Show the shopper what was found, with photos and the clause, and wait for their word.

    The day of the answer is ``proposal.days`` (1 to 14) from today, and in any case before the day
    on which the law wants the refund. Raises ``NotDiscussable``, ``NoTimeToDiscuss``,
    ``ProposalIncomplete``, ``TextTooLong``, ``TooManyPhotos`` and ``ChangedMeanwhile``.
    Source: C. conso. L221-23 al. 3, L221-24; Dir. 2011/83/EU arts 13 and 14(2).
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    why = why_not(rma)
    if why:
        raise NotDiscussable(number=rma.number, why=why)
    assert rma.order is not None
    on = today(rma.shop.time_zone)
    answer_by = last_day_to_answer(rma, on, days=proposal.days)
    if answer_by is None:
        due = legal_day(rma, on)
        raise NoTimeToDiscuss(number=rma.number, due_on=due.isoformat() if due else "")
    lines = {line.pk: line for line in rma.lines.select_related("order_line")}
    points = _points(proposal, lines)
    text, clause = _words("text", proposal.text), _words("clause", proposal.clause)
    if len(images) + len(proposal.photos) > MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    known = set(rma.photos.filter(pk__in=proposal.photos).values_list("pk", flat=True))
    photos = [str(one) for one in proposal.photos if one in known]
    photos += [str(keep_photo(rma, None, image, "warehouse").pk) for image in images]
    if not photos:
        raise ProposalIncomplete(needs="photo")
    made = Discussion.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        state=DiscussionState.OPEN,
        points=points,
        text=text,
        clause=clause,
        photos=photos,
        may_keep=_is_everything(proposal, list(lines.values())),
        currency=rma.order.currency,
        made_by=by,
        made_at=now(),
        answer_by=answer_by,
    )
    rma.touch()
    record(DiscussionOpened(*_named(made), answer_by.isoformat()), shop_id=rma.shop_id, actor=by)
    return made


@action
def answer_discussion(
    rma_id: UUID, reply: Reply, text: str = "", images: Sequence[CleanImage] = (), *, by: str
) -> Discussion:
    """Take the shopper's word on the proposal.

    Raises ``DiscussionOver`` where nothing is asked any more, ``KeepingNotOffered``,
    ``ReplyEmpty``, ``TextTooLong`` and ``TooManyPhotos``.
    """
    rma, row = _open_one(rma_id)
    if reply is Reply.KEEP and not row.may_keep:
        raise KeepingNotOffered(number=rma.number)
    if len(text) > LONGEST_COMMENT:
        raise TextTooLong(field="text", limit=LONGEST_COMMENT)
    if len(images) > MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    if reply is Reply.CONTEST and not text.strip() and not images:
        raise ReplyEmpty
    row.reply = text.strip()
    row.reply_photos = [str(keep_photo(rma, None, image, "shopper").pk) for image in images]
    _end(row, STATE_AFTER[reply], "reply", "reply_photos")
    rma.touch()
    record(DiscussionAnswered(*_named(row), reply.value), shop_id=rma.shop_id, actor=by)
    return row


@action
def remind_of_discussion(rma_id: UUID, *, by: str) -> bool:
    """Remind the shopper that the day of the answer is near; once, and only while it is open."""
    rma = Return.objects.locked(pk=rma_id)
    row = _of(rma)
    if row is None or not row.is_open or row.reminded_at is not None:
        return False
    row.reminded_at = now()
    row.save(update_fields=["reminded_at"])
    day = row.answer_by.isoformat()
    record(DiscussionReminded(*_named(row), day), shop_id=rma.shop_id, actor=by)
    return True


@action
def lapse_discussion(rma_id: UUID, *, by: str) -> bool:
    """No answer came by its day: the shop decides. False where it is over, or not yet that day."""
    rma = Return.objects.locked(pk=rma_id)
    row = _of(rma)
    if row is None or not row.is_open or today(rma.shop.time_zone) <= row.answer_by:
        return False
    _end(row, DiscussionState.LAPSED)
    rma.touch()
    record(DiscussionLapsed(*_named(row)), shop_id=rma.shop_id, actor=by)
    return True


@action
def send_pieces_back(
    rma_id: UUID, *, carrier: str, tracking_number: str, by: str, version: int | None = None
) -> Discussion:
    """Note that the pieces go back to their shopper, and close the return without a refund.

    The pieces can be returned again. Raises ``DiscussionOver`` unless the shopper wants them back,
    and ``ChangedMeanwhile``.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    row = _of(rma)
    if row is None or not row.is_to_be_sent_back:
        raise DiscussionOver(number=rma.number, was=row.state if row is not None else "none")
    row.carrier, row.tracking_number = carrier.strip()[:60], tracking_number.strip()[:80]
    _end(row, DiscussionState.SENT_BACK, "carrier", "tracking_number")
    give_back(rma)
    event = PiecesSentBack(*_named(row), row.carrier, row.tracking_number)
    record(event, shop_id=rma.shop_id, actor=by)
    close(rma, by=by)
    return row


@action
def close_return(rma_id: UUID, *, by: str, version: int | None = None) -> Return:
    """Put the return away: nothing more is to be done.

    Raises ``IllegalTransition`` while a piece is here that is to be given back repaired, and
    ``DiscussionOpen`` while its shopper is asked about one.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    check_not_discussed(rma)
    if holds_repair(rma):
        raise IllegalTransition(number=rma.number, was=rma.request_state, asked="closed")
    close(rma, by=by)
    return rma


def _points(proposal: Proposal, lines: dict[UUID, ReturnLine]) -> list[dict[str, Any]]:
    found, seen = [], set()
    for point in proposal.points:
        line = lines.get(point.line_id)
        fits = line is not None and 1 <= point.quantity <= line.received_quantity
        if line is None or not fits or not 1 <= point.kept_percent <= 100 or line.pk in seen:
            raise ProposalIncomplete(needs="points")
        seen.add(line.pk)
        bought = line.order_line
        worth = Fraction(bought.total_minor * point.quantity, bought.quantity) if bought else 0
        found.append(
            {
                "line": str(line.pk),
                "title": line.title,
                "quantity": point.quantity,
                "kept_percent": point.kept_percent,
                "kept_minor": half_up(Fraction(worth) * point.kept_percent / 100),
            }
        )
    if not found:
        raise ProposalIncomplete(needs="points")
    return found


def _is_everything(proposal: Proposal, lines: list[ReturnLine]) -> bool:
    asked = {point.line_id: point.quantity for point in proposal.points}
    return all(asked.get(line.pk) == line.quantity == line.received_quantity for line in lines)


def _words(name: str, text: str) -> str:
    text = text.strip()
    if not text:
        raise ProposalIncomplete(needs=name)
    if len(text) > LONGEST_COMMENT:
        raise TextTooLong(field=name, limit=LONGEST_COMMENT)
    return text


def _open_one(rma_id: UUID) -> tuple[Return, Discussion]:
    rma = Return.objects.locked(pk=rma_id)
    row = _of(rma)
    if row is None or not row.is_open:
        raise DiscussionOver(number=rma.number, was=row.state if row is not None else "none")
    return rma, row


def _of(rma: Return) -> Discussion | None:
    return Discussion.objects.filter(shop_id=rma.shop_id, rma=rma).select_related("rma").first()


def _end(row: Discussion, state: DiscussionState, *fields: str) -> None:
    row.state, row.ended_at = state, now()
    row.save(update_fields=["state", "ended_at", *fields])


def _named(row: Discussion) -> tuple[str, str, str]:
    return str(row.rma_id), row.rma.number, str(row.pk)
