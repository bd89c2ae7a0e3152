"""The home page of the desk: what came in, how long people wait, why goods come back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum

from rebond.domain.returns.models import Reason, Return, ReturnLine
from rebond.domain.returns.steps import WAITING
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.models import Receipt
from rebond.kernel.clock import local_date, now, today
from rebond.kernel.paging import capped_count
from rebond.web.backoffice.charts import Bar, bars

DAYS = 14
WEEK = 7
MOST_COUNTED = 1000
MOST_READ = 20000
MOST_REASONS = 8
AGES = ((0, 2), (2, 4), (4, 8), (8, 15), (15, None))
"""Days from (inside) and until (outside); None: without end."""


@dataclass(frozen=True)
class Age:
    """How many undecided requests have waited this long, in whole days; capped at 1001."""

    first: int
    last: int | None
    bar: Bar

    @property
    def is_more(self) -> bool:
        """Whether the count stopped at its limit."""
        return self.bar.value > MOST_COUNTED


@dataclass(frozen=True)
class Figures:
    """The drawings of the home page, each with its numbers.

    ``arrivals`` are parcels by day. ``unexplained`` counts pieces that came without a reason.
    """

    days: list[tuple[date, Bar]]
    arrivals: list[tuple[date, Bar]]
    ages: list[Age]
    reasons: list[tuple[Reason, Bar]]
    unexplained: int

    @property
    def day_bars(self) -> list[Bar]:
        """The bars of the days."""
        return [bar for _, bar in self.days]

    @property
    def arrival_bars(self) -> list[Bar]:
        """The bars of the arrivals."""
        return [bar for _, bar in self.arrivals]

    @property
    def age_bars(self) -> list[Bar]:
        """The bars of the ages."""
        return [age.bar for age in self.ages]


def figures_of(shop: Shop) -> Figures:
    """What is drawn on the home page of ``shop``; a fixed number of queries."""
    reasons, unexplained = _by_reason(shop)
    return Figures(
        _by_day(shop, Return.objects.filter(shop=shop), "requested_at"),
        _by_day(shop, Receipt.objects.filter(shop=shop), "at"),
        _by_age(shop),
        reasons,
        unexplained,
    )


def _by_day(shop: Shop, rows: QuerySet[Any], moment: str) -> list[tuple[date, Bar]]:
    """How many of ``rows`` fall on each of the last days by ``moment`` and the shop's clock."""
    last = today(shop.time_zone)
    first = last - timedelta(days=DAYS - 1)
    newest = rows.filter(**{f"{moment}__gte": now() - timedelta(days=DAYS)}).order_by(f"-{moment}")
    moments = newest.values_list(moment, flat=True)[:MOST_READ]
    counts = Counter(local_date(one, shop.time_zone) for one in moments)
    days = [first + timedelta(days=place) for place in range(DAYS)]
    return list(zip(days, bars([counts[day] for day in days]), strict=True))


def _by_age(shop: Shop) -> list[Age]:
    """Undecided requests by the days they have waited."""
    moment = now()
    waiting = Return.objects.filter(shop=shop, request_state__in=list(WAITING))
    counts = []
    for first, until in AGES:
        old = Q(requested_at__lte=moment - timedelta(days=first))
        young = Q(requested_at__gt=moment - timedelta(days=until)) if until else Q()
        counts.append(capped_count(waiting.filter(old & young), MOST_COUNTED))
    return [
        Age(first, until - 1 if until else None, bar)
        for (first, until), bar in zip(AGES, bars(counts), strict=True)
    ]


def _by_reason(shop: Shop) -> tuple[list[tuple[Reason, Bar]], int]:
    """Pieces of the last seven days by reason, the most frequent first, and those without one."""
    since = now() - timedelta(days=WEEK)
    lines = ReturnLine.objects.filter(shop=shop, rma__requested_at__gte=since)
    counted = lines.values_list("reason_id").annotate(pieces=Sum("quantity")).order_by("-pieces")
    known = {reason.pk: reason for reason in Reason.objects.filter(shop=shop)}
    rows = list(counted)
    told = [(known[key], pieces) for key, pieces in rows if key is not None][:MOST_REASONS]
    drawn = bars([pieces for _, pieces in told])
    reasons = [(reason, bar) for (reason, _), bar in zip(told, drawn, strict=True)]
    return reasons, sum(pieces for key, pieces in rows if key is None)
