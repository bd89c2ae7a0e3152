"""Articles that stay with the customer in the demo: kept for less."""

from __future__ import annotations

from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import keep_with_discount
from rebond.domain.refunds.discounts import ORIGIN, discounts_of
from rebond.domain.refunds.models import Settlement
from rebond.domain.refunds.queries import preview_of
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now

KEEPING_RULES = [
    {
        "id": "small things stay",
        "kind": "keep_it",
        "below_minor": 500,
        "parcel_cost_minor": 350,
        "when": {"fault": "ours"},
    },
    {
        "id": "a discount for keeping it",
        "kind": "keep_discount",
        "percent": 20,
        "cap_minor": 1_500,
        "when": {"reasons": ["colour", "quality", "not_as_described"]},
    },
]
"""What the demo's policy says of articles that stay where they are."""


def play_discount(shop: Shop, orders: list[Order]) -> None:
    """Somebody keeps an article for less; nothing where one has, or the policy offers none.

    ``orders`` are those that can still come back; the last but one is taken.
    """
    if len(orders) < 2 or Settlement.objects.filter(shop=shop, origin=ORIGIN).exists():
        return
    order, moment = orders[-2], now()
    line = order.lines.filter(total_minor__gt=0).order_by("position").first()
    if line is None:
        return
    policy, wishes = policy_for(order, moment), [Wish(line.pk, 1, "colour")]
    asked = preview_of(order, wishes, policy=policy, asked_at=moment)
    shown = sum(discounts_of(order, asked.decision).values())
    if shown:
        keep_with_discount(
            order.pk, wishes, policy=policy, asked_at=moment, shown_minor=shown, by="shopper"
        )
