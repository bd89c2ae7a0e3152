"""A bank account given only days ago.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1."""
    days = facts.account_days
    return Spoken(1, {"days": days}) if days is not None and days < bounds["days"] else None


DETECTOR = Detector(
    key="new_account",
    patterns=("R8",),
    title=gettext_noop("New bank account"),
    sentence=gettext_noop("The bank account was given {days} days ago."),
    settings=(whole("days", least=0, most=90, default=7),),
    judge=judge,
)
