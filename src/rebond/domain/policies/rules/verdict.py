"""A verdict by condition: approved at once, looked at, or declined.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, Finding, LineFacts, Said, Verdict
from rebond.domain.policies.settings_reading import choice, read_settings
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """``say``: ``approve`` lifts what would only be looked at, never a decline."""

    say: str


class Say:
    """Approves, has looked at or declines whatever meets its conditions."""

    key = "verdict"
    is_first_match = True
    settings = (choice("say", among=("approve", "review", "decline"), default="review"),)
    sentences = {
        "looked_at": gettext_noop("We look at this return ourselves before we confirm."),
        "not_accepted": gettext_noop("We do not take “{sku}” back in this case."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``say``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """One finding for each line, or the lifting of those that only ask for a look."""
        if settings.say == "approve":
            return (), {"is_trusted": True}
        if settings.say == "review":
            return [
                Finding(self.key, Verdict.REVIEW, "looked_at", {}, line.key) for line in lines
            ], {}
        return [
            Finding(self.key, Verdict.DECLINE, "not_accepted", {"sku": line.sku}, line.key)
            for line in lines
        ], {}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A withdrawal, or a fault of the shop, that is declined."""
        if settings.say == "decline":
            yield from reach.refused_withdrawal("withdrawal_refused")
            yield from reach.refused_defects("defect_refused")


RULE = Say()
