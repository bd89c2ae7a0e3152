"""The customer works in this shop.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1, and never alone enough for a closer look."""
    return Spoken(1) if facts.is_colleague else None


DETECTOR = Detector(
    key="colleague",
    patterns=("R18",),
    title=gettext_noop("An order of a colleague"),
    sentence=gettext_noop(
        "The customer’s address is that of somebody who works here: let another person decide."
    ),
    settings=(),
    judge=judge,
)
