"""How long after the purchase something may come back.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rebond.domain.policies.facts import Facts, Finding, Terms, Verdict
from rebond.domain.policies.settings_reading import choice, only, whole
from rebond.kernel.words import gettext_noop

STARTS = {"delivery", "dispatch", "order"}
TRANSIT_ALLOWANCE = timedelta(days=7)


@dataclass(frozen=True)
class Settings:
    """``days`` calendar days after the day of ``starts_at``, which is not counted itself."""

    days: int
    starts_at: str


class Window:
    """Declines a request after the last day. Faulty goods are looked at, whatever the date."""

    key = "window"
    sentences = {
        "window_over": gettext_noop(
            "Returns were possible until {last_day}, {days} days after delivery."
        ),
        "late_but_our_fault": gettext_noop(
            "The return period ended on {last_day}, but the legal guarantee may apply: "
            "we look at it ourselves."
        ),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``days`` (1 to 3650) and ``starts_at``."""
        only(settings, {"days", "starts_at"})
        return Settings(
            whole(settings, "days", least=1, most=3650, default=30),
            choice(settings, "starts_at", among=STARTS, default="delivery"),
        )

    def judge(self, settings: Settings, facts: Facts) -> tuple[list[Finding], Terms]:
        """A finding when the last day is over; the last day as a term in any case."""
        last_day = self.start(settings, facts) + timedelta(days=settings.days)
        terms = Terms(last_day=last_day)
        if facts.asked_on <= last_day:
            return [], terms
        excused = all(line.is_our_fault for line in facts.lines)
        finding = Finding(
            self.key,
            Verdict.REVIEW if excused else Verdict.DECLINE,
            "late_but_our_fault" if excused else "window_over",
            {"last_day": last_day.isoformat(), "days": settings.days},
        )
        return [finding], terms

    def start(self, settings: Settings, facts: Facts) -> date:
        """The day that counts as day 0; what is not known is estimated in the shopper's favour."""
        if settings.starts_at == "order":
            return facts.ordered_on
        dispatched = facts.dispatched_on or facts.ordered_on + TRANSIT_ALLOWANCE
        if settings.starts_at == "dispatch":
            return dispatched
        return facts.delivered_on or dispatched + TRANSIT_ALLOWANCE


RULE = Window()
