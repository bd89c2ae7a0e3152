"""Requests that a person looks at before they are approved.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.facts import Facts, Finding, Terms, Verdict
from rebond.domain.policies.settings_reading import only, whole, words
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """A request worth more than ``value_minor``, or with one of ``reasons``, is looked at."""

    value_minor: int
    reasons: tuple[str, ...]


class ReviewAbove:
    """Sends valuable requests, and those with certain reasons, to a person."""

    key = "review_above"
    sentences = {
        "high_value": gettext_noop("We check returns of this value ourselves before we confirm."),
        "reason_needs_look": gettext_noop("We look at this reason ourselves before we confirm."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``value_minor`` in minor units and ``reasons``, a list of reason codes."""
        only(settings, {"value_minor", "reasons"})
        return Settings(
            whole(settings, "value_minor", least=0, most=10**12, default=10**12),
            words(settings, "reasons"),
        )

    def judge(self, settings: Settings, facts: Facts) -> tuple[list[Finding], Terms]:
        """At most one finding for the value and one for each line's reason."""
        findings = []
        value = sum(line.value_minor for line in facts.lines)
        if value > settings.value_minor:
            findings.append(Finding(self.key, Verdict.REVIEW, "high_value", {"value_minor": value}))
        for line in facts.lines:
            if line.reason in settings.reasons:
                findings.append(
                    Finding(self.key, Verdict.REVIEW, "reason_needs_look", {}, line.key)
                )
        return findings, Terms()


RULE = ReviewAbove()
