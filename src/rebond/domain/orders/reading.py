"""What hangs from one order, read with questions that are asked all the time."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.orders.models import Delivery, Order, OrderCharge, OrderLine, Payment
from rebond.kernel.prepared import Prepared, lay_beside

_lines = Prepared(
    lambda shop, order: OrderLine.objects.select_related("product").filter(
        shop_id=shop, order_id=order
    ),
    UUID,
    UUID,
)
_charges = Prepared(
    lambda shop, order: OrderCharge.objects.filter(shop_id=shop, order_id=order), UUID, UUID
)
_payments = Prepared(
    lambda shop, order: Payment.objects.filter(shop_id=shop, order_id=order), UUID, UUID
)
_deliveries = Prepared(
    lambda shop, order: Delivery.objects.filter(shop_id=shop, order_id=order), UUID, UUID
)


_locked = Prepared(
    lambda order: Order.objects.select_for_update(no_key=True).only("id").filter(pk=order), UUID
)


def lock_order(order_id: UUID) -> None:
    """Let nobody else change what hangs from the order before the transaction ends."""
    if not _locked.all(order_id):
        raise Order.DoesNotExist


def lines_of(order: Order) -> list[OrderLine]:
    """The lines of ``order`` with their products, as they are now."""
    return _lines.all(order.shop_id, order.pk)


def deliveries_of(order: Order) -> list[Delivery]:
    """The deliveries of ``order``, as they are now."""
    return _deliveries.all(order.shop_id, order.pk)


def read_money_of(order: Order) -> None:
    """Read lines, charges and payments of ``order`` beside it."""
    about = order.shop_id, order.pk
    lay_beside(order, "lines", _lines.all(*about))
    lay_beside(order, "charges", _charges.all(*about))
    lay_beside(order, "payments", _payments.all(*about))
