"""Several accounts with the same address, telephone or mailbox, and much goes back.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken, share_of
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 3. A family at one address that keeps what it buys is none."""
    returned = sum(1 for one in facts.orders if one.returned)
    percent = share_of(
        sum(one.returned_minor for one in facts.orders),
        sum(one.value_minor for one in facts.orders),
    )
    accounts = facts.linked + 1
    if accounts < bounds["accounts"] or returned < bounds["orders"] or percent < bounds["percent"]:
        return None
    return Spoken(3, {"accounts": accounts, "percent": percent})


DETECTOR = Detector(
    key="linked_accounts",
    patterns=("R19",),
    title=gettext_noop("Accounts that belong together"),
    sentence=gettext_noop(
        "{accounts} accounts share an address, a telephone or a mailbox; "
        "{percent} % of their orders’ value came back."
    ),
    settings=(
        whole("accounts", least=2, most=50, default=3),
        whole("orders", least=1, most=100, default=5),
        whole("percent", least=1, most=100, default=70),
    ),
    judge=judge,
)
