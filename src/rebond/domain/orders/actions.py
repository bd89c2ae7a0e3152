"""Entering orders one by one. Whole files come in through ``importing``."""

from rebond.domain.orders.models import Order
from rebond.domain.orders.new import NewOrder
from rebond.domain.orders.writing import write_order
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action


@action
def enter_order(shop: Shop, told: NewOrder, *, source: str, by: str) -> Order:
    """Keep an order of ``shop`` with its shopper, lines, charges, payments and delivery.

    Raises ``OrderExists``, and ``OrderDoesNotAddUp`` when the payments are not the sum of the
    parts.
    """
    return write_order(shop, told, source=source, by=by)
