"""Links that a shop gives its own signed-in customers: they open one order for a short while.

Signed for one shop, one purpose and one order, with their end inside; nothing is stored.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.core import signing

from rebond.domain.orders.models import Order
from rebond.domain.shops.models import Shop

USUAL_MINUTES = 15
MOST_MINUTES = 24 * 60


class Purpose(StrEnum):
    """Where a link leads: to choose what comes back, or to the newest return of the order."""

    ORDER = "order"
    RETURN = "return"


class LinkOver(Exception):
    """The link is genuine, and its time is over."""


def portal_token(order: Order, purpose: Purpose, *, until: datetime) -> str:
    """The token of a link for ``order`` that works before ``until``, to the second."""
    said = f"{purpose.value}.{order.pk.hex}.{int(until.timestamp())}"
    return _signer(order.shop_id).sign(said)


def ends_at(moment: datetime, minutes: int) -> datetime:
    """When a link that lasts ``minutes`` from ``moment`` on ends; ``MOST_MINUTES`` at most."""
    return moment + timedelta(minutes=max(1, min(minutes, MOST_MINUTES)))


def order_behind(shop: Shop, token: str, moment: datetime) -> tuple[Order, Purpose] | None:
    """The order that ``token`` opens in ``shop``, and why; None for a token that is not good.

    Raises ``LinkOver`` for a genuine one whose time is over.
    """
    try:
        purpose, order_id, until = _signer(shop.pk).unsign(token).split(".")
        wanted, end = Purpose(purpose), datetime.fromtimestamp(int(until), UTC)
        order = Order.objects.select_related("shop", "shopper").filter(shop=shop, pk=UUID(order_id))
    except (signing.BadSignature, ValueError, OverflowError, OSError):
        return None
    if end <= moment:
        raise LinkOver
    found = order.first()
    return (found, wanted) if found is not None else None


def _signer(shop_id: UUID) -> signing.Signer:
    return signing.Signer(salt=f"portal-link:{shop_id}")
