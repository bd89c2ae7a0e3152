"""Faulty, said the customer; refunded; and nothing came back.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2. What the shop itself let people keep is another detector's."""
    count = sum(
        one.is_fault_claim and one.is_paid and not one.is_received and not one.keeps_goods
        for one in facts.own_returns
        if one.days_ago <= bounds["days"]
    )
    return Spoken(2, {"count": count}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="refund_only",
    patterns=("R9",),
    title=gettext_noop("Refunded without the goods"),
    sentence=gettext_noop("{count} articles called faulty were refunded and not sent back."),
    settings=(
        whole("count", least=1, most=50, default=3),
        whole("days", least=1, most=730, default=365),
    ),
    judge=judge,
)
