"""Many ordered, nearly all sent back.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1: it costs money, and it is allowed."""
    count = sum(
        one.pieces >= bounds["pieces"]
        and (one.pieces - one.returned) * 100 < one.pieces * bounds["percent"]
        for one in facts.own_orders
    )
    numbers = {"count": count, "pieces": bounds["pieces"], "percent": bounds["percent"]}
    return Spoken(1, numbers) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="bracketing",
    patterns=("R14",),
    title=gettext_noop("Many ordered, few kept"),
    sentence=gettext_noop(
        "Of {count} orders with {pieces} articles or more, less than {percent} % stayed."
    ),
    settings=(
        whole("count", least=1, most=50, default=5),
        whole("pieces", least=2, most=50, default=4),
        whole("percent", least=1, most=99, default=20),
    ),
    judge=judge,
)
