"""The withdrawal right in plain types: its days and its sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rebond.domain.law.calendar import FRANCE, Calendar, add_days, add_months
from rebond.domain.law.dated import whole
from rebond.domain.law.places import place_named

_LOSS_OF_VALUE = {
    "FR": "C. conso. L221-23",
    "DE": "BGB § 357a",
    "EU": "Dir. 2011/83/EU art. 14(2)",
    "UK": "SI 2013/3134 reg. 34(9)",
}
"""By the page of law that speaks for a country."""


@dataclass(frozen=True, slots=True)
class Period:
    """A withdrawal period. All days are inclusive; ``start_event`` itself is not counted."""

    start_event: date
    initial_end: date
    last_day: date
    prolonged_from: date | None

    @property
    def is_extended(self) -> bool:
        """True when missing information moved the end."""
        return self.last_day > self.initial_end


def withdrawal_period(
    start_event: date,
    *,
    informed: bool = True,
    informed_later_on: date | None = None,
    calendar: Calendar = FRANCE,
    law: str = "withdrawal",
) -> Period:
    """Fourteen days after the event, and up to twelve months more without information.

    ``start_event`` is the receipt of the goods or the conclusion of a service.
    ``informed_later_on`` is the day on which missing information was given; None
    means never. ``law`` is the prefix of the parameters. Raises ``ParameterUnknown``.
    Source: C. conso. L221-18 to L221-20; Dir. 2011/83/EU arts 9 and 10.
    """
    days = whole(f"{law}.days", start_event)
    initial_end = calendar.prolonged(add_days(start_event, days))
    if informed:
        unmoved = add_days(start_event, days)
        return _period(start_event, initial_end, unmoved, calendar)
    longest = add_months(initial_end, whole(f"{law}.extension_months", start_event))
    if informed_later_on is None or informed_later_on > calendar.prolonged(longest):
        return _period(start_event, initial_end, longest, calendar)
    unmoved = max(initial_end, min(longest, add_days(informed_later_on, days)))
    return _period(start_event, initial_end, unmoved, calendar)


def withdrawal_last_day(
    received_on: date,
    *,
    informed: bool = True,
    informed_later_on: date | None = None,
    calendar: Calendar = FRANCE,
) -> date:
    """The last day on which the consumer may withdraw, inclusive.

    Source: C. conso. L221-18 to L221-20; Dir. 2011/83/EU arts 9 and 10.
    """
    period = withdrawal_period(
        received_on, informed=informed, informed_later_on=informed_later_on, calendar=calendar
    )
    return period.last_day


def send_back_by(informed_on: date) -> date:
    """The last day for the consumer to hand the goods to a carrier; never prolonged.

    Source: C. conso. L221-23 al. 1; Dir. 2011/83/EU art. 14(1).
    """
    return add_days(informed_on, whole("withdrawal.send_back_days", informed_on))


def withholding_ends_on(
    *, goods_received_on: date | None, proof_of_dispatch_on: date | None
) -> date | None:
    """The day that ends the trader's right to wait: goods back or proof, the earlier.

    None while neither has come. Source: C. conso. L221-24 al. 2; Dir. art. 13(3).
    """
    return min((day for day in (goods_received_on, proof_of_dispatch_on) if day), default=None)


def refund_due_on(
    informed_on: date,
    *,
    goods_received_on: date | None = None,
    proof_of_dispatch_on: date | None = None,
    may_withhold: bool = True,
) -> date | None:
    """The last day to refund, without any prolongation; inspection never moves it.

    ``may_withhold`` is False for services and where the trader offered to collect.
    None while the trader may still wait for the goods or for proof of dispatch.
    Source: C. conso. L221-24; Dir. 2011/83/EU art. 13.
    """
    plain = add_days(informed_on, whole("withdrawal.refund_days", informed_on))
    if not may_withhold:
        return plain
    until = withholding_ends_on(
        goods_received_on=goods_received_on, proof_of_dispatch_on=proof_of_dispatch_on
    )
    return None if until is None else max(plain, until)


def depreciation_claim(
    price: int, *, value_before: int, value_after: int, informed: bool, excessive: bool
) -> int:
    """The most that may be claimed for loss of value, in minor units; 0 to ``price``.

    ``excessive`` is handling beyond what a shop would allow.
    Source: C. conso. L221-23 al. 3; Dir. 2011/83/EU art. 14(2).
    """
    if not (informed and excessive):
        return 0
    return max(0, min(price, value_before - value_after))


def loss_of_value_article(jurisdiction: str) -> str:
    """Where a country's law speaks of loss of value; "" where no page of law does.

    A member state without a page of its own is told the directive's article.
    """
    place = place_named(jurisdiction)
    return _LOSS_OF_VALUE.get(place.page, "") if place is not None else ""


def standard_delivery_part(paid: int, *, standard_price: int | None, chosen_expressly: bool) -> int:
    """The part of the delivery price that is refunded, in minor units.

    ``standard_price`` None means that no standard mode was offered.
    Source: C. conso. L221-24 al. 4; Dir. 2011/83/EU art. 13(2).
    """
    if standard_price is None or not chosen_expressly:
        return paid
    return min(paid, standard_price)


def _period(start: date, initial_end: date, unmoved: date, calendar: Calendar) -> Period:
    last_day = calendar.prolonged(unmoved)
    return Period(start, initial_end, last_day, None if last_day == unmoved else unmoved)
