"""Fewer pieces arrived than were announced.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1 for this return alone, 2 where it was so before."""
    earlier = sum(one.missing > 0 for one in facts.own_returns)
    if not facts.missing or facts.is_empty:
        return None
    numbers = {"missing": facts.missing, "earlier": earlier}
    return Spoken(2 if earlier >= bounds["earlier"] else 1, numbers)


DETECTOR = Detector(
    key="pieces_missing",
    patterns=("R15",),
    title=gettext_noop("Pieces missing"),
    sentence=gettext_noop(
        "{missing} pieces of this return did not arrive; so it was in {earlier} earlier returns."
    ),
    settings=(whole("earlier", least=1, most=50, default=2),),
    judge=judge,
    is_history=False,
)
