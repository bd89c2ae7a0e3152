"""Reactions about points."""

from uuid import UUID

from rebond.domain.loyalty.actions import earn_points
from rebond.domain.orders.events import OrderEntered
from rebond.kernel.jobs import one_action


@one_action
def points_for_order(event: OrderEntered) -> None:
    """Give the points that a new order earns."""
    earn_points(UUID(event.order_id), by="system")
