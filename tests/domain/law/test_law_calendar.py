"""Counting days: holidays, leap days, ends of years, changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from rebond.domain.law import (
    FRANCE,
    WEEKENDS_ONLY,
    ParameterUnknown,
    calendar_named,
    closes_at,
    french_holidays,
    guarantee_ends_on,
    local_day,
    withdrawal_last_day,
)
from rebond.domain.law.calendar import ABOLITION_DAYS, add_months, add_years

PARIS = ZoneInfo("Europe/Paris")

EASTERS = {
    2024: date(2024, 3, 31), 2025: date(2025, 4, 20), 2026: date(2026, 4, 5),
    2027: date(2027, 3, 28), 2028: date(2028, 4, 16), 2029: date(2029, 4, 1),
    2030: date(2030, 4, 21), 2031: date(2031, 4, 13), 2032: date(2032, 3, 28),
    2033: date(2033, 4, 17), 2034: date(2034, 4, 9), 2035: date(2035, 3, 25),
}  # fmt: skip


@pytest.mark.parametrize(("year", "easter"), EASTERS.items())
def test_eleven_days_of_rest_in_france(year, easter):  # GEN-05
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    moving = {date.fromordinal(easter.toordinal() + shift) for shift in (1, 39, 50)}

    assert french_holidays(year) == {date(year, *day) for day in fixed} | moving


@pytest.mark.parametrize(("year", "easter"), EASTERS.items())
def test_alsace_moselle_adds_two(year, easter):  # GEN-05
    added = french_holidays(year, region="alsace-moselle") - french_holidays(year)

    assert added == {date.fromordinal(easter.toordinal() - 2), date(year, 12, 26)}


@pytest.mark.parametrize(("region", "day"), ABOLITION_DAYS.items())
@pytest.mark.parametrize("year", EASTERS)
def test_overseas_adds_its_abolition_day(year, region, day):  # GEN-05
    rest = french_holidays(year, region=region)

    assert rest == french_holidays(year) | {date(year, *day)}


@pytest.mark.parametrize("name", ["FR", "FR-metropole", "fr_metropole", "FR-"])
def test_names_of_the_metropolitan_calendar(name):
    assert calendar_named(name) == FRANCE


@pytest.mark.parametrize("name", ["FR-atlantis", "ZZ", "DE-XX", "", "../etc", "XX-1234567"])
def test_an_unknown_place_is_refused(name):
    with pytest.raises(ParameterUnknown):
        calendar_named(name)


def test_a_region_of_another_country():
    assert calendar_named("DE-SN").is_holiday(date(2026, 11, 18))
    assert not calendar_named("DE").is_holiday(date(2026, 11, 18))


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        (date(2024, 2, 15), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 14)),
        (date(2027, 2, 15), date(2027, 3, 1)),
        (date(2026, 12, 17), date(2026, 12, 31)),
        (date(2026, 12, 18), date(2027, 1, 4)),
        (date(2027, 12, 18), date(2028, 1, 3)),
    ],
)
def test_leap_days_and_ends_of_years(received, last_day):
    assert withdrawal_last_day(received) == last_day


@pytest.mark.parametrize("year", range(2024, 2036))
def test_every_end_is_a_working_day_all_the_year(year):
    first = date(year, 1, 1).toordinal()

    ends = [withdrawal_last_day(date.fromordinal(first + day)) for day in range(365)]

    assert all(FRANCE.is_working(end) for end in ends)
    assert ends == sorted(ends)


def test_months_clip_at_the_end_of_a_month():
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_years(date(2024, 2, 29), 2) == date(2026, 2, 28)
    assert guarantee_ends_on(date(2024, 2, 29)) == date(2026, 2, 28)


@pytest.mark.parametrize("year", range(2024, 2036))
@pytest.mark.parametrize("month", [3, 10])
def test_the_day_is_the_wall_clock_s_when_the_clock_changes(year, month):
    sunday = max(date(year, month, day) for day in range(25, 32) if _is_sunday(year, month, day))

    end = closes_at(sunday, PARIS)

    hours = (end - closes_at(date.fromordinal(sunday.toordinal() - 1), PARIS)).total_seconds()
    assert hours / 3600 == (23 if month == 3 else 25)
    assert local_day(end, PARIS) == date.fromordinal(sunday.toordinal() + 1)


def test_a_summer_evening_in_utc_is_the_next_day_in_paris():
    assert local_day(datetime(2026, 7, 1, 21, 59, tzinfo=UTC), PARIS) == date(2026, 7, 1)
    assert local_day(datetime(2026, 7, 1, 22, 0, tzinfo=UTC), PARIS) == date(2026, 7, 2)


def test_business_days_skip_weekends_and_holidays():
    assert FRANCE.business_days_after(date(2026, 11, 10), 2) == date(2026, 11, 13)
    assert WEEKENDS_ONLY.business_days_after(date(2026, 11, 10), 2) == date(2026, 11, 12)


def _is_sunday(year: int, month: int, day: int) -> bool:
    return date(year, month, day).weekday() == 6
