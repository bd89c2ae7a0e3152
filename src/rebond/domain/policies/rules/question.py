"""A question about the condition of an article, and what follows from the answer.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import QUESTIONS, Facts, Finding, LineFacts, Said, Verdict
from rebond.domain.policies.settings_reading import choice, read_settings
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """``asks`` one of the questions. ``no`` and ``silence`` say what follows from a "no" and
    from no answer: ``approve``, ``review`` or ``decline``."""

    asks: str
    no: str
    silence: str


class Question:
    """Asks; a line for which the shop answers is not asked."""

    key = "question"
    is_first_match = False
    settings = (
        choice("asks", among=QUESTIONS, default="complete"),
        choice("no", among=("approve", "review", "decline"), default="review"),
        choice("silence", among=("approve", "review"), default="approve"),
    )
    sentences = {
        "tags_on": gettext_noop("The labels are no longer on “{sku}”."),
        "seal_intact": gettext_noop("The seal of “{sku}” is no longer intact."),
        "original_packaging": gettext_noop("The original packaging of “{sku}” is missing."),
        "unused": gettext_noop("“{sku}” has been used."),
        "complete": gettext_noop("Something belonging to “{sku}” is missing."),
        "not_answered": gettext_noop("We still have a question about the condition of “{sku}”."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``asks``, ``no`` and ``silence``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """At most one finding for each line."""
        findings = []
        for line in lines:
            if line.is_our_fault:
                continue
            answer = line.answers.get(settings.asks, "")
            follows = {"no": settings.no, "": settings.silence}.get(answer, "approve")
            if follows != "approve":
                code = settings.asks if answer else "not_answered"
                findings.append(
                    Finding(self.key, Verdict(follows), code, {"sku": line.sku}, line.key)
                )
        return findings, {}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A withdrawal that hangs on packaging, labels or use."""
        if settings.no == "decline":
            yield from reach.refused_withdrawal("condition_on_withdrawal", asks=settings.asks)


RULE = Question()
