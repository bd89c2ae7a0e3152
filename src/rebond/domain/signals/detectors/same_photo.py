"""The very same picture came with another return.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 3."""
    count = facts.same_photos
    return Spoken(3, {"count": count}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="same_photo",
    patterns=("R20",),
    title=gettext_noop("Picture seen before"),
    sentence=gettext_noop("{count} pictures are the very same as those of another return."),
    settings=(whole("count", least=1, most=20, default=1),),
    judge=judge,
    is_history=False,
)
