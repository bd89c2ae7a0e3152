"""Labels of the shop with which nothing came.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2. A label younger than ``after`` days may still be on its way."""
    count = sum(
        one.labels_without_goods
        for one in facts.returns
        if bounds["after"] <= one.days_ago <= bounds["days"]
    )
    if count < bounds["count"]:
        return None
    return Spoken(2, {"count": count, "days": bounds["days"]})


DETECTOR = Detector(
    key="labels_without_goods",
    patterns=("R22",),
    title=gettext_noop("Labels without a parcel"),
    sentence=gettext_noop("{count} prepaid labels in {days} days, and nothing came with them."),
    settings=(
        whole("count", least=1, most=50, default=3),
        whole("days", least=1, most=730, default=365),
        whole("after", least=1, most=365, default=30),
    ),
    judge=judge,
)
