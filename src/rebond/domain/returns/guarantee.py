"""How long the legal guarantee of one article runs, as the law engine says; writes nothing."""

from __future__ import annotations

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


def guarantee_end(bought: OrderLine, order: Order, *, asked_on: date) -> date | None:
    """The last day of the legal guarantee of ``bought``; None where no page of law says so.

    A repair that prolonged it counts. Where the delivery is not known, the order's day does.
    Source: C. conso. L217-3, L217-13; Dir. (EU) 2019/771 art. 10.
    """
    if bought.guaranteed_until is not None:
        return bought.guaranteed_until
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


def end_after_repair(
    bought: OrderLine, order: Order, *, asked_on: date, sent_back_on: date
) -> date | None:
    """The end of the guarantee after a repair: the days without the piece, then six months.

    None where the country's page does not prolong it. ``asked_on`` is the day of the claim, from
    which the guarantee stands still. Source: C. conso. L217-13 al. 1, L217-28.
    """
    place = law.place_named(order.country or order.shop.country)
    end = guarantee_end(bought, order, asked_on=asked_on)
    if place is None or place.page != PROLONGED_IN or end is None:
        return None
    moved = add_days(end, max(0, (sent_back_on - asked_on).days))
    return add_months(moved, law.months_after_repair(asked_on))
