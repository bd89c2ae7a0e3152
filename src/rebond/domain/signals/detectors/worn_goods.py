"""Worn articles after a change of mind.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2."""
    count = sum(one.is_personal and one.worn > 0 for one in facts.own_returns)
    return Spoken(2, {"count": count}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="worn_goods",
    patterns=("R1",),
    title=gettext_noop("Worn articles"),
    sentence=gettext_noop(
        "{count} returns after a change of mind held articles that had been worn."
    ),
    settings=(whole("count", least=1, most=50, default=2),),
    judge=judge,
)
