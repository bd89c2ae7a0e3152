"""How long after the purchase something may come back.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from rebond.domain.law.dated import ParameterUnknown
from rebond.domain.law.places import place_named
from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, Finding, LineFacts, Said, Verdict
from rebond.domain.policies.guarantee import is_guaranteed
from rebond.domain.policies.settings_reading import (
    choice,
    flag,
    month_days,
    read_settings,
    whole,
)
from rebond.kernel.words import gettext_noop

STARTS = ("delivery", "dispatch", "order")
TRANSIT_ALLOWANCE = timedelta(days=7)
OVER = {
    "delivery": "window_over",
    "dispatch": "window_over_dispatch",
    "order": "window_over_order",
}


@dataclass(frozen=True)
class Settings:
    """``days`` calendar days after the day of ``starts_at``, which is not counted itself.

    With ``to_business_day`` a last day at a weekend or on a public holiday of the shopper's
    country moves on. Each of ``seasons`` is (bought from, bought to, may come back until), as
    days of any year; it only ever prolongs. ``late`` says what happens after the last day.
    """

    days: int
    starts_at: str
    to_business_day: bool
    seasons: tuple[tuple[str, str, str], ...]
    late: str


class Window:
    """Declines a request after the last day. Faulty goods are looked at, whatever the date."""

    key = "window"
    is_first_match = True
    settings = (
        whole("days", least=1, most=3650, default=30),
        choice("starts_at", among=STARTS, default="delivery"),
        flag("to_business_day", default=False),
        month_days("seasons", "bought_from", "bought_to", "until"),
        choice("late", among=("decline", "review"), default="decline"),
    )
    sentences = {
        "window_over": gettext_noop(
            "Returns were possible until {last_day}, {days} days after delivery."
        ),
        "window_over_dispatch": gettext_noop(
            "Returns were possible until {last_day}, {days} days after we sent the order."
        ),
        "window_over_order": gettext_noop(
            "Returns were possible until {last_day}, {days} days after the order."
        ),
        "season_over": gettext_noop("Returns of this order were possible until {last_day}."),
        "late_but_looked_at": gettext_noop(
            "The return period ended on {last_day}: we look at it ourselves."
        ),
        "late_but_our_fault": gettext_noop(
            "The return period ended on {last_day}, but the legal guarantee may apply: "
            "we look at it ourselves."
        ),
        "late_but_guaranteed": gettext_noop(
            "The return period ended on {last_day}, but the legal guarantee runs until "
            "{guaranteed_until}: repair or replacement, the choice is yours."
        ),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``days`` (1 to 3650), ``starts_at`` and what prolongs them."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """A finding for each line when the last day is over; the last day in any case."""
        last_day = self.last_day(settings, facts)
        offer = {"last_day": last_day}
        if facts.asked_on <= last_day:
            return (), offer
        numbers = {"last_day": last_day.isoformat(), "days": settings.days}
        return [self._late(settings, facts, line, numbers) for line in lines], offer

    def last_day(self, settings: Settings, facts: Facts) -> date:
        """The last day on which a request is in time."""
        last_day = self.start(settings, facts) + timedelta(days=settings.days)
        for season in settings.seasons:
            last_day = max(last_day, _season_end(season, facts.ordered_on) or last_day)
        return _business_day(last_day, facts.country) if settings.to_business_day else last_day

    def start(self, settings: Settings, facts: Facts) -> date:
        """The day that counts as day 0; what is not known is estimated in the shopper's favour."""
        if settings.starts_at == "order":
            return facts.ordered_on
        dispatched = facts.dispatched_on or facts.ordered_on + TRANSIT_ALLOWANCE
        if settings.starts_at == "dispatch":
            return dispatched
        return facts.delivered_on or dispatched + TRANSIT_ALLOWANCE

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A window that may end before the legal one; one that starts early is only noted."""
        if not reach.withdrawal or settings.late != "decline":
            return
        said = reach.answer("withdrawal_period", received_on=reach.on.isoformat())
        if "last_day" not in said:
            return
        legal = next(reason["days"] for reason in said["why"] if reason["code"] == "period")
        starts_early = settings.starts_at != "delivery"
        if settings.days < legal or (starts_early and settings.days == legal):
            yield reach.breach("window_too_short", said, days=settings.days, legal_days=legal)
        elif starts_early:
            yield reach.note(
                "window_starts_early", said["rules"][0], *said["references"], days=settings.days
            )

    def _late(
        self, settings: Settings, facts: Facts, line: LineFacts, numbers: dict[str, Any]
    ) -> Finding:
        if is_guaranteed(line, facts.asked_on):
            numbers = numbers | {"guaranteed_until": line.guaranteed_until}
            return Finding(self.key, Verdict.REVIEW, "late_but_guaranteed", numbers, line.key)
        if line.is_our_fault:
            return Finding(self.key, Verdict.REVIEW, "late_but_our_fault", numbers, line.key)
        if settings.late == "review":
            return Finding(self.key, Verdict.REVIEW, "late_but_looked_at", numbers, line.key)
        code = OVER[settings.starts_at]
        if any(_season_end(season, facts.ordered_on) for season in settings.seasons):
            code = "season_over"
        return Finding(self.key, Verdict.DECLINE, code, numbers, line.key)


def _season_end(season: tuple[str, str, str], bought_on: date) -> date | None:
    """Until when what was bought on ``bought_on`` may come back; None outside the season."""
    first, last, until = season
    day = bought_on.strftime("%m-%d")
    over_new_year = first > last
    inside = (day >= first or day <= last) if over_new_year else first <= day <= last
    if not inside:
        return None
    ends_in = bought_on.year + (1 if over_new_year and day >= first else 0)
    return _in_year(until, ends_in if until >= last else ends_in + 1)


def _in_year(month_day: str, year: int) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    for last in range(day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day)


@lru_cache(maxsize=4096)
def _business_day(day: date, country: str) -> date:
    place = place_named(country) if country else None
    try:
        return place.calendar.prolonged(day) if place else day
    except ParameterUnknown:
        return day


RULE = Window()
