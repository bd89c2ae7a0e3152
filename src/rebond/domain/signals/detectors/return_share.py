"""Much more goes back than stays.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.policies.settings_reading import whole
from rebond.domain.signals.facts import Detector, SignalFacts, Spoken, share_of
from rebond.kernel.words import gettext_noop


def judge(bounds: Mapping[str, Any], facts: SignalFacts) -> Spoken | None:
    """Strength 1, or 2 from the middle between the bound and everything.

    Returned orders are counted against the bound, not all orders: buying and keeping one more
    never makes anybody stand out.
    """
    orders = facts.own_orders
    returned = [one for one in orders if one.returned]
    percent = share_of(
        sum(one.returned_minor for one in orders), sum(one.value_minor for one in orders)
    )
    if len(returned) < bounds["orders"] or percent < bounds["percent"]:
        return None
    strong = percent >= (bounds["percent"] + 100) // 2
    numbers = {"returned": len(returned), "orders": len(orders), "percent": percent}
    return Spoken(2 if strong else 1, numbers)


DETECTOR = Detector(
    key="return_share",
    patterns=("R1", "R19"),
    title=gettext_noop("Share sent back"),
    sentence=gettext_noop(
        "{returned} of {orders} orders came back in part or whole; {percent} % of their value."
    ),
    settings=(
        whole("orders", least=2, most=100, default=5),
        whole("percent", least=1, most=100, default=60),
    ),
    judge=judge,
)
