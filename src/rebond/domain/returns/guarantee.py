"""How long the legal guarantee of one article runs, as the law engine says; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rebond.domain import law
from rebond.domain.law.calendar import add_days, add_months
from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.returns.models import Reason, ReasonFamily

PROLONGED_IN = "FR"
"""The page of law that says by how much a repair prolongs the guarantee."""


def is_defect(reason: Reason | None) -> bool:
    """Whether ``reason`` is a fault of the goods themselves."""
    return reason is not None and reason.is_our_fault and reason.family == ReasonFamily.PRODUCT


def delivered_on(order: Order) -> date | None:
    """The day of the last delivery; None while one is missing or unknown."""
    days = [delivery.delivered_on for delivery in order.deliveries.all()]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def guarantee_end(
    bought: OrderLine, order: Order, *, asked_on: date, pieces: int = 1
) -> date | None:
    """The last day of the legal guarantee of ``pieces`` of ``bought``; None where no page says so.

    Repairs that prolonged it count, each for its piece. Nobody can tell equal pieces apart, so the
    claim is taken to be of those that are guaranteed longest, and the first of their ends counts.
    Source: C. conso. L217-3, L217-13; Dir. (EU) 2019/771 art. 10.
    """
    prolonged = _prolonged(bought)
    if pieces <= len(prolonged):
        return prolonged[pieces - 1]
    return _end_by_delivery(order, asked_on)


def ends_after_repair(
    bought: OrderLine, order: Order, *, pieces: int, asked_on: date, sent_back_on: date
) -> list[date]:
    """The ends of the guarantee of ``pieces`` after their repair, one each, the latest first.

    Each gets the days without it, then six months. Empty where the country's page prolongs
    nothing. ``asked_on`` is the day of the claim, from which the guarantee stands still.
    Source: C. conso. L217-13 al. 1, L217-28.
    """
    place = law.place_named(order.country or order.shop.country)
    if place is None or place.page != PROLONGED_IN:
        return []
    away, months = max(0, (sent_back_on - asked_on).days), law.months_after_repair(asked_on)
    was = [
        guarantee_end(bought, order, asked_on=asked_on, pieces=count)
        for count in range(1, pieces + 1)
    ]
    return [add_months(add_days(end, away), months) for end in was if end is not None]


def with_ends(bought: OrderLine, ends: Sequence[date]) -> list[str]:
    """``piece_guarantees`` of ``bought`` once the pieces guaranteed longest run until ``ends``."""
    left = _prolonged(bought)[len(ends) :]
    return [day.isoformat() for day in sorted([*ends, *left], reverse=True)]


def _prolonged(bought: OrderLine) -> list[date]:
    return [date.fromisoformat(day) for day in bought.piece_guarantees]


def _end_by_delivery(order: Order, asked_on: date) -> date | None:
    """As the law counts from the delivery; from the order's day where that is not known."""
    since = delivered_on(order) or order.ordered_at.date()
    said = law.answer(
        {
            "jurisdiction": order.country or order.shop.country,
            "topic": "legal_guarantee",
            "facts": {
                "delivered_on": since.isoformat(),
                "defect_appeared_on": asked_on.isoformat(),
            },
        }
    )
    end = said.get("guarantee_ends")
    return date.fromisoformat(end) if isinstance(end, str) else None
