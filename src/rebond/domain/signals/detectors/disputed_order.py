"""The same order is complained about at the bank and sent back.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 3: money could go twice."""
    return Spoken(3) if facts.is_disputed else None


DETECTOR = Detector(
    key="disputed_order",
    patterns=("R6",),
    title=gettext_noop("Dispute and return at once"),
    sentence=gettext_noop("The payment of this order is disputed at the bank while a return runs."),
    settings=(),
    judge=judge,
    is_history=False,
)
