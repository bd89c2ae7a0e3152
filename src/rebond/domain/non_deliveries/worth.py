"""What is paid back for pieces that never arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db.models import Sum

from rebond.domain.non_deliveries.models import NonDeliveryLine
from rebond.domain.orders.models import ChargeKind, Order
from rebond.domain.orders.reading import read_money_of
from rebond.domain.refunds import amounts
from rebond.domain.refunds.models import SettlementCharge
from rebond.domain.refunds.quoting import Pieces, worked_again, worked_for

ORIGIN = "missing"


def worth_of(
    order: Order, pieces: Mapping[UUID, int], *, with_delivery: bool = False
) -> amounts.Quote:
    """The whole price of ``pieces`` by order line, as it was paid, discounts taken off.

    Where nothing of the order has arrived, delivery and fees come back too: all that was paid.
    Where something has, delivery comes back only ``with_delivery``. Raises ``QuoteRefused``.
    Source: C. conso. L216-7; Dir. 2011/83/EU art. 18(3).
    """
    read_money_of(order)
    whole = is_whole(order, pieces)
    wanted = [Pieces(line, quantity) for line, quantity in pieces.items()]
    worked = worked_for(order, wanted, {"refunds_shipping": whole or with_delivery})
    fees = _fees_left(order) if whole else ()
    if not fees:
        return worked.answer
    return worked_again(worked, replace(worked.action, fees=fees))


def is_whole(order: Order, pieces: Mapping[UUID, int]) -> bool:
    """Whether with ``pieces`` every piece of ``order`` has been paid back as missing."""
    before = dict(
        NonDeliveryLine.objects.filter(shop_id=order.shop_id, report__order=order)
        .values_list("order_line_id")
        .annotate(paid=Sum("refunded_quantity"))
    )
    return all(
        before.get(line.pk, 0) + pieces.get(line.pk, 0) == line.quantity
        for line in order.lines.all()
    )


def _fees_left(order: Order) -> tuple[amounts.WantedFee, ...]:
    gone = set(
        SettlementCharge.objects.filter(
            shop_id=order.shop_id, settlement__order=order, settlement__called_off_at=None
        ).values_list("charge_id", flat=True)
    )
    return tuple(
        amounts.WantedFee(str(one.pk))
        for one in order.charges.all()
        if one.kind == ChargeKind.FEE and one.amount_minor and one.pk not in gone
    )
