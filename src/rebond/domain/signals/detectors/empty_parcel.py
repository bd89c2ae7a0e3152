"""The parcel held nothing.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 3."""
    return Spoken(3, {"missing": facts.missing}) if facts.is_empty else None


DETECTOR = Detector(
    key="empty_parcel",
    patterns=("R2",),
    title=gettext_noop("Nothing in the parcel"),
    sentence=gettext_noop(
        "The parcel arrived and held none of the articles; {missing} are missing."
    ),
    settings=(),
    judge=judge,
    is_history=False,
)
