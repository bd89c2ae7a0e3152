"""Ends of periods at every change of the clock, in thirty zones of the world."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from rebond.domain.law import closes_at, local_day, refund_due_on, withdrawal_last_day
from rebond.domain.law.places import ZONES_OF_MEMBER_STATES

ELSEWHERE = [
    "Europe/London", "Europe/Zurich", "Atlantic/Azores", "Atlantic/Canary", "Indian/Reunion",
    "America/Martinique", "America/Cayenne", "America/Los_Angeles", "America/New_York",
    "America/St_Johns", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham",
    "Africa/Casablanca", "Asia/Kolkata",
]  # fmt: skip
ZONES = sorted({*list(ZONES_OF_MEMBER_STATES.values())[:18], *ELSEWHERE})
YEARS = range(2024, 2036)


@cache
def edges_of(zone: str) -> list[date]:
    """The local days on which the clock of ``zone`` changes, in all the years."""
    wall = ZoneInfo(zone)
    hour = datetime(YEARS[0], 1, 1, tzinfo=UTC)
    last, found = hour.astimezone(wall).utcoffset(), []
    while hour.year in YEARS:
        hour += timedelta(hours=1)
        local = hour.astimezone(wall)
        if local.utcoffset() != last:
            last = local.utcoffset()
            found.append(local.date())
    return found


def test_there_are_thirty_zones_and_many_edges():
    assert len(ZONES) >= 30
    assert sum(len(edges_of(zone)) for zone in ZONES) > 500


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_ends_at_midnight_of_the_wall(zone):
    wall = ZoneInfo(zone)
    for edge in [*edges_of(zone), date(2024, 2, 29), date(2028, 2, 29), date(2026, 12, 31)]:
        for day in (edge - timedelta(days=1), edge, edge + timedelta(days=1)):
            end = closes_at(day, wall)
            assert local_day(end - timedelta(seconds=1), wall) == day
            assert local_day(end, wall) == day + timedelta(days=1)


@pytest.mark.parametrize("zone", ZONES)
def test_fourteen_days_are_days_whatever_the_clock_does(zone):
    wall = ZoneInfo(zone)
    for edge in edges_of(zone):
        for shift in range(15):
            said = datetime(edge.year, edge.month, edge.day, 23, 59, 59, tzinfo=wall)
            said -= timedelta(days=shift)
            informed_on = local_day(said.astimezone(UTC), wall)
            due_on = refund_due_on(informed_on, may_withhold=False)
            assert due_on == informed_on + timedelta(days=14)
            assert local_day(closes_at(due_on, wall) - timedelta(seconds=1), wall) == due_on


@pytest.mark.parametrize("year", YEARS)
def test_the_last_second_of_the_period_is_in_time(year):
    wall = ZoneInfo("Europe/Paris")
    for start in (date(year, 2, 14), date(year, 3, 15), date(year, 10, 12), date(year, 12, 17)):
        last_day = withdrawal_last_day(start)
        end = closes_at(last_day, wall)
        assert local_day(end - timedelta(seconds=1), wall) <= last_day
        assert local_day(end, wall) > last_day
