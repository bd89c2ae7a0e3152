"""One bank account for several customers.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 2."""
    others = facts.shared_account
    return Spoken(2, {"others": others}) if others >= bounds["others"] else None


DETECTOR = Detector(
    key="shared_account",
    patterns=("R8",),
    title=gettext_noop("One bank account, several customers"),
    sentence=gettext_noop("The bank account is also that of {others} other customers."),
    settings=(whole("others", least=1, most=50, default=1),),
    judge=judge,
)
