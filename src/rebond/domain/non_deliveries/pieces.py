"""Takes missing pieces out of what may come back, and puts them in again. Inside actions only.

One conditional update decides on every database; the table's constraint stands behind it, so that
a piece is never returned and paid as missing too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.db.models.functions import Least

from rebond.domain.non_deliveries.errors import NothingMissing, PiecesNotMissing
from rebond.domain.non_deliveries.models import NonDelivery, NonDeliveryLine
from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.refunds.models import SettlementLine


def take(bought: OrderLine, quantity: int) -> int:
    """Count ``quantity`` pieces as missing; how many of them counted as delivered.

    Raises ``PiecesNotMissing`` where too few are left that nobody returned or reported.
    """
    before = bought.delivered_quantity
    taken = OrderLine.objects.filter(
        pk=bought.pk, quantity__gte=F("returned_quantity") + F("missing_quantity") + quantity
    ).update(
        missing_quantity=F("missing_quantity") + quantity,
        delivered_quantity=Least(
            F("delivered_quantity"), F("quantity") - F("missing_quantity") - quantity
        ),
    )
    bought.refresh_from_db(
        fields=["quantity", "delivered_quantity", "returned_quantity", "missing_quantity"]
    )
    if not taken:
        left = bought.quantity - bought.returned_quantity - bought.missing_quantity
        raise PiecesNotMissing(sku=bought.sku, asked=quantity, possible=max(0, left))
    return before - bought.delivered_quantity


def give_back(line: NonDeliveryLine, quantity: int, *, is_here: bool) -> None:
    """``quantity`` pieces are missing no longer: they are with the customer (``is_here``), or
    stand again where they stood before."""
    delivered = quantity if is_here else min(quantity, line.from_delivered)
    line.from_delivered = max(0, line.from_delivered - quantity)
    OrderLine.objects.filter(pk=line.order_line_id).update(
        missing_quantity=F("missing_quantity") - quantity,
        delivered_quantity=F("delivered_quantity") + delivered,
    )


def left_to_report(order: Order) -> dict[UUID, int]:
    """By line: the pieces that nobody returned, reported, or was paid for without a return."""
    paid: Mapping[UUID, int] = dict(
        SettlementLine.objects.filter(
            shop_id=order.shop_id,
            settlement__order=order,
            settlement__rma=None,
            settlement__called_off_at=None,
        )
        .exclude(settlement__in=_as_missing(order))
        .values_list("order_line_id")
        .annotate(pieces=Sum("quantity"))
    )
    return {
        line.pk: max(
            0,
            line.quantity
            - line.returned_quantity
            - line.missing_quantity
            - (paid.get(line.pk) or 0),
        )
        for line in order.lines.all()
    }


def chosen(report: NonDelivery, wanted: Mapping[UUID, int] | None) -> dict[NonDeliveryLine, int]:
    """The open pieces of ``report`` that are meant by line: ``wanted``, or all for None.

    Raises ``NothingMissing`` and ``PiecesNotMissing``.
    """
    lines = list(report.lines.select_related("order_line").order_by("order_line__position"))
    asked = {line.order_line_id: line.open_quantity for line in lines} if wanted is None else wanted
    known = {line.order_line_id: line for line in lines}
    if set(asked) - set(known) or not any(asked.values()):
        raise NothingMissing
    for key, quantity in asked.items():
        line = known[key]
        if not 0 <= quantity <= line.open_quantity:
            raise PiecesNotMissing(
                sku=line.order_line.sku, asked=quantity, possible=line.open_quantity
            )
    return {known[key]: quantity for key, quantity in asked.items() if quantity}


def _as_missing(order: Order) -> Any:
    """The settlements that paid missing pieces: those are counted on the lines."""
    return order.settlements.filter(origin="missing").values("pk")
