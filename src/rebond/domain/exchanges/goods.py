"""The goods of an exchange as rows, as figures, and as an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from rebond.domain.exchanges.errors import NotForExchange
from rebond.domain.exchanges.models import Exchange, ExchangeLine
from rebond.domain.exchanges.pricing import Wanted
from rebond.domain.exchanges.states import WAIVED
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.orders.models import Order
from rebond.domain.orders.new import NewLine, NewOrder, NewPayment, NewShopper
from rebond.domain.products.errors import UnknownProduct
from rebond.domain.products.models import Product
from rebond.domain.refunds.ways import EXCHANGE
from rebond.domain.returns.models import Return, ReturnLine
from rebond.kernel.clock import now
from rebond.kernel.money import allocate

LONGEST_BASE = 30
"""So much of an order's number stands in that of its exchange."""

Back = tuple[int, int]
"""Pieces of a line that come back, and what is credited for them in minor units."""


def agreed_lines(rma: Return, wanted: Sequence[Instead]) -> list[ExchangeLine]:
    """The lines of an exchange, not saved. Raises ``UnknownProduct`` and ``NotForExchange``."""
    mine = {line.pk: line for line in rma.lines.select_related("order_line__product")}
    skus = {each.sku for each in wanted}
    products = {p.sku: p for p in Product.objects.filter(shop_id=rma.shop_id, sku__in=skus)}
    lines = []
    for each in wanted:
        line, product = mine.pop(each.return_line_id, None), products.get(each.sku)
        if product is None:
            raise UnknownProduct(sku=each.sku)
        if line is None or line.order_line is None:
            raise NotForExchange(sku=each.sku, why="not_delivered_here")
        if not 1 <= each.quantity <= line.quantity:
            raise NotForExchange(sku=each.sku, why="too_many")
        lines.append(_line(rma, line, product, each.quantity))
    return lines


def is_even(bought: Product | None, wanted: Product) -> bool:
    """Whether ``wanted`` is the same thing as what was bought, in another size or colour."""
    if bought is None:
        return False
    if bought.pk == wanted.pk:
        return True
    same = bool(wanted.family) and bought.family == wanted.family
    return same and (bought.price_minor == wanted.price_minor or wanted.price_minor is None)


def is_same(line: ExchangeLine) -> bool:
    """Whether the line sends the very article again that comes back."""
    bought = line.return_line.order_line
    return bought is not None and bought.product_id == line.product_id


def wanted_of(lines: Sequence[ExchangeLine], back: Mapping[str, Back]) -> list[Wanted]:
    """The lines for their pricing; ``back`` is what the return gives for each line of the order."""
    found = []
    for line in lines:
        pieces, gross = back.get(str(line.return_line.order_line_id), (0, 0))
        found.append(
            Wanted(
                quantity=line.quantity,
                is_even=line.is_even,
                unit_minor=line.unit_minor,
                accepted=pieces,
                credited_minor=gross,
                credited_pieces=pieces,
            )
        )
    return found


def goods_of(lines: Sequence[ExchangeLine]) -> str:
    """The goods in a few words, for a timeline: "1 × MUG-07, 2 × LAMP-01"."""
    return ", ".join(
        f"{line.quantity if line.settled_quantity is None else line.settled_quantity} × {line.sku}"
        for line in lines
        if line.settled_quantity != 0
    )


def order_of(exchange: Exchange, lines: Sequence[ExchangeLine]) -> NewOrder:
    """The sale of the new goods, paid by the return and by the difference."""
    rma = exchange.rma
    assert rma.order is not None
    sold = [line for line in lines if line.settled_quantity]
    due = exchange.due_minor or 0
    off = due if exchange.due_way == WAIVED else 0
    less = allocate(off, [line.gross_minor or 0 for line in sold])
    payments = [
        NewPayment(EXCHANGE, EXCHANGE, str(exchange.pk), exchange.applied_minor or 0, False)
    ]
    if due and not off:
        paid = NewPayment("paper", exchange.due_way, exchange.due_reference, due)
        payments.append(paid)
    return NewOrder(
        number=_number(rma.order),
        ordered_at=now(),
        currency=exchange.currency,
        shopper=_shopper(rma.order),
        lines=tuple(
            NewLine(
                sku=line.sku,
                title=line.title,
                quantity=line.settled_quantity or 0,
                total_minor=(line.gross_minor or 0) - taken,
                tax_rate=line.tax_rate,
                discount_minor=taken,
            )
            for line, taken in zip(sold, less, strict=True)
        ),
        payments=tuple(payment for payment in payments if payment.captured_minor),
        channel=rma.order.channel,
    )


def _line(rma: Return, line: ReturnLine, product: Product, quantity: int) -> ExchangeLine:
    assert line.order_line is not None
    assert rma.order is not None
    even = is_even(line.order_line.product, product)
    if not even and (product.price_minor is None or product.currency != rma.order.currency):
        raise NotForExchange(sku=product.sku, why="price_unknown")
    rate = next((str(tax.get("rate") or "") for tax in line.order_line.taxes), product.tax_rate)
    return ExchangeLine(
        shop_id=rma.shop_id,
        return_line=line,
        product=product,
        sku=product.sku,
        title=f"{product.title} ({product.option})" if product.option else product.title,
        quantity=quantity,
        is_even=even,
        unit_minor=0 if even else product.price_minor or 0,
        tax_rate=rate if even else product.tax_rate,
    )


def _number(order: Order) -> str:
    """The number "1001-E1": the order's number and which exchange of it."""
    base = f"{order.number[:LONGEST_BASE]}-E"
    mine = Order.objects.filter(shop_id=order.shop_id, number_key__startswith=base.lower())
    taken = set(mine.values_list("number_key", flat=True))
    return next(f"{base}{n}" for n in count(1) if f"{base}{n}".lower() not in taken)


def _shopper(order: Order) -> NewShopper:
    shopper = order.shopper
    return NewShopper(
        email=shopper.email,
        name=shopper.name,
        key=shopper.key,
        phone=shopper.phone,
        language=shopper.language,
        address=tuple(shopper.address),
        postcode=shopper.postcode,
        country=order.country or shopper.country,
    )
