"""Counting legal days: holidays, working days and the ends of periods.

French holidays are computed here (C. trav. L3133-1, L3134-13, L3422-2); those
of other countries come from the ``holidays`` library, loaded when first asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib import import_module

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from rebond.domain.law.dated import ParameterUnknown

SATURDAY = 5

FIXED_IN_FRANCE = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER_IN_FRANCE = (1, 39, 50)

# The day that each overseas department or collectivity adds: month, day.
ABOLITION_DAYS = {
    "guadeloupe": (5, 27),
    "martinique": (5, 22),
    "guyane": (6, 10),
    "reunion": (12, 20),
    "mayotte": (4, 27),
    "saint-martin": (5, 28),
    "saint-barthelemy": (10, 9),
}
ALSACE_MOSELLE = "alsace-moselle"
METROPOLE = "metropole"
REGION_SYNONYMS = {
    "": METROPOLE,
    "metropolitan": METROPOLE,
    "metropolitaine": METROPOLE,
    "alsace": ALSACE_MOSELLE,
    "moselle": ALSACE_MOSELLE,
    "57": ALSACE_MOSELLE,
    "67": ALSACE_MOSELLE,
    "68": ALSACE_MOSELLE,
    "6ae": ALSACE_MOSELLE,
    "971": "guadeloupe",
    "gp": "guadeloupe",
    "972": "martinique",
    "mq": "martinique",
    "973": "guyane",
    "gf": "guyane",
    "french-guiana": "guyane",
    "974": "reunion",
    "re": "reunion",
    "la-reunion": "reunion",
    "976": "mayotte",
    "yt": "mayotte",
    "977": "saint-barthelemy",
    "bl": "saint-barthelemy",
    "978": "saint-martin",
    "mf": "saint-martin",
}
COUNTRY_NAME = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that do not count as working in one or several places.

    ``places`` are names such as ``FR-metropole``, ``FR-alsace-moselle``, ``DE`` or
    ``DE-BY``; a holiday in any of them is a holiday. ``prolongs`` is False where the
    law of the place never moves the end of a period.
    """

    places: tuple[str, ...] = ()
    prolongs: bool = True

    def is_holiday(self, day: date) -> bool:
        return any(day in holidays_of(place, day.year) for place in self.places)

    def is_working(self, day: date) -> bool:
        """Saturday is not a working day. Source: Reg. 1182/71 art. 2(2)."""
        return day.weekday() < SATURDAY and not self.is_holiday(day)

    def prolonged(self, day: date) -> date:
        """The day itself, or the next working day. Source: Reg. 1182/71 art. 3(4)."""
        while self.prolongs and not self.is_working(day):
            day += timedelta(days=1)
        return day

    def business_days_after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which is not counted."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day


FRANCE = Calendar(places=("FR-metropole",))
WEEKENDS_ONLY = Calendar()
NO_PROLONGATION = Calendar(prolongs=False)


def calendar_named(*names: str) -> Calendar:
    """The calendar of one or several places, read leniently.

    Raises ``ParameterUnknown`` when a place is not known.
    """
    return Calendar(places=tuple(_known_place(name) for name in names))


@lru_cache(maxsize=512)
def holidays_of(place: str, year: int) -> frozenset[date]:
    """The public holidays of a place in a year; raises ``ParameterUnknown``."""
    if place.upper().startswith("FR"):
        return french_holidays(year, region=_region(place))
    return _holidays_abroad(place.upper(), year)


def french_holidays(year: int, *, region: str = METROPOLE) -> frozenset[date]:
    """The eleven national holidays and those of the region.

    ``region`` is ``metropole``, ``alsace-moselle`` or a key of ``ABOLITION_DAYS``.
    Source: C. trav. L3133-1, L3134-13, L3422-2.
    """
    sunday = easter(year)
    days = {date(year, month, day) for month, day in FIXED_IN_FRANCE}
    days |= {sunday + timedelta(days=shift) for shift in AFTER_EASTER_IN_FRANCE}
    if region == ALSACE_MOSELLE:
        days |= {sunday - timedelta(days=2), date(year, 12, 26)}
    if region in ABOLITION_DAYS:
        days.add(date(year, *ABOLITION_DAYS[region]))
    return frozenset(days)


def add_days(day: date, count: int) -> date:
    """The last day of a period of ``count`` days, the first day not counted."""
    return day + timedelta(days=count)


def add_months(day: date, count: int) -> date:
    """The same day ``count`` months later, or the last day of a shorter month."""
    return day + relativedelta(months=count)


def add_years(day: date, count: int) -> date:
    """The same day ``count`` years later; 29 February falls back on the 28th."""
    return day + relativedelta(years=count)


def local_day(instant: datetime, zone: tzinfo) -> date:
    """The date on the wall at ``zone`` when ``instant`` happens."""
    return instant.astimezone(zone).date()


def closes_at(last_day: date, zone: tzinfo) -> datetime:
    """The first instant after the period, in UTC: midnight that ends ``last_day``."""
    following = last_day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone).astimezone(UTC)


def _known_place(name: str) -> str:
    wanted = name.strip().replace("_", "-")
    if wanted.lower() == "fr" or wanted.lower().startswith("fr-"):
        return f"FR-{_region(wanted)}"
    holidays_of(wanted.upper(), 2026)
    return wanted.upper()


def _region(place: str) -> str:
    asked = place.lower().removeprefix("fr").removeprefix("-").replace("é", "e")
    region = REGION_SYNONYMS.get(asked, asked)
    if region not in (METROPOLE, ALSACE_MOSELLE, *ABOLITION_DAYS):
        raise ParameterUnknown(f"holiday_calendar.{place}")
    return region


def _holidays_abroad(place: str, year: int) -> frozenset[date]:
    if not COUNTRY_NAME.fullmatch(place):
        raise ParameterUnknown(f"holiday_calendar.{place}")
    # The library takes a quarter of a second to load, and French cases never need it.
    library = import_module("holidays")
    country, _, part = place.partition("-")
    country = "GB" if country == "UK" else country
    try:
        return frozenset(library.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError:
        raise ParameterUnknown(f"holiday_calendar.{place}") from None
