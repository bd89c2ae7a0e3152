"""What is due: for the clock, for the board, for one return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from rebond.domain.duties.kinds import DutyKind
from rebond.domain.duties.models import Duty
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import MoneyState, RequestState
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import local_date

OPEN = (RequestState.REQUESTED, RequestState.NEEDS_INFO, RequestState.APPROVED)


def due_by_law(shop: Shop, moment: datetime, limit: int = 500) -> list[UUID]:
    """Returns of ``shop`` whose refund the law wants by tomorrow and that nobody decided yet.

    Source: C. conso. L221-18, L221-24; Dir. 2011/83/EU art. 13.
    """
    tomorrow = local_date(moment, shop.time_zone) + timedelta(days=1)
    due = Duty.objects.filter(
        shop=shop,
        kind=DutyKind.REFUND,
        done_at=None,
        due_on__lte=tomorrow,
        rma__request_state=RequestState.APPROVED,
        rma__money_state=MoneyState.NONE,
    )
    found = due.order_by("due_on", "id").values_list("rma_id", flat=True)[:limit]
    return [rma_id for rma_id in found if rma_id is not None]


def without_duties(shop: Shop, limit: int = 500) -> list[UUID]:
    """Open returns of ``shop`` on which the clock has never looked, oldest first."""
    known = Duty.objects.filter(shop_id=OuterRef("shop_id"), rma=OuterRef("pk"))
    rows = Return.objects.filter(Q(request_state__in=OPEN), shop=shop, order__isnull=False).exclude(
        origin="import"
    )
    return list(rows.filter(~Exists(known)).values_list("pk", flat=True)[:limit])


@dataclass(frozen=True)
class Counts:
    """How many duties are over, and how many fall due by tomorrow."""

    late: int
    soon: int


def open_duties(shop: Shop, *, kind: str = "") -> QuerySet[Duty]:
    """The open duties of ``shop`` with a day, the most urgent first, with what a row shows."""
    rows = Duty.objects.filter(shop=shop, done_at=None, due_on__isnull=False)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related(
        "rma__order", "rma__shopper", "statement", "appeal__restriction", "non_delivery__order"
    ).order_by("due_on", "id")


def after(rows: QuerySet[Duty], due_on: date, last: UUID) -> QuerySet[Duty]:
    """Those of ``rows`` that stand behind the one due ``due_on`` with the id ``last``."""
    return rows.filter(due_on__gte=due_on).exclude(due_on=due_on, id__lte=last)


def withheld(shop: Shop, most: int) -> list[Duty]:
    """Refunds that wait for the goods or for proof that they were sent."""
    rows = Duty.objects.filter(shop=shop, done_at=None, kind=DutyKind.REFUND, due_on=None)
    detailed = rows.select_related("rma__order", "rma__shopper").order_by("id")
    return list(detailed[:most])


def counts_of(shop: Shop, today: date, most: int = 100) -> Counts:
    """What is late and what is due by tomorrow, each counted up to ``most``."""
    rows = Duty.objects.filter(
        shop=shop, done_at=None, due_on__lte=today + timedelta(days=1)
    ).order_by("due_on")
    days = list(rows.values_list("due_on", flat=True)[: 2 * most])
    late = sum(day < today for day in days if day is not None)
    return Counts(min(late, most), min(len(days) - late, most))


def late_returns(shop: Shop, today: date) -> QuerySet[Duty, UUID]:
    """Returns by id whose refund is late by law, the latest first."""
    rows = Duty.objects.filter(
        shop=shop, kind=DutyKind.REFUND, done_at=None, due_on__lt=today, rma__isnull=False
    )
    return rows.order_by("due_on", "id").values_list("rma_id", flat=True)


def refund_duty_of(rma: Return) -> Duty | None:
    """When the law wants the refund of ``rma``; None where no law says anything."""
    return rma.duties.filter(kind=DutyKind.REFUND).first()
