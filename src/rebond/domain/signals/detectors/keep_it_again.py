"""Things that need not be sent back, again and again.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2."""
    count = sum(one.keeps_goods for one in facts.returns if one.days_ago <= bounds["days"])
    return Spoken(2, {"count": count, "days": bounds["days"]}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="keep_it_again",
    patterns=("R21",),
    title=gettext_noop("Kept and refunded"),
    sentence=gettext_noop("{count} times in {days} days the goods were kept and refunded."),
    settings=(
        whole("count", least=1, most=50, default=2),
        whole("days", least=1, most=730, default=180),
    ),
    judge=judge,
)
