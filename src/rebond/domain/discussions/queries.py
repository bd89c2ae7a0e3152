"""Questions about discussions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from rebond.domain import law
from rebond.domain.discussions.errors import DiscussionOpen
from rebond.domain.discussions.models import Discussion
from rebond.domain.discussions.states import BLOCKS, DiscussionState
from rebond.domain.returns.models import Photo, Return
from rebond.domain.returns.states import InspectionState, MoneyState, RequestState
from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.assessing import last_day_of
from rebond.kernel.clock import local_date
from rebond.kernel.prepared import Prepared

MOST_DAYS = 14


def discussion_of(rma: Return) -> Discussion | None:
    """The discussion about ``rma``."""
    return _about.first(rma.shop_id, rma.pk)


_about = Prepared(lambda shop, rma: Discussion.objects.filter(shop_id=shop, rma_id=rma), UUID, UUID)


def check_not_discussed(rma: Return) -> None:
    """Raise ``DiscussionOpen`` while the shopper's word, or their parcel, is awaited."""
    row = discussion_of(rma)
    if row is not None and row.blocks:
        raise DiscussionOpen(number=rma.number, until=row.answer_by.isoformat())


def agreed_percents(rma: Return) -> dict[UUID, int]:
    """What the shopper agreed to have kept, in percent, by line; empty without an agreement."""
    row = discussion_of(rma)
    if row is None or row.state != DiscussionState.ACCEPTED:
        return {}
    return {UUID(point["line"]): int(point["kept_percent"]) for point in row.points}


def why_not(rma: Return) -> str:
    """Why nothing can be discussed, as ``why`` of ``NotDiscussable``; empty where it can."""
    is_here = (
        rma.request_state == RequestState.APPROVED
        and rma.inspection_state == InspectionState.RECEIVED
        and rma.money_state == MoneyState.NONE
    )
    if not is_here:
        return "state"
    if rma.order_id is None:
        return "no_sale"
    if rma.is_repair:
        return "repair"
    return "again" if discussion_of(rma) is not None else ""


def legal_day(rma: Return, on: date) -> date | None:
    """The day by which the law wants the refund of goods that are here; None where it wants none.

    Source: C. conso. L221-24; Dir. 2011/83/EU art. 13.
    """
    order = rma.order
    if order is None or order.shopper.is_business or rma.is_gift:
        return None
    asked_on = local_date(rma.requested_at, rma.shop.time_zone)
    last_day = last_day_of(order)
    if not rma.is_withdrawal and (last_day is None or asked_on > last_day):
        return None
    return law.refund_due_on(asked_on, may_withhold=True, goods_received_on=on)


def last_day_to_answer(rma: Return, on: date, *, days: int) -> date | None:
    """The day of the answer: so many days from ``on``, and before the legal day.

    None where the law leaves not a whole day. ``days`` is held between 1 and 14.
    """
    wished = on + timedelta(days=min(MOST_DAYS, max(1, days)))
    due = legal_day(rma, on)
    last = wished if due is None else min(wished, due - timedelta(days=1))
    return last if last > on else None


def discussed(shop: Shop) -> QuerySet[Discussion, UUID]:
    """Returns by id whose shopper's word is awaited, or whose pieces are to be sent back."""
    rows = Discussion.objects.filter(shop=shop, state__in=[one.value for one in BLOCKS])
    return rows.values_list("rma_id", flat=True)


def photos_of(row: Discussion, ids: list[str]) -> list[Photo]:
    """The pictures with these ids, of this return."""
    found = Photo.objects.filter(shop_id=row.shop_id, rma=row.rma_id, pk__in=ids)
    return list(found.order_by("added_at", "id"))


def due_discussions(shop: Shop, moment: datetime, most: int = 500) -> list[UUID]:
    """Returns of ``shop`` whose discussion has had its last day."""
    day = local_date(moment, shop.time_zone)
    rows = Discussion.objects.filter(shop=shop, state=DiscussionState.OPEN, answer_by__lt=day)
    return list(rows.order_by("answer_by").values_list("rma_id", flat=True)[:most])


def discussions_to_remind(shop: Shop, moment: datetime, most: int = 500) -> list[UUID]:
    """Returns whose shopper has today or tomorrow left to answer and was not reminded.

    One that began today or yesterday was told a moment ago.
    """
    day = local_date(moment, shop.time_zone)
    rows = Discussion.objects.filter(
        shop=shop,
        state=DiscussionState.OPEN,
        reminded_at=None,
        answer_by__lte=day + timedelta(days=1),
        made_at__lt=moment - timedelta(days=1),
    )
    return list(rows.order_by(F("answer_by")).values_list("rma_id", flat=True)[:most])
