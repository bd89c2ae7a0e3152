"""When parcels that are on their way should be at the door."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from rebond.domain.returns.states import ParcelState
from rebond.domain.shipping.models import Parcel
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import local_date, today
from rebond.web.backoffice.charts import Bar, bars

DAYS = 7
MOST_COUNTED = 5000
LOOKED_BACK = 500
LEAST_KNOWN = 5
"""Parcels of a carrier from which on we say what is usual with it."""


@dataclass(frozen=True)
class Arrival:
    """The day on which a parcel should be here; ``is_usual``: as we know its carrier."""

    day: date
    is_usual: bool
    is_overdue: bool


@dataclass(frozen=True)
class Week:
    """Parcels on their way by the day on which they should be here; at most ``MOST_COUNTED``.

    ``here`` were delivered, as their carriers say, and are not booked in.
    """

    days: list[tuple[date, Bar]]
    overdue: Bar
    later: Bar
    unknown: Bar
    here: int

    @property
    def is_drawn(self) -> bool:
        """Whether anything is known to draw."""
        return any(bar.value for _, bar in self.days) or bool(self.overdue.value)


def set_arrivals(shop: Shop, parcels: Sequence[Parcel]) -> None:
    """Give each of ``parcels`` its ``arrival``, None where it came or nothing tells it; at most one
    query."""
    usual = _usual_days(shop) if any(_needs_usual(parcel) for parcel in parcels) else {}
    this_day = today(shop.time_zone)
    for parcel in parcels:
        parcel.arrival = _arrival(parcel, usual, shop, this_day)  # type: ignore[attr-defined]


def week_ahead(shop: Shop) -> Week:
    """What should arrive from today on, in two queries."""
    coming = Parcel.objects.filter(
        shop=shop, state__in=[ParcelState.IN_TRANSIT, ParcelState.DELIVERED]
    ).order_by("-announced_at")
    parcels = list(coming[:MOST_COUNTED])
    on_the_way = [one for one in parcels if one.delivered_at is None]
    set_arrivals(shop, on_the_way)
    first = today(shop.time_zone)
    days = [first + timedelta(days=place) for place in range(DAYS)]
    counts: Counter[object] = Counter(_when(parcel, days) for parcel in on_the_way)
    overdue, later, unknown, *drawn = bars(
        [counts["overdue"], counts["later"], counts["unknown"], *(counts[day] for day in days)]
    )
    here = len(parcels) - len(on_the_way)
    return Week(list(zip(days, drawn, strict=True)), overdue, later, unknown, here)


def _when(parcel: Parcel, days: Sequence[date]) -> object:
    arrival: Arrival | None = parcel.arrival  # type: ignore[attr-defined]
    if arrival is None:
        return "unknown"
    if arrival.is_overdue:
        return "overdue"
    return arrival.day if arrival.day <= days[-1] else "later"


def _needs_usual(parcel: Parcel) -> bool:
    return parcel.expected_on is None and parcel.delivered_at is None


def _arrival(parcel: Parcel, usual: dict[str, int], shop: Shop, this_day: date) -> Arrival | None:
    if parcel.delivered_at is not None:
        return None
    day, is_usual = parcel.expected_on, False
    if day is None:
        days = usual.get(parcel.carrier_name)
        if days is None or parcel.handed_in_at is None:
            return None
        day = local_date(parcel.handed_in_at, shop.time_zone) + timedelta(days=days)
        is_usual = True
    return Arrival(day, is_usual, day < this_day)


def _usual_days(shop: Shop) -> dict[str, int]:
    """By carrier, the days from handing in until the door that half of its last parcels took."""
    done = Parcel.objects.filter(
        shop=shop, state__in=[ParcelState.DELIVERED, ParcelState.RECEIVED]
    ).order_by("-announced_at")
    stamps = done.values_list("carrier_name", "handed_in_at", "delivered_at", "received_at")
    taken: dict[str, list[int]] = defaultdict(list)
    for carrier, sent, delivered, received in stamps[:LOOKED_BACK]:
        end = delivered or received
        if sent is not None and end is not None and end >= sent:
            zone = shop.time_zone
            taken[carrier].append((local_date(end, zone) - local_date(sent, zone)).days)
    return {
        carrier: round(median(days)) for carrier, days in taken.items() if len(days) >= LEAST_KNOWN
    }
