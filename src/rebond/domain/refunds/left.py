"""What every line and charge of an order can still give back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rebond.domain.orders.models import Order


@dataclass(frozen=True)
class Left:
    """What is left to refund of one line (or charge): pieces, and money with its VAT inside."""

    quantity: int
    minor: int


def left_of(order: Order) -> dict[UUID, Left]:
    """What every line and charge of ``order`` can still give back, by their ids."""
    left = {line.pk: Left(line.quantity, line.total_minor) for line in order.lines.all()}
    left |= {charge.pk: Left(1, charge.amount_minor) for charge in order.charges.all()}
    standing = order.settlements.filter(called_off_at=None).prefetch_related("lines", "charges")
    for settlement in standing:
        for line in settlement.lines.all():
            before = left[line.order_line_id]
            left[line.order_line_id] = Left(
                max(0, before.quantity - line.quantity), max(0, before.minor - line.gross_minor)
            )
        for charge in settlement.charges.all():
            before = left[charge.charge_id]
            left[charge.charge_id] = Left(1, max(0, before.minor - charge.gross_minor))
    return left
