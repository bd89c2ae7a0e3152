"""One payment reference on the orders of several customers.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2."""
    others = facts.shared_payment
    return Spoken(2, {"others": others}) if others >= bounds["others"] else None


DETECTOR = Detector(
    key="shared_payment",
    patterns=("R13", "R19"),
    title=gettext_noop("One payment, several customers"),
    sentence=gettext_noop("The same payment paid orders of {others} other customers."),
    settings=(whole("others", least=1, most=50, default=2),),
    judge=judge,
)
