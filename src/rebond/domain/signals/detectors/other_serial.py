"""What came back bears another serial number than what was sold.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(_bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 3: it is not the piece that was sold. Who packed the wrong one is not known."""
    return Spoken(3, {"pieces": facts.other_serials}) if facts.other_serials else None


DETECTOR = Detector(
    key="other_serial",
    patterns=("R3",),
    title=gettext_noop("Another serial number"),
    sentence=gettext_noop("{pieces} pieces bear another serial number than those sold."),
    settings=(),
    judge=judge,
    is_history=False,
)
