"""Finds the order that a statement is about, and what the law says of it. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from rebond.domain import law
from rebond.domain.orders.models import Order, OrderLine, OrderState
from rebond.domain.withdrawals.models import Statement
from rebond.domain.withdrawals.states import Question
from rebond.kernel.clock import local_date

MOST_NUMBERS = 8
WORD = re.compile(r"[\w./-]+")


@dataclass(frozen=True)
class Assessment:
    """``last_day`` of the right, None while the goods are not there; a ``question`` or none."""

    last_day: date | None
    is_late: bool
    question: Question | None


def order_of(statement: Statement) -> Order | None:
    """The order of the page it came from, or the one whose number and address it names.

    A number alone proves nothing, so the address must be that of the purchase.
    """
    orders = Order.objects.select_related("shopper", "shop")
    if statement.order_id is not None:
        return orders.filter(shop_id=statement.shop_id, pk=statement.order_id).first()
    keys = list(_numbers(statement.contract))[:MOST_NUMBERS]
    found = orders.filter(
        shop_id=statement.shop_id,
        number_key__in=keys,
        shopper__email_key=statement.email_key,
    )
    several = list(found[:2])
    return several[0] if len(several) == 1 else None


def candidates(statement: Statement, limit: int = 5) -> list[Order]:
    """Orders that a person may want to look at: by the number named, else by the address."""
    orders = Order.objects.select_related("shopper").filter(shop_id=statement.shop_id)
    keys = list(_numbers(statement.contract))[:MOST_NUMBERS]
    by_number = list(orders.filter(number_key__in=keys)[:limit])
    by_email = orders.filter(shopper__email_key=statement.email_key).order_by("-ordered_at")
    known = {order.pk for order in by_number}
    return (by_number + [o for o in by_email[:limit] if o.pk not in known])[:limit]


def assess(order: Order, submitted_at: datetime) -> Assessment:
    """Whether the law lets the consumer withdraw from ``order`` at ``submitted_at``.

    Only what the rows settle: anything doubtful is a question for a person, never a no.
    """
    place = law.place_named(order.country or order.shop.country)
    if order.shopper.is_business:
        return Assessment(None, False, Question.BUSINESS)
    if place is None or not law.covers(place.code, "withdrawal_period"):
        return Assessment(None, False, Question.ELSEWHERE)
    if order.state == OrderState.CANCELLED:
        return Assessment(None, False, Question.GONE)
    last_day = last_day_of(order)
    stated_on = local_date(submitted_at, place.zone)
    is_late = last_day is not None and stated_on > last_day
    return Assessment(last_day, is_late, Question.LATE if is_late else None)


def last_day_of(order: Order, *, informed: bool = True) -> date | None:
    """The last day of the right to withdraw from ``order``; None while the goods are not there.

    ``informed`` False asks until when it lasts where the consumer was never told of it.
    Source: C. conso. L221-18 to L221-20; Dir. 2011/83/EU arts 9 and 10.
    """
    days = [delivery.delivered_on for delivery in order.deliveries.all()]
    received = [
        {"item": str(place), "on": day.isoformat()} for place, day in enumerate(days) if day
    ]
    if not received or len(received) < len(days):
        return None
    facts = {"received": received, "information_given": informed}
    country = order.country or order.shop.country
    case = {"jurisdiction": country, "topic": "withdrawal_period", "facts": facts}
    last_day = law.answer(case).get("last_day")
    return date.fromisoformat(last_day) if isinstance(last_day, str) else None


def pieces_left(order: Order) -> list[tuple[OrderLine, int]]:
    """Each line of which pieces can still come back, and how many."""
    return [
        (line, line.delivered_quantity - line.returned_quantity)
        for line in order.lines.order_by("position")
        if line.delivered_quantity > line.returned_quantity
    ]


def wanted_pieces(statement: Statement, order: Order) -> dict[UUID, int] | None:
    """The pieces that the statement gives back, by line; None where a person has to read it."""
    if statement.note:
        return None
    if statement.pieces:
        return {UUID(piece["line"]): int(piece["quantity"]) for piece in statement.pieces}
    return {line.pk: left for line, left in pieces_left(order)}


def _numbers(text: str) -> Iterator[str]:
    """What in ``text`` may be an order number, as orders keep it."""
    whole = text.strip().lstrip("#").strip().lower()
    yield whole[:40]
    for word in WORD.findall(text.lower()):
        if any(sign.isdigit() for sign in word):
            yield word.strip("./-")[:40]
