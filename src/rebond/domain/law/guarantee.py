"""The legal guarantee in plain types: how long it runs, and how long it is presumed."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.calendar import add_days, add_months, add_years
from rebond.domain.law.dated import whole


def guarantee_ends_on(delivered_on: date, *, page: str = "FR", immobilised_days: int = 0) -> date:
    """The last day of the guarantee, before any repair.

    ``immobilised_days`` are days in the workshop, added at the end.
    Source: C. conso. L217-3, L217-28.
    """
    end = add_months(delivered_on, whole(f"guarantee.{page}.months", delivered_on))
    return add_days(end, immobilised_days)


def presumption_ends_on(delivered_on: date, *, second_hand: bool, page: str = "FR") -> date:
    """The last day on which a defect is presumed to be original. Source: C. conso. L217-7."""
    kind = "used" if second_hand else "new"
    months = whole(f"guarantee.{page}.presumption_{kind}_months", delivered_on)
    return add_months(delivered_on, months)


def months_after_repair(on: date) -> int:
    """The months that a repair adds. Source: C. conso. L217-13 al. 1."""
    return whole("guarantee.FR.months_after_repair", on)


def guarantee_of_replacement_ends_on(replaced_on: date) -> date:
    """The end of the new guarantee when a repair was owed. Source: C. conso. L217-13 al. 2."""
    return add_months(replaced_on, whole("guarantee.FR.months_after_replacement", replaced_on))


def conformity_due_on(requested_on: date) -> date:
    """The last day to repair or replace. Source: C. conso. L217-10."""
    return add_days(requested_on, whole("guarantee.FR.conformity_days", requested_on))


def hidden_defect_limits(discovered_on: date, *, sold_on: date | None) -> tuple[date, date | None]:
    """The last day to act, and the outer limit counted from the sale (None: not known).

    Source: C. civ. 1648, 2232.
    """
    last_day = add_years(discovered_on, whole("hidden_defect.action_years", discovered_on))
    if sold_on is None:
        return last_day, None
    outer = add_years(sold_on, whole("hidden_defect.outer_years", sold_on))
    return min(last_day, outer), outer
