"""What the shop owes over time: the report of a period, and a year of months as bars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from rebond.domain.ledger.kinds import OWED, AccountKind
from rebond.domain.ledger.models import Entry
from rebond.domain.ledger.queries import Report, liability
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import today

MONTHS = 12
WIDTH, HEIGHT, FOOT = 640, 160, 24


@dataclass(frozen=True)
class Period:
    """From one day to another, both inside, in the shop's time zone."""

    first: date
    last: date


@dataclass(frozen=True)
class Bar:
    """What was owed at the end of one month, and where it stands in the drawing."""

    month: date
    minor: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """Where the month's name stands."""
        return self.x + self.width // 2


@dataclass(frozen=True)
class Owed:
    """One currency: the report, and the year up to its end."""

    report: Report
    bars: list[Bar]


def period_of(shop: Shop, first: str, last: str) -> Period:
    """The days that were asked for; this month up to today where they cannot be read."""
    day = today(shop.time_zone)
    try:
        wanted = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return Period(day.replace(day=1), day)
    return wanted if wanted.first <= wanted.last else Period(wanted.last, wanted.first)


def owed_over(shop: Shop, period: Period) -> list[Owed]:
    """The report of a period for each currency, with the months before its end."""
    since = _start(shop, period.first)
    until = _start(shop, period.last + timedelta(days=1))
    months = _months(period.last)
    ends = _month_ends(shop, months, until)
    return [
        Owed(report, _bars(months, ends.get(report.currency, {})))
        for report in liability(shop, since, until)
    ]


def _start(shop: Shop, day: date) -> datetime:
    """Midnight in the shop's time zone."""
    return datetime.combine(day, time(), ZoneInfo(shop.time_zone))


def _months(last: date) -> list[date]:
    """The first days of the twelve months up to ``last``."""
    index = last.year * 12 + last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(index - MONTHS + 1, index + 1)]


def _month_ends(shop: Shop, months: list[date], until: datetime) -> dict[str, dict[date, int]]:
    """What was owed at the end of each month, by currency. One query."""
    kinds = sorted(OWED - {AccountKind.POINTS})
    zone = ZoneInfo(shop.time_zone)
    moved = (
        Entry.objects.filter(shop=shop, account__kind__in=kinds, at__lt=until)
        .order_by()
        .annotate(month=TruncMonth("at", tzinfo=zone))
        .values("currency", "month")
        .annotate(sum=Sum("amount_minor"))
    )
    sums: dict[str, dict[date, int]] = {}
    for row in moved:
        sums.setdefault(row["currency"], {})[row["month"].date().replace(day=1)] = row["sum"]
    return {
        currency: {m: sum(s for at, s in by_month.items() if at <= m) for m in months}
        for currency, by_month in sums.items()
    }


def _bars(months: list[date], ends: dict[date, int]) -> list[Bar]:
    highest = max([1, *ends.values()])
    step = WIDTH // MONTHS
    return [
        Bar(
            month=month,
            minor=ends.get(month, 0),
            x=at * step + 6,
            y=HEIGHT - ends.get(month, 0) * (HEIGHT - FOOT) // highest,
            width=step - 12,
            height=ends.get(month, 0) * (HEIGHT - FOOT) // highest,
        )
        for at, month in enumerate(months)
    ]
