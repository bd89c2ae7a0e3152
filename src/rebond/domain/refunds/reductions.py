"""What a price is reduced by for a fault of the goods, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from rebond.domain.orders.models import Order
from rebond.domain.orders.reading import read_money_of
from rebond.domain.refunds import amounts
from rebond.domain.refunds.amounts.why import because
from rebond.domain.refunds.left import left_of
from rebond.domain.refunds.quoting import quote_of_wish
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.returns.models import Return
from rebond.kernel.money import half_up

ORIGIN = "reduction"
LEAST, MOST = 1, 99


def reduction_for(rma: Return, percents: Mapping[UUID, int]) -> amounts.Quote | None:
    """The quote of a price reduction; None where nothing is left of any price.

    ``percents`` says by the id of a line of ``rma`` how much less its pieces are worth with
    their fault than without, ``LEAST`` to ``MOST``. That share of what they cost comes back,
    rounded half up, never more than is left of the line. Source: C. conso. L217-16;
    Dir. (EU) 2019/771 art. 15.
    """
    assert rma.order is not None
    order = rma.order
    read_money_of(order)
    left, cuts, why = left_of(order), [], []
    for line in rma.lines.all():
        percent = percents.get(line.pk, 0)
        if line.order_line_id is None or not percent:
            continue
        price = _price(order, line.order_line_id, line.quantity)
        amount = half_up(Fraction(price * percent, 100))
        amount = min(amount, left[line.order_line_id].minor)
        if amount:
            cuts.append(WantedPieces(line.order_line_id, amount_minor=amount))
            of_line = str(line.order_line_id)
            why.append(because("price_reduced", of_line, percent, price, amount))
    if not cuts:
        return None
    quote = quote_of_wish(order, OrderRefund(pieces=tuple(cuts)))
    told = [entry for entry in quote.why if entry["code"] != "line_value"]
    return replace(quote, why=(*why, *told))


def is_reduced(rma: Return) -> bool:
    """Whether a price reduction stands on ``rma``."""
    return rma.settlements.filter(origin=ORIGIN, called_off_at=None).exists()


def _price(order: Order, order_line: UUID, quantity: int) -> int:
    """What so many pieces of the line cost, rounded half up, VAT inside."""
    bought = next(line for line in order.lines.all() if line.pk == order_line)
    return half_up(Fraction(bought.total_minor * quantity, bought.quantity))
