"""A large sum goes back, and most of what was bought.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken, share_of
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1."""
    value = sum(one.returned_minor for one in facts.own_orders)
    percent = share_of(value, sum(one.value_minor for one in facts.own_orders))
    if value < bounds["value_minor"] or percent < bounds["percent"]:
        return None
    return Spoken(1, {"value_minor": value, "percent": percent})


DETECTOR = Detector(
    key="returned_value",
    patterns=("R1",),
    title=gettext_noop("Value sent back"),
    sentence=gettext_noop("Goods worth {value_minor} came back, {percent} % of what was bought."),
    settings=(
        whole("value_minor", least=1000, most=1000000000, default=150000),
        whole("percent", least=1, most=100, default=50),
    ),
    judge=judge,
)
