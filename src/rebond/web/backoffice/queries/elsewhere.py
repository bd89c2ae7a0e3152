"""The pages about what happened elsewhere: refunds made there, books compared, messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404

from rebond.domain.refunds.actions.outside import can_be_paid_by
from rebond.domain.refunds.models import (
    Discrepancy,
    OutsideRefund,
    PayoutHold,
    ProviderEvent,
    ReconciliationReport,
    Refund,
    Result,
)
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import today

DAYS = 31
MOST = 50
WIDTH, HEIGHT, GROUND = 640, 120, 100
WITHOUT_EFFECT = (Result.STUCK, Result.PARKED, Result.NOT_OURS)


@dataclass(frozen=True)
class Bar:
    """What was refunded on one day, and where it stands in the drawing."""

    day: date
    minor: int
    differs: bool
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Compared:
    """A month of comparisons. ``reports`` are those in which something happened, newest first."""

    first: date
    last: date
    reports: list[ReconciliationReport]
    bars: list[Bar]
    up_to: list[tuple[str, date]]
    older: date | None
    newer: date | None


def find_outside(shop: Shop, outside_id: UUID) -> OutsideRefund:
    """The refund made elsewhere on a payment of ``shop``; else 404."""
    found = (
        OutsideRefund.objects.select_related("payment__order__shop", "payment__order__shopper")
        .filter(shop=shop, pk=outside_id, payment__isnull=False)
        .first()
    )
    if found is None:
        raise Http404
    return found


def refunds_it_may_be(row: OutsideRefund) -> list[Refund]:
    """Refunds of ours that wait, and whose money this may be."""
    same = Refund.objects.filter(
        shop_id=row.shop_id,
        payment=row.payment_id,
        currency=row.currency,
        amount_minor=row.amount_minor,
    ).select_related("settlement__rma", "payment")
    ours = same.prefetch_related(
        Prefetch("settlement__refunds", Refund.objects.filter(shop_id=row.shop_id))
    )
    return [refund for refund in ours.order_by("started_at") if can_be_paid_by(refund, row)]


def compared(shop: Shop, until: str) -> Compared:
    """The comparisons of 31 days up to ``until``, or to today where that cannot be read."""
    now_here = today(shop.time_zone)
    try:
        last = min(date.fromisoformat(until), now_here)
        first = last - timedelta(days=DAYS - 1)
    except (ValueError, OverflowError):
        last = now_here
        first = last - timedelta(days=DAYS - 1)
    open_ones = (
        Discrepancy.objects.filter(shop=shop, report=OuterRef("pk"), closed_at=None)
        .order_by()
        .values("report")
        .annotate(many=Count("id"))
        .values("many")
    )
    reports = list(
        ReconciliationReport.objects.filter(shop=shop, day__gte=first, day__lte=last)
        .annotate(open_count=Subquery(open_ones))
        .order_by("-day", "provider", "currency")
    )
    every = ReconciliationReport.objects.filter(shop=shop)
    asked = every.filter(was_asked=True).order_by("provider", "-day")
    newest = {
        provider: asked.filter(provider=provider).values_list("day", flat=True).first()
        for provider in sorted({report.provider for report in reports})
    }
    begin = every.aggregate(first=Min("day"))["first"]
    shown = [r for r in reports if r.ours_count or r.theirs_count or not r.was_asked]
    return Compared(
        first=first,
        last=last,
        reports=[report for report in shown if report.was_asked or report.ours_count],
        bars=_bars(shop, reports, first),
        up_to=[(provider, day) for provider, day in newest.items() if day is not None],
        older=first - timedelta(days=1) if begin is not None and begin < first else None,
        newer=min(last + timedelta(days=DAYS), now_here) if last < now_here else None,
    )


def _bars(shop: Shop, reports: Sequence[ReconciliationReport], first: date) -> list[Bar]:
    """A bar for each day, in the shop's own currency; a day with an open difference stands out."""
    sums: dict[date, int] = {}
    differs: set[date] = set()
    for report in reports:
        if report.currency == shop.currency:
            most = max(report.ours_minor, report.theirs_minor or 0)
            sums[report.day] = sums.get(report.day, 0) + most
        if report.open_count:  # type: ignore[attr-defined]
            differs.add(report.day)
    top = max(sums.values(), default=0) or 1
    step = WIDTH // DAYS
    bars = []
    for place in range(DAYS):
        day = first + timedelta(days=place)
        minor = sums.get(day, 0)
        height = max(2, minor * GROUND // top) if minor or day in differs else 0
        bars.append(
            Bar(day, minor, day in differs, place * step, GROUND - height, step - 4, height)
        )
    return bars


def open_differences(shop: Shop) -> list[Discrepancy]:
    """What nobody has explained yet, oldest first, with its order where there is one."""
    waiting = Discrepancy.objects.filter(shop=shop, closed_at=None)
    return list(_with_orders(waiting).order_by("found_at", "id")[:MOST])


def differences_of(report: ReconciliationReport) -> list[Discrepancy]:
    """Everything in which the two sides of a report differ, or differed."""
    return list(_with_orders(report.discrepancies.all()).order_by("closed_at", "found_at", "id"))


def _with_orders(rows: QuerySet[Discrepancy]) -> QuerySet[Discrepancy]:
    return rows.select_related("report", "outside__payment__order", "refund__payment__order")


def find_report(shop: Shop, report_id: UUID) -> ReconciliationReport:
    """The report of ``shop``; else 404."""
    found = ReconciliationReport.objects.filter(shop=shop, pk=report_id).first()
    if found is None:
        raise Http404
    return found


def messages_without_effect(shop: Shop) -> list[ProviderEvent]:
    """What providers said and nothing came of, the latest first: stuck, waiting, not ours."""
    silent = ProviderEvent.objects.filter(~Q(result=Result.APPLIED), shop=shop)
    rows = silent.filter(result__in=WITHOUT_EFFECT).defer("body")
    return list(rows.order_by("-received_at", "-id")[:MOST])


def holds_of(shop: Shop) -> list[PayoutHold]:
    """Providers whose payouts wait because a backup was restored."""
    return list(PayoutHold.objects.filter(shop=shop, lifted_at=None).order_by("provider"))


def open_difference_count(shop: Shop, most: int = 100) -> int:
    """How many differences are open, counted up to ``most``."""
    waiting = Discrepancy.objects.filter(shop=shop, closed_at=None)
    return len(waiting.values_list("id", flat=True)[:most])
