"""Store credit with a bonus, again and again.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2. The books give a bonus only once on the same money all the same."""
    count = sum(days <= bounds["days"] for days in facts.bonus_days)
    return Spoken(2, {"count": count, "days": bounds["days"]}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="bonus_cycles",
    patterns=("R12",),
    title=gettext_noop("Bonus again and again"),
    sentence=gettext_noop(
        "{count} times in {days} days credit with a bonus was given for a return."
    ),
    settings=(
        whole("count", least=1, most=50, default=2),
        whole("days", least=1, most=365, default=60),
    ),
    judge=judge,
)
