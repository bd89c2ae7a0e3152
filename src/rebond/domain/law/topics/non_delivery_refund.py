"""What is owed when an order never came and its refund is late."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.dated import AS_OF
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.money import share
from rebond.domain.law.penalties import non_delivery_refund_due_on, short_scale_percent
from rebond.domain.law.places import Place
from rebond.domain.law.topics.late_refund_penalty import days_late


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: uplift (minor units), rate_percent, refund_due_on_or_before."""
    return Findings(place).ask(facts, _rate, _uplift, _due)


def _rate(found: Findings, facts: Facts) -> None:
    due_on = _due_on(facts)
    days = days_late(facts, due_on)
    percent = short_scale_percent(days, due_on=due_on or AS_OF)
    found.cite("FR-GL-12")
    found.because("days_late", days=max(0, days))
    found.because("percent_step", percent=percent, days=max(0, days))
    found.give(rate_percent=percent)


def _uplift(found: Findings, facts: Facts) -> None:
    percent = found.keys.get("rate_percent")
    sum_due = facts.amount("sum_due")
    if isinstance(percent, int) and sum_due is None:
        raise FactMissing("sum_due")
    if isinstance(percent, int) and sum_due is not None:
        found.give(uplift=share(sum_due, percent))


def _due(found: Findings, facts: Facts) -> None:
    due_on = _due_on(facts)
    if due_on is not None:
        found.cite("FR-GL-12")
        found.give(refund_due_on_or_before=due_on)


def _due_on(facts: Facts) -> date | None:
    stated, terminated_on = facts.day("refund_due_on"), facts.day("contract_terminated_on")
    if stated is not None or terminated_on is None:
        return stated
    return non_delivery_refund_due_on(terminated_on)
