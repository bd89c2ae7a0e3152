"""What the trader owes on top when a withdrawal is refunded late."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.dated import AS_OF
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.penalties import (
    CAPPED,
    LEGAL_INTEREST,
    Step,
    late_refund_step,
    late_refund_uplift,
)
from rebond.domain.law.places import Place
from rebond.domain.law.withdrawal import refund_due_on


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: uplift (minor units), band, rate_percent, basis."""
    return Findings(place).ask(facts, _step, _uplift)


def days_late(facts: Facts, due_on: date | None) -> int:
    """Days after the due day; two dates speak before a stated number."""
    refunded_on = facts.day("refunded_on")
    if due_on is not None and refunded_on is not None:
        return (refunded_on - due_on).days
    stated = facts.whole("days_late")
    if stated is None:
        raise FactMissing("refund_due_on" if due_on is None else "refunded_on")
    return stated


def _step(found: Findings, facts: Facts) -> None:
    due_on = _due_on(facts)
    days = days_late(facts, due_on)
    step = late_refund_step(days, due_on=due_on or AS_OF)
    found.cite("FR-WD-30")
    found.because("days_late", days=max(0, days))
    found.give(band=step.band, basis=_basis(step))
    if step.percent is not None:
        found.give(rate_percent=step.percent)


def _uplift(found: Findings, facts: Facts) -> None:
    due_on = _due_on(facts)
    days = days_late(facts, due_on)
    basis_points = facts.amount("legal_interest_rate_bp")
    uplift, step = late_refund_uplift(
        facts.the_amount("sum_due"),
        days_late=days,
        due_on=due_on or AS_OF,
        product_price=facts.amount("product_price"),
        interest_bp=basis_points,
    )
    found.give(uplift=uplift, band=step.band, basis=_basis(step))
    if step.band == LEGAL_INTEREST:
        found.cite("FR-WD-32")
        found.doubt("medium")
        found.because("legal_interest", basis_points=basis_points, days=days)
    elif days > 0:
        found.because("boundary_reading")
        found.because("percent_step", percent=step.percent, days=days)
    if days > 90:
        found.doubt("medium")
    if step.band == CAPPED:
        found.doubt("low")
        found.because("cap_reached", cap=uplift)


def _due_on(facts: Facts) -> date | None:
    stated, informed_on = facts.day("refund_due_on"), facts.day("informed_on")
    if stated is not None or informed_on is None:
        return stated
    return refund_due_on(
        informed_on,
        goods_received_on=facts.day("goods_received_on"),
        proof_of_dispatch_on=facts.day("proof_of_dispatch_on"),
    )


def _basis(step: Step) -> str:
    return "legal interest" if step.percent is None else f"{step.percent} % of the sum due"
