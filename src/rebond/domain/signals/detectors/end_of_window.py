"""Again and again on the last days: worn for a while, perhaps, perhaps only slow.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1."""
    late = [one.days_left for one in facts.own_returns if one.days_left is not None]
    count = sum(0 <= left < bounds["days"] for left in late)
    return Spoken(1, {"count": count, "days": bounds["days"]}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="end_of_window",
    patterns=("R1",),
    title=gettext_noop("On the last days"),
    sentence=gettext_noop(
        "{count} returns were asked for on the last {days} days of their period."
    ),
    settings=(
        whole("count", least=2, most=100, default=4),
        whole("days", least=1, most=14, default=2),
    ),
    judge=judge,
)
