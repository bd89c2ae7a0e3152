"""Which articles an amount that was refunded elsewhere was probably for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from rebond.domain.orders.models import Order
from rebond.domain.refunds.left import left_of
from rebond.domain.refunds.models import OutsideRefund
from rebond.domain.refunds.quoting import first_worth, pieces_of
from rebond.domain.refunds.wishes import OrderRefund, WantedCharge, WantedPieces
from rebond.domain.returns.models import Return

MOST_TRIED = 80
MOST_PIECES = 12


def guess_of(order: Order, row: OutsideRefund) -> OrderRefund | None:
    """The likeliest wish that is worth exactly the amount; None where nothing fits.

    First what a return is waiting for, then all that is left, then pieces of one article.
    """
    wishes = list(islice(_likely(order), MOST_TRIED))
    return first_worth(order, wishes, row.amount_minor, but=row)


def open_returns(order: Order) -> list[Return]:
    """Returns of the order whose refund is not decided yet."""
    waiting = order.returns.exclude(origin="import").order_by("requested_at", "id")
    decided = set(
        order.settlements.filter(called_off_at=None)
        .exclude(rma=None)
        .values_list("rma_id", flat=True)
    )
    return [rma for rma in waiting if rma.pk not in decided]


def _likely(order: Order) -> Iterator[OrderRefund]:
    left = left_of(order)
    charges = tuple(
        WantedCharge(charge.pk) for charge in order.charges.all() if left[charge.pk].minor > 0
    )
    for rma in open_returns(order):
        pieces = tuple(WantedPieces(one.order_line_id, one.quantity) for one in pieces_of(rma))
        yield OrderRefund(pieces=pieces)
        yield OrderRefund(pieces=pieces, charges=charges)
    everything = OrderRefund(
        pieces=tuple(
            WantedPieces(line.pk, left[line.pk].quantity)
            for line in order.lines.all()
            if left[line.pk].quantity
        ),
        charges=charges,
    )
    yield everything
    yield replace(everything, charges=())
    for charge in charges:
        yield OrderRefund(charges=(charge,))
    for one in everything.pieces:
        for count in range(1, min(one.quantity, MOST_PIECES) + 1):
            some = (replace(one, quantity=count),)
            yield OrderRefund(pieces=some)
            yield OrderRefund(pieces=some, charges=charges)
