"""The same article was bought again for less before the first one came back.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1."""
    count = facts.cheaper_again
    return Spoken(1, {"count": count}) if count >= bounds["count"] else None


DETECTOR = Detector(
    key="cheaper_again",
    patterns=("R16",),
    title=gettext_noop("Bought again for less"),
    sentence=gettext_noop("{count} of the articles were bought again for less before this return."),
    settings=(whole("count", least=1, most=50, default=1),),
    judge=judge,
    is_history=False,
)
