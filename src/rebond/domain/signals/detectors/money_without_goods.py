"""Refunded early, and the goods never came.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2."""
    count = sum(
        one.is_paid and not one.is_received and not one.keeps_goods and not one.is_fault_claim
        for one in facts.returns
        if one.days_ago >= bounds["days"]
    )
    return Spoken(2, {"count": count, "days": bounds["days"]}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="money_without_goods",
    patterns=("R22", "R4"),
    title=gettext_noop("Refunded, goods never came"),
    sentence=gettext_noop(
        "{count} earlier returns were refunded and after {days} days the goods are not here."
    ),
    settings=(
        whole("count", least=1, most=50, default=2),
        whole("days", least=1, most=365, default=30),
    ),
    judge=judge,
)
