"""Requests that a person looks at before they are approved.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, Finding, LineFacts, Said, Verdict
from rebond.domain.policies.settings_reading import MOST_MINOR, minor, read_settings, words
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """A request worth more than ``value_minor``, or with one of ``reasons``, is looked at.

    ``value_minor`` is None where the request cannot be compared with it.
    """

    value_minor: int | None
    reasons: tuple[str, ...]


class ReviewAbove:
    """Sends valuable requests, and those with certain reasons, to a person."""

    key = "review_above"
    is_first_match = False
    settings = (
        minor("value_minor", default=MOST_MINOR, abroad={"value_minor": None}),
        words("reasons"),
    )
    sentences = {
        "high_value": gettext_noop("We check returns of this value ourselves before we confirm."),
        "other_currency": gettext_noop(
            "We check returns in this currency ourselves before we confirm."
        ),
        "reason_needs_look": gettext_noop("We look at this reason ourselves before we confirm."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``value_minor`` in minor units and ``reasons``, a list of reason codes."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """At most one finding for the value and one for each line's reason."""
        findings = []
        value = sum(line.value_minor for line in lines)
        if settings.value_minor is None:
            findings.append(Finding(self.key, Verdict.REVIEW, "other_currency"))
        elif value > settings.value_minor:
            findings.append(Finding(self.key, Verdict.REVIEW, "high_value", {"value_minor": value}))
        for line in lines:
            if line.reason in settings.reasons:
                findings.append(
                    Finding(self.key, Verdict.REVIEW, "reason_needs_look", {}, line.key)
                )
        return findings, {}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """None: a person looks, and the legal days run all the same."""
        return iter(())


RULE = ReviewAbove()
