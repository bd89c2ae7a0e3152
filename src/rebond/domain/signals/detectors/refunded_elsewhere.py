"""Money of this order went back in the provider's pages too.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2."""
    minor = facts.refunded_elsewhere_minor
    return Spoken(2, {"value_minor": minor}) if minor > 0 else None


DETECTOR = Detector(
    key="refunded_elsewhere",
    patterns=("R7",),
    title=gettext_noop("Refunded elsewhere too"),
    sentence=gettext_noop(
        "{value_minor} of this order was refunded outside of this system already."
    ),
    settings=(),
    judge=judge,
    is_history=False,
)
