"""People confirmed an abuse of this shopper, or of a linked account, before.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 3."""
    count = sum(one.is_fraud for one in facts.returns if one.days_ago <= bounds["days"])
    return Spoken(3, {"count": count}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="confirmed_before",
    patterns=("R3", "R19"),
    title=gettext_noop("Confirmed before"),
    sentence=gettext_noop("In {count} earlier returns a person confirmed an abuse."),
    settings=(
        whole("count", least=1, most=50, default=1),
        whole("days", least=1, most=1095, default=730),
    ),
    judge=judge,
)
