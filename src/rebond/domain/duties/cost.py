"""What each day late costs: the ladder of penalties, worked out by the law engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rebond.domain import law
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.duties.models import Duty

LOOKED_AHEAD = 366
FOR_A_FAULT, NEVER_ARRIVED = "FR-GL-07", "FR-GL-12"


@dataclass(frozen=True)
class Cost:
    """What is owed on top, in minor units of the duty's currency.

    ``minor`` is None where the legal rate of the half-year is not published here; ``percent``
    is None for legal interest. ``until`` is the last day at this step.
    """

    days_late: int
    minor: int | None
    percent: int | None
    until: date


def cost_on(duty: Duty, day: date) -> Cost | None:
    """What a refund on ``day`` costs on top; None where it is in time or no ladder is known.

    Source: C. conso. L242-4; L241-4 for goods that never arrived.
    """
    if not _has_ladder(duty) or duty.due_on is None or day <= duty.due_on:
        return None
    return _cost(duty, (day - duty.due_on).days)


def ladder_of(duty: Duty, day: date, steps: int = 4) -> list[Cost]:
    """The step that holds on ``day`` (or the first), and those that follow; at most ``steps``."""
    if not _has_ladder(duty) or duty.due_on is None:
        return []
    late = max(1, (day - duty.due_on).days)
    found = [_cost(duty, late)]
    while len(found) < steps:
        following = (found[-1].until - duty.due_on).days + 1
        if following > late + LOOKED_AHEAD:
            break
        found.append(_cost(duty, following))
    return found


def _has_ladder(duty: Duty) -> bool:
    """Whether penalties by the day hold: of a withdrawal, or of goods that never arrived."""
    is_refund = duty.kind == DutyKind.REFUND and duty.sum_minor is not None
    return is_refund and duty.jurisdiction.startswith("FR") and FOR_A_FAULT not in duty.rules


def _cost(duty: Duty, days_late: int) -> Cost:
    assert duty.due_on is not None and duty.sum_minor is not None
    if NEVER_ARRIVED in duty.rules:
        return _cost_of_missing(duty.due_on, duty.sum_minor, days_late)
    step = law.late_refund_step(days_late, due_on=duty.due_on)
    try:
        minor, step = law.late_refund_uplift(
            duty.sum_minor,
            days_late=days_late,
            due_on=duty.due_on,
            product_price=duty.price_minor,
        )
    except law.ParameterUnknown:
        minor = None
    last = days_late
    while last < days_late + LOOKED_AHEAD:
        if law.late_refund_step(last + 1, due_on=duty.due_on).percent != step.percent:
            break
        last += 1
    return Cost(days_late, minor, step.percent, duty.due_on + timedelta(days=last))


def _cost_of_missing(due_on: date, sum_minor: int, days_late: int) -> Cost:
    """Ten, twenty or fifty percent of the sum; the last step has no end."""
    percent = law.short_scale_percent(days_late, due_on=due_on)
    last = days_late
    while last < days_late + LOOKED_AHEAD:
        if law.short_scale_percent(last + 1, due_on=due_on) != percent:
            break
        last += 1
    minor = law.share(sum_minor, percent)
    return Cost(days_late, minor, percent, due_on + timedelta(days=last))
