"""Many returns within a short time.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1."""
    count = sum(one.days_ago <= bounds["days"] for one in facts.own_returns)
    return Spoken(1, {"count": count, "days": bounds["days"]}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="return_speed",
    patterns=("R1", "R14"),
    title=gettext_noop("Many returns in a short time"),
    sentence=gettext_noop("{count} returns within {days} days."),
    settings=(
        whole("count", least=2, most=100, default=4),
        whole("days", least=1, most=365, default=30),
    ),
    judge=judge,
)
