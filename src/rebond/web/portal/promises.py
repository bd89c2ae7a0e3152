"""What a shop promises on its front page, read from the policy in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rebond.domain.policies.engine import Policy
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.policies.rules import fee, refund_terms, release, return_cost, window
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
    terms = _usual(policy, refund_terms.RULE.key) or refund_terms.RULE.read({})
    limit = _usual(policy, window.RULE.key)
    payout = _usual(policy, release.RULE.key) or terms
    cost = _usual(policy, return_cost.RULE.key)
    fees = [use.settings.percent for use in policy.uses if use.rule.key == fee.RULE.key]
    return Promises(
        days=limit.days if limit else None,
        starts_at=limit.starts_at if limit else "delivery",
        pays_at=payout.pays_at,
        shopper_pays_return=cost.paid_by == "shopper" if cost else terms.shopper_pays_return,
        fee_percent=max([terms.restocking_fee_percent, *fees]),
    )


def _usual(policy: Policy, kind: str) -> Any:
    uses = [use for use in policy.uses if use.rule.key == kind]
    always = [use for use in uses if use.reach.is_always]
    return (always or uses)[-1].settings if uses else None
