"""Returns of so little value that the shopper keeps the goods and is refunded.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import minor, read_settings


@dataclass(frozen=True)
class Settings:
    """For the whole request, in minor units: nothing is sent back up to ``below_minor``, nor where
    the goods are worth less than the parcel costs (``parcel_cost_minor``; None: not compared)."""

    below_minor: int
    parcel_cost_minor: int | None


class KeepIt:
    """Lets the shopper keep everything, where the rule is about every line of the request."""

    key = "keep_it"
    is_first_match = True
    settings = (
        minor("below_minor", default=0, abroad={"below_minor": 0}),
        minor("parcel_cost_minor", default=None, abroad={"parcel_cost_minor": None}),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``below_minor`` and ``parcel_cost_minor``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; the goods are kept and the refund is paid at once."""
        value = sum(line.value_minor for line in facts.lines)
        is_small = bool(settings.below_minor) and value <= settings.below_minor
        if not is_small and value >= (settings.parcel_cost_minor or 0):
            return (), {}
        return (), {"keeps_goods": True}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """None: it is a gift."""
        return iter(())


RULE = KeepIt()
