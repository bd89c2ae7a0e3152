"""The home page of the desk: what came in, how long people wait, why goods come back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from rebond.domain.returns.models import Reason, Return, ReturnLine
from rebond.domain.returns.steps import WAITING
from rebond.domain.shops.models import Shop
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
    """The three drawings of the home page, each with its numbers."""

    days: list[tuple[date, Bar]]
    ages: list[Age]
    reasons: list[tuple[Reason | None, Bar]]

    @property
    def day_bars(self) -> list[Bar]:
        """The bars of the days."""
        return [bar for _, bar in self.days]

    @property
    def age_bars(self) -> list[Bar]:
        """The bars of the ages."""
        return [age.bar for age in self.ages]


def figures_of(shop: Shop) -> Figures:
    """What is drawn on the home page of ``shop``; a fixed number of queries."""
    return Figures(_by_day(shop), _by_age(shop), _by_reason(shop))


def _by_day(shop: Shop) -> list[tuple[date, Bar]]:
    """Requests of each of the last days, by the shop's clock."""
    last = today(shop.time_zone)
    first = last - timedelta(days=DAYS - 1)
    since = now() - timedelta(days=DAYS)
    rows = Return.objects.filter(shop=shop, requested_at__gte=since).order_by("-requested_at")
    moments = rows.values_list("requested_at", flat=True)[:MOST_READ]
    counts = Counter(local_date(moment, shop.time_zone) for moment in moments)
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


def _by_reason(shop: Shop) -> list[tuple[Reason | None, Bar]]:
    """Pieces of the last seven days by reason, the most frequent first."""
    since = now() - timedelta(days=WEEK)
    lines = ReturnLine.objects.filter(shop=shop, rma__requested_at__gte=since)
    rows = list(
        lines.values_list("reason_id").annotate(pieces=Sum("quantity")).order_by("-pieces")
    )[:MOST_REASONS]
    known = {reason.pk: reason for reason in Reason.objects.filter(shop=shop)}
    drawn = bars([pieces for _, pieces in rows])
    return [(known.get(key), bar) for (key, _), bar in zip(rows, drawn, strict=True)]
