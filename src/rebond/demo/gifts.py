"""A present that comes back in the demo, so that the desk shows one."""

from __future__ import annotations

from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for, policy_in_force
from rebond.domain.returns.actions import request_return
from rebond.domain.returns.gifts import Gift, gift_terms
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now


def play_gift(shop: Shop, orders: list[Order]) -> None:
    """Who got a present asks to return it; nothing where one has, or the policy has no such rule.

    ``orders`` are those that can still come back; the last one is taken.
    """
    terms = gift_terms(policy_in_force(shop, now()))
    if terms is None or not orders or Return.objects.filter(shop=shop, origin="gift").exists():
        return
    order = orders[-1]
    line = order.lines.order_by("position").first()
    assert line is not None
    request_return(
        order,
        [Wish(line.pk, 1, "changed_mind")],
        policy=policy_for(order, now()),
        asked_at=now(),
        language="fr",
        by="shopper",
        origin="gift",
        gift=Gift("Mila Roy", "mila@client.example", terms.paid_as, terms.shows_value),
    )
