"""Complaints at the bank before.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2."""
    count = sum(days <= bounds["days"] for days in facts.dispute_days)
    return Spoken(2, {"count": count, "days": bounds["days"]}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="disputes",
    patterns=("R6", "R9"),
    title=gettext_noop("Earlier disputes"),
    sentence=gettext_noop("{count} payments were disputed at the bank within {days} days."),
    settings=(
        whole("count", least=1, most=50, default=2),
        whole("days", least=1, most=1095, default=365),
    ),
    judge=judge,
)
