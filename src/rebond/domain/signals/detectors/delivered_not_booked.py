"""Delivered, says the carrier; the warehouse has booked nothing.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1: it may as well be our own delay."""
    days = facts.waits_days
    return Spoken(1, {"days": days}) if days is not None and days >= bounds["days"] else None


DETECTOR = Detector(
    key="delivered_not_booked",
    patterns=("R4",),
    title=gettext_noop("Delivered, not in the warehouse"),
    sentence=gettext_noop(
        "The carrier said delivered {days} days ago; the warehouse has booked nothing."
    ),
    settings=(whole("days", least=1, most=60, default=5),),
    judge=judge,
    is_history=False,
)
