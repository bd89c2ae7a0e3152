"""What a shop promises on its front page, read from the policy in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rebond.domain.policies.queries import policy_in_force
from rebond.domain.policies.retired import usual, usual_terms
from rebond.domain.policies.rules import window
from rebond.domain.shops.models import Shop


@dataclass(frozen=True)
class Promises:
    """The three things that people want to know. ``days`` is None without a limit in time.

    ``fee_percent`` of the goods is kept; ``pays_at`` names the event that pays.
    """

    days: int | None
    starts_at: str
    pays_at: str
    shopper_pays_return: bool
    fee_percent: int


def promises_of(shop: Shop, at: datetime) -> Promises:
    """What ``shop``'s policy promises at ``at`` to everybody, conditions apart.

    Of each kind the last rule without a condition counts, or else the last one; a kind that is
    not used promises its default. The fee is the highest that any rule may keep.
    """
    policy = policy_in_force(shop, at)
    terms = usual_terms(policy)
    limit = usual(policy, window.RULE.key)
    return Promises(
        days=limit.days if limit else None,
        starts_at=limit.starts_at if limit else "delivery",
        pays_at=terms.pays_at,
        shopper_pays_return=terms.shopper_pays_return,
        fee_percent=terms.fee_percent,
    )
