"""How many returns of one order, and of one customer, go through by themselves.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, Finding, LineFacts, Said, Verdict
from rebond.domain.policies.settings_reading import choice, read_settings, whole
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """At most ``per_order`` returns of one order and ``per_customer`` of one customer within
    ``days`` days, this one included; None means no limit. ``beyond`` says what follows."""

    per_order: int | None
    per_customer: int | None
    days: int
    beyond: str


class Limits:
    """Has returns beyond the limits looked at, or declines them."""

    key = "limits"
    is_first_match = False
    settings = (
        whole("per_order", least=1, most=1000, default=None),
        whole("per_customer", least=1, most=10_000, default=None),
        whole("days", least=1, most=730, default=365),
        choice("beyond", among=("review", "decline"), default="review"),
    )
    sentences = {
        "many_of_order": gettext_noop(
            "There are already {count} returns of this order: we look at it ourselves."
        ),
        "many_of_customer": gettext_noop(
            "There are already {count} returns within {days} days: we look at it ourselves."
        ),
        "too_many_of_order": gettext_noop(
            "There are already {count} returns of this order; no more are possible."
        ),
        "too_many_of_customer": gettext_noop(
            "There are already {count} returns within {days} days; no more are possible."
        ),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """The two limits, their days, and what follows."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """One finding for each limit that is passed, for each line."""
        passed: list[tuple[str, dict[str, Any]]] = []
        if settings.per_order is not None and facts.order_returns >= settings.per_order:
            passed.append(("many_of_order", {"count": facts.order_returns}))
        if settings.per_customer is not None:
            since = facts.asked_on - timedelta(days=settings.days)
            count = sum(day >= since for day in facts.earlier_returns_on)
            if count >= settings.per_customer:
                passed.append(("many_of_customer", {"count": count, "days": settings.days}))
        prefix = "too_" if settings.beyond == "decline" else ""
        verdict = Verdict(settings.beyond)
        return [
            Finding(self.key, verdict, prefix + code, numbers, line.key)
            for code, numbers in passed
            for line in lines
        ], {}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """Limits that decline a withdrawal or a faulty article."""
        if settings.beyond == "decline" and (settings.per_order or settings.per_customer):
            yield from reach.refused_withdrawal("withdrawal_refused")


RULE = Limits()
