"""Entering orders, one or many at once. Whole files come in through ``importing``."""

from collections.abc import Sequence
from uuid import UUID

from rebond.domain.orders.batches import Row, enter_some, take_batch
from rebond.domain.orders.models import Order, OrderBatch
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


@action
def take_orders(shop: Shop, rows: Sequence[Row], *, batch_id: UUID, by: str) -> OrderBatch:
    """Keep many orders to be entered in the background; the same ``batch_id`` is one batch."""
    known = OrderBatch.objects.filter(shop=shop, pk=batch_id).first()
    return known or take_batch(shop, rows, batch_id=batch_id, by=by)


@action
def enter_rows(batch_id: UUID) -> None:
    """Enter the next piece of a batch; a refused row stays with its code, the others go on."""
    enter_some(batch_id)
