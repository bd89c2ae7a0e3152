"""A part of the price for keeping the article instead of sending it back.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import minor, read_settings, whole

HIGHEST = 90


@dataclass(frozen=True)
class Settings:
    """``percent`` of the price of each line; ``cap_minor`` limits it for each line (None: no
    limit)."""

    percent: int
    cap_minor: int | None


class KeepDiscount:
    """Offers a part of the price for keeping the article. Which reasons it is for stands in the
    conditions; the return stays open beside it."""

    key = "keep_discount"
    is_first_match = True
    settings = (
        whole("percent", least=0, most=HIGHEST, default=0),
        minor("cap_minor", default=None, abroad={"percent": 0}),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``percent`` and ``cap_minor``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; the discount as terms. Never for a present: its price is not told."""
        if not settings.percent or facts.is_gift:
            return (), {}
        offer: dict[str, Any] = {"keep_percent": settings.percent}
        if settings.cap_minor is not None:
            offer["keep_cap_minor"] = settings.cap_minor
        return (), offer

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A note where faulty goods are meant: the guarantee goes on.

        Source: C. conso. L217-3 and L217-8; it cannot be waived, L241-1.
        """
        if settings.percent:
            for breach in reach.refused_defects("guarantee_stays"):
                rule = breach.law_rules[0]
                yield reach.note("guarantee_stays", rule, *breach.articles)


RULE = KeepDiscount()
