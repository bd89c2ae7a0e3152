"""What was decided for an order or a return, read with questions that are asked all the time."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.returns.models import Return
from rebond.kernel.prepared import Prepared

_of_order = Prepared(
    lambda shop, order: Settlement.objects.filter(
        shop_id=shop, order_id=order, called_off_at=None
    ).order_by("decided_at", "id"),
    UUID,
    UUID,
)
_of_return = Prepared(
    lambda shop, rma: Settlement.objects.filter(shop_id=shop, rma_id=rma, called_off_at=None),
    UUID,
    UUID,
)
_refunds = Prepared(
    lambda shop, rma: Refund.objects.filter(
        shop_id=shop,
        settlement__shop_id=shop,
        settlement__rma_id=rma,
        settlement__called_off_at=None,
    ),
    UUID,
    UUID,
)


def decided_for_order(order: Order) -> list[Settlement]:
    """The settlements of ``order`` that stand, oldest first."""
    return _of_order.all(order.shop_id, order.pk)


def decided_for(rma: Return) -> list[Settlement]:
    """The settlements of ``rma`` that stand."""
    return _of_return.all(rma.shop_id, rma.pk)


def refunds_for(rma: Return) -> list[Refund]:
    """The refunds of the settlements of ``rma`` that stand."""
    return _refunds.all(rma.shop_id, rma.pk)
