"""Parcels that are said never to have come, by the shopper and linked accounts.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2."""
    within = bounds["days"]
    count = sum(one.says_not_received for one in facts.returns if one.days_ago <= within)
    count += sum(days <= within for days in facts.missing_days)
    return Spoken(2, {"count": count, "days": bounds["days"]}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="not_received",
    patterns=("R5",),
    title=gettext_noop("Said not to have arrived"),
    sentence=gettext_noop("{count} times in {days} days a parcel was said not to have arrived."),
    settings=(
        whole("count", least=1, most=50, default=3),
        whole("days", least=1, most=730, default=365),
    ),
    judge=judge,
)
