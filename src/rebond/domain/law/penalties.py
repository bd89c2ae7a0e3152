"""What a late refund costs on top of the refund: bands, percentages, legal interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from rebond.domain.law.calendar import add_days
from rebond.domain.law.dated import row, steps, whole
from rebond.domain.law.money import percent_at, rounded, share

IN_TIME, LEGAL_INTEREST, PERCENT, CAPPED = "none", "legal_interest", "percent", "capped"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a delay stands on the scale; ``percent`` is None under legal interest."""

    band: str
    percent: int | None


def late_refund_step(days_late: int, *, due_on: date) -> Step:
    """The step of the scale for a withdrawal refund that is ``days_late`` days late.

    Upper ends are inclusive; past ninety days each thirty-day month begun adds five
    points. Source: C. conso. L242-4.
    """
    if days_late <= 0:
        return Step(IN_TIME, 0)
    if days_late <= whole("late_refund.interest_days", due_on):
        return Step(LEGAL_INTEREST, None)
    bands = steps("late_refund.bands", due_on)
    last_day, last_percent = bands[-1]
    month = whole("late_refund.month_days", due_on)
    months_begun = max(0, -(-(days_late - last_day) // month))
    points = months_begun * whole("late_refund.points_per_month", due_on)
    return Step(PERCENT, percent_at(days_late, bands, beyond=last_percent + points))


def late_refund_uplift(
    sum_due: int,
    *,
    days_late: int,
    due_on: date,
    product_price: int | None = None,
    interest_bp: int | None = None,
) -> tuple[int, Step]:
    """The uplift in minor units, and the step that it stands on.

    ``interest_bp`` is the yearly legal rate; None takes the published one of each
    half-year. ``product_price`` caps the rising part; None means not known, and no
    cap is applied. Raises ``ParameterUnknown`` for a half-year without a rate.
    Source: C. conso. L242-4.
    """
    step = late_refund_step(days_late, due_on=due_on)
    if step.percent is None:
        interest = legal_interest(sum_due, due_on=due_on, days=days_late, interest_bp=interest_bp)
        return interest, step
    uplift = share(sum_due, step.percent)
    last_percent = steps("late_refund.bands", due_on)[-1][1]
    if product_price is None or step.percent <= last_percent:
        return uplift, step
    cap = max(product_price, share(sum_due, last_percent))
    return (uplift, step) if uplift < cap else (cap, Step(CAPPED, step.percent))


def legal_interest(sum_due: int, *, due_on: date, days: int, interest_bp: int | None = None) -> int:
    """Simple interest from the day after ``due_on``, pro rata of a 365-day year."""
    late_days = [due_on + timedelta(days=count) for count in range(1, days + 1)]
    rates = [_rate_on(day) if interest_bp is None else interest_bp for day in late_days]
    year = whole("legal_interest.year_days", due_on)
    return rounded(Fraction(sum_due * sum(rates), 10_000 * year))


def short_scale_percent(days_late: int, *, due_on: date) -> int:
    """Ten, twenty or fifty percent of what is repaid late; 0 when it is not late.

    Source: C. conso. L241-4 (non-delivery), L241-6 (postage under the guarantee).
    """
    if days_late <= 0:
        return 0
    beyond = whole("uplift.short_scale_beyond", due_on)
    return percent_at(days_late, steps("uplift.short_scale", due_on), beyond=beyond)


def delivery_due_on(ordered_on: date) -> date:
    """The last day to deliver where no day was announced.

    Source: C. conso. L216-1; Dir. 2011/83/EU art. 18(1).
    """
    return add_days(ordered_on, whole("non_delivery.days_without_date", ordered_on))


def non_delivery_refund_due_on(terminated_on: date) -> date:
    """The last day to refund an order that never came. Source: C. conso. L216-7."""
    return add_days(terminated_on, whole("non_delivery.refund_days", terminated_on))


def _rate_on(day: date) -> int:
    value = row("legal_interest.consumer_bp", day).value
    if not isinstance(value, int):
        raise TypeError("legal_interest.consumer_bp")
    return value
