"""Gathers what a policy may look at."""

from collections.abc import Sequence
from datetime import datetime

from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.policies.facts import Facts, LineFacts
from rebond.domain.returns.models import Reason
from rebond.domain.returns.wishes import Wish
from rebond.kernel.clock import local_date


def facts_of(
    order: Order, wanted: Sequence[tuple[Wish, OrderLine, Reason]], *, asked_at: datetime
) -> Facts:
    """The facts of a request for ``wanted`` pieces of ``order`` at ``asked_at``.

    With several deliveries the last one counts, as the law has it.
    """
    zone = order.shop.time_zone
    deliveries = list(order.deliveries.all())
    delivered = [d.delivered_on for d in deliveries if d.delivered_on]
    dispatched = [d.dispatched_on for d in deliveries if d.dispatched_on]
    left = sum(line.delivered_quantity - line.returned_quantity for line in order.lines.all())
    return Facts(
        asked_on=local_date(asked_at, zone),
        ordered_on=local_date(order.ordered_at, zone),
        dispatched_on=max(dispatched, default=None),
        delivered_on=max(delivered) if len(delivered) == len(deliveries) and delivered else None,
        country=order.country,
        lines=tuple(_line(wish, bought, reason) for wish, bought, reason in wanted),
        is_whole_order=left == sum(wish.quantity for wish, _, _ in wanted),
    )


def _line(wish: Wish, bought: OrderLine, reason: Reason) -> LineFacts:
    return LineFacts(
        key=str(bought.pk),
        sku=bought.sku,
        category=bought.product.category if bought.product else "",
        quantity=wish.quantity,
        value_minor=bought.total_minor * wish.quantity // max(1, bought.quantity),
        is_returnable=bought.is_returnable,
        is_final_sale=bought.is_final_sale,
        reason=reason.code,
        is_our_fault=reason.is_our_fault,
        photos=len(wish.photos),
        reason_needs_photo=reason.needs_photo,
    )
