"""Which policy holds: at a moment, for an order, and all versions of a shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from rebond.domain.orders.models import Order
from rebond.domain.policies.checking import Market
from rebond.domain.policies.engine import Policy, read_policy
from rebond.domain.policies.models import PolicyVersion, Standing
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import today
from rebond.kernel.prepared import Prepared

MOST_READ = 256


@dataclass(frozen=True)
class Listed:
    """One version as a list shows it."""

    version: PolicyVersion
    standing: Standing


def policy_in_force(shop: Shop, at: datetime) -> Policy:
    """The version of ``shop``'s policy that held at ``at``; the preset when there is none."""
    version = version_in_force(shop, at)
    return _PRESET if version is None else policy_of(version)


def policy_for(order: Order, at: datetime) -> Policy:
    """The policy that judges a request for ``order`` at ``at``.

    It is the version in force when the order was bought, with the one in force now beside it:
    for each request the kinder of the two decides. An order older than the first version is
    judged by the one in force now.
    """
    now_in_force = version_in_force(order.shop, at)
    if now_in_force is None:
        return _PRESET
    newest = policy_of(now_in_force)
    assert now_in_force.published_at is not None
    if now_in_force.published_at <= order.ordered_at:
        return newest
    bought_under = version_in_force(order.shop, min(order.ordered_at, at))
    if bought_under is None:
        return newest
    return replace(policy_of(bought_under), newer=newest)


def version_in_force(shop: Shop, at: datetime) -> PolicyVersion | None:
    """The row that held at ``at``; None before the first one."""
    return _in_force.first(shop.pk, at)


_in_force = Prepared(
    lambda shop, at: PolicyVersion.objects.filter(shop_id=shop, published_at__lte=at).order_by(
        "-published_at", "-number"
    )[:1],
    UUID,
    datetime,
)


def policy_of(version: PolicyVersion) -> Policy:
    """The policy of a row, read and compiled; published ones are read once."""
    if version.published_at is None:
        return read_policy(version.document, version=version.number)
    key = (version.pk, version.revision)
    if key not in _READ:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[key] = read_policy(version.document, version=version.number)
    return _READ[key]


def versions_of(shop: Shop, at: datetime, *, limit: int = 200) -> Sequence[Listed]:
    """The newest versions of ``shop`` first, each with where it stands at ``at``."""
    holds = version_in_force(shop, at)
    number = holds.number if holds else None
    rows = PolicyVersion.objects.filter(shop=shop).order_by("-number")[:limit]
    return [Listed(row, row.standing(at, number)) for row in rows]


def market_of(shop: Shop) -> Market:
    """What the law has to know about where ``shop`` sells."""
    return Market(countries=(shop.country or "FR",), on=today(shop.time_zone))


_PRESET = read_policy(GENEROUS)
_READ: dict[tuple[UUID, int], Policy] = {}
