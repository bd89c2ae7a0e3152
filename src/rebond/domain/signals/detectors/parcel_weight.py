"""The carrier weighed something else than the articles weigh.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2: the warehouse looks; nobody is refused for a scale."""
    percent = facts.weighed_percent
    if percent is None or bounds["least"] <= percent <= bounds["most"]:
        return None
    return Spoken(2, {"percent": percent})


DETECTOR = Detector(
    key="parcel_weight",
    patterns=("R2", "R4", "R22"),
    title=gettext_noop("Another weight"),
    sentence=gettext_noop("The carrier weighed {percent} % of what the articles weigh."),
    settings=(
        whole("least", least=1, most=99, default=60),
        whole("most", least=101, most=1000, default=140),
    ),
    judge=judge,
    is_history=False,
)
