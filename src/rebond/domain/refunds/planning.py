"""Places an amount on the payments of an order: which gives how much, and by which way.

Planned whole before anything is sent, written down with the settlement, shown before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from rebond.domain.ledger.movements import percent_of
from rebond.domain.orders.models import Order, Payment
from rebond.domain.refunds import amounts
from rebond.domain.refunds.errors import NoRefundablePayment, PaymentDisputed
from rebond.domain.refunds.ways import EXCHANGE, ChosenWay, LinesWay, Way
from rebond.domain.refunds.wished import bonus_in, with_flat_bonus
from rebond.kernel.money import allocate


@dataclass(frozen=True)
class Part:
    """What one payment gives back, in its own currency, through ``provider``.

    ``order_minor`` is the same part in the order's currency. No ``provider``: a person has to
    find a way, because the payment cannot be refunded. ``is_chosen``: somebody chose this way.
    ``flat_bonus_minor`` is this part's share of what comes on top of store credit once.
    """

    payment: Payment
    amount_minor: int
    order_minor: int
    provider: str
    destination: str = ""
    is_chosen: bool = False
    flat_bonus_minor: int = 0

    @property
    def bonus_minor(self) -> int:
        """All that comes on top of this part, in its own currency."""
        return percent_of(self.amount_minor, bonus_in(self.destination)) + self.flat_bonus_minor

    @property
    def sent_to(self) -> str:
        """The destination as its plug is told it."""
        return with_flat_bonus(self.destination, self.flat_bonus_minor)

    @property
    def takes_another_way(self) -> bool:
        """Whether the money does not go back the way it came."""
        return self.is_chosen or self.provider != self.payment.provider


def plan_of(order: Order, answer: amounts.Quote, chosen: ChosenWay) -> list[Part]:
    """The parts that pay ``answer`` by the ``chosen`` way, in the order of the payments' ids.

    What no payment takes back is placed on what is left of them, for a person to find a way.
    Raises ``PaymentDisputed`` where a payment is held by the shopper's bank, and
    ``NoRefundablePayment`` when all payments together have too little left.
    """
    payments = {payment.pk: payment for payment in order.payments.all()}
    if chosen.way is Way.ORIGINAL:
        parts = _back(payments, answer.tenders)
        rest = answer.manual + answer.unallocated
        parts += _spread(order, list(payments.values()), rest, parts, provider="")
    else:
        in_order = _in_tender_order(order, list(payments.values()))
        owed = answer.refund_total + answer.unallocated
        parts = _spread(
            order,
            in_order,
            owed,
            [],
            provider=chosen.way.value,
            destination=chosen.destination,
        )
    parts = _topped(order, _parted(order, answer, parts, chosen), chosen.bonus_minor)
    for part in parts:
        if part.payment.is_disputed:
            raise PaymentDisputed(order=order.number, payment=str(part.payment.pk))
    return sorted(parts, key=lambda part: str(part.payment.pk))


def is_of(part: Part, chosen: LinesWay) -> bool:
    """Whether ``part`` was taken out for the lines of ``chosen``."""
    return part.is_chosen and (part.provider, part.destination) == (chosen.way, chosen.destination)


def as_json(parts: Sequence[Part]) -> list[dict[str, object]]:
    """The plan as it is kept in a settlement's breakdown and shown to people."""
    return [
        {
            "payment": str(part.payment.pk),
            "amount_minor": part.order_minor,
            "provider": part.provider,
            "way": part.provider if part.is_chosen else "",
        }
        for part in parts
    ]


def _back(payments: dict[UUID, Payment], tenders: Sequence[amounts.Tender]) -> list[Part]:
    return [
        Part(payment, tender.charge_amount, tender.amount, payment.provider)
        for tender in tenders
        for payment in [payments[UUID(tender.payment_id)]]
        if tender.charge_amount
    ]


def _parted(
    order: Order, answer: amounts.Quote, parts: Sequence[Part], chosen: ChosenWay
) -> list[Part]:
    """The same parts, with what pays for goods taken out, then what goes a way of its own."""
    made: list[Part] = []
    rest = list(parts)
    if chosen.exchanged is not None:
        to = chosen.exchanged.destination
        taken, rest = _take(order, rest, chosen.exchanged.amount_minor, EXCHANGE, to)
        made += taken
    for each in chosen.lines:
        left = sum(part.order_minor for part in rest)
        amount = min(left, sum(_gross_of(answer, each)))
        taken, rest = _take(order, rest, amount, each.way, each.destination)
        made += taken
    return made + rest


def _topped(order: Order, parts: Sequence[Part], flat_minor: int) -> list[Part]:
    """The same parts, with ``flat_minor`` spread over those that become store credit.

    Nothing where the order has another currency than the shop, whose amounts a policy names.
    """
    credited = [
        part for part in parts if part.is_chosen and part.provider == Way.STORE_CREDIT.value
    ]
    if not flat_minor or not credited or order.currency != order.shop.currency:
        return list(parts)
    shares = allocate(flat_minor, [part.amount_minor for part in credited])
    topped = {
        id(part): replace(part, flat_bonus_minor=min(share, part.amount_minor - part.bonus_minor))
        for part, share in zip(credited, shares, strict=True)
    }
    return [topped.get(id(part), part) for part in parts]


def _gross_of(answer: amounts.Quote, chosen: LinesWay) -> Iterator[int]:
    for item in answer.lines:
        if UUID(item.id) in chosen.order_lines:
            yield item.gross


def _take(
    order: Order, parts: Sequence[Part], amount_minor: int, provider: str, destination: str
) -> tuple[list[Part], list[Part]]:
    """``amount_minor`` taken out of ``parts`` from the first one on, and what is left of them.

    A part in another currency than the order's gives nothing: a rate would be a guess. Raises
    ``NoRefundablePayment`` when the others are too small.
    """
    left, made, rest = amount_minor, [], []
    for part in parts:
        taken = min(left, part.amount_minor) if part.payment.currency == order.currency else 0
        kept = part.amount_minor - taken
        if taken:
            made.append(Part(part.payment, taken, taken, provider, destination, is_chosen=True))
        if kept:
            rest.append(replace(part, amount_minor=kept, order_minor=part.order_minor - taken))
        left -= taken
    if left:
        raise NoRefundablePayment(order=order.number, owed_minor=left, currency=order.currency)
    return made, rest


def _spread(
    order: Order,
    payments: Sequence[Payment],
    amount: int,
    before: Sequence[Part],
    *,
    provider: str,
    destination: str = "",
) -> list[Part]:
    """Place ``amount`` on what is left of the payments, one after the other."""
    parts = []
    for payment in payments:
        if not amount:
            break
        if payment.currency != order.currency:
            continue
        left = payment.left_minor - sum(p.amount_minor for p in before if p.payment == payment)
        part = min(left, amount)
        if part > 0:
            parts.append(Part(payment, part, part, provider, destination, bool(provider)))
            amount -= part
    if amount:
        raise NoRefundablePayment(order=order.number, owed_minor=amount, currency=order.currency)
    return parts


def _in_tender_order(order: Order, payments: Sequence[Payment]) -> list[Payment]:
    wanted = list(order.shop.tender_order)
    place = {method: number for number, method in enumerate(wanted)}
    return sorted(payments, key=lambda p: (place.get(p.method, len(wanted)), p.position))
