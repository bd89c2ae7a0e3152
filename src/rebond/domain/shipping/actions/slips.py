"""Return slips for orders that are being packed."""

from __future__ import annotations

from collections.abc import Sequence

from rebond.domain.orders.models import Order
from rebond.domain.shipping.errors import OrdersUnknown, SlipsOutOfRange
from rebond.domain.shipping.events import SlipsMade
from rebond.domain.shipping.models import ReturnSlip
from rebond.domain.shipping.slip_codes import new_code
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record

MOST_SLIPS = 200
MOST_NAMED = 20


@action
def make_slips(shop: Shop, numbers: Sequence[str], *, by: str) -> list[ReturnSlip]:
    """One slip for each order of ``numbers``, in their order; an order that has one keeps it.

    Printing again gives the same codes. Raises ``OrdersUnknown`` where a number names no order, and
    ``SlipsOutOfRange`` for none or more than ``MOST_SLIPS``.
    """
    keys = list(dict.fromkeys(number.strip().lstrip("#").lower() for number in numbers))
    if not 1 <= len(keys) <= MOST_SLIPS:
        raise SlipsOutOfRange(limit=MOST_SLIPS)
    orders = {one.number_key: one for one in Order.objects.filter(shop=shop, number_key__in=keys)}
    unknown = [key for key in keys if key not in orders]
    if unknown:
        raise OrdersUnknown(numbers=", ".join(key[:40] for key in unknown[:MOST_NAMED]))
    named = ReturnSlip.objects.filter(shop=shop, order__in=orders.values())
    have = set(named.values_list("order_id", flat=True))
    missing = [order for order in orders.values() if order.pk not in have]
    moment = now()
    ReturnSlip.objects.bulk_create(
        [ReturnSlip(shop=shop, order=one, code=new_code(), made_at=moment) for one in missing],
        ignore_conflicts=True,
    )
    if missing:
        record(SlipsMade(str(shop.pk), len(missing)), shop_id=shop.pk, actor=by)
    slips = {one.order_id: one for one in named.select_related("order__shopper")}
    return [slips[orders[key].pk] for key in keys]
