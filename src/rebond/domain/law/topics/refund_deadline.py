"""By which day the trader must refund, and how long he may wait for the goods."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.calendar import add_days
from rebond.domain.law.dated import whole
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place
from rebond.domain.law.topics.withdrawal_period import calendar_of, is_service
from rebond.domain.law.withdrawal import refund_due_on, withholding_ends_on

GOODS_FACTS = ("goods_received_on", "proof_of_dispatch_on")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: refund_due_on_or_before, may_withhold, may_withhold_until, target, latest_reading."""
    if place.page == "UK":
        return Findings(place).ask(facts, _british)
    return Findings(place).ask(facts, _inspection, _withholding, _deadline)


def _inspection(found: Findings, facts: Facts) -> None:
    if not (facts.has("informed_on") or facts.has("quality_control_finished_on")):
        raise FactMissing("informed_on")
    found.give(may_wait_for_inspection=False)
    if facts.has("quality_control_finished_on"):
        found.because("inspection_never_counts")


def _withholding(found: Findings, facts: Facts) -> None:
    may_withhold = _may_withhold(facts)
    until = _withheld_until(facts)
    if may_withhold and until is None and not facts.has("informed_on"):
        raise FactMissing("informed_on")
    found.cite("FR-WD-11")
    found.give(may_withhold=may_withhold)
    if not may_withhold and facts.flag("trader_offered_to_collect"):
        found.because("trader_collects")
    if may_withhold and until is not None:
        found.because("withheld_until", until=until)
        found.give(may_withhold_until=until)


def _deadline(found: Findings, facts: Facts) -> None:
    informed_on = facts.the_day("informed_on")
    days = whole("withdrawal.refund_days", informed_on)
    found.cite(*_own_page(found), "FR-WD-10")
    found.because("period", days=days, **{"from": informed_on})
    due = refund_due_on(
        informed_on,
        goods_received_on=facts.day("goods_received_on"),
        proof_of_dispatch_on=facts.day("proof_of_dispatch_on"),
        may_withhold=_may_withhold(facts) and any(facts.named(fact) for fact in GOODS_FACTS),
    )
    if due is None:
        raise FactMissing("goods_received_on")
    moved = calendar_of(facts, found.place).prolonged(add_days(informed_on, days))
    found.because("trader_has_no_extension", latest=max(moved, due))
    found.give(refund_due_on_or_before=due, target=due, latest_reading=max(moved, due))


def _british(found: Findings, facts: Facts) -> None:
    found.cite("UK-02")
    may_withhold = _may_withhold(facts)
    start = _withheld_until(facts) if may_withhold else facts.the_day("informed_on")
    if start is None:
        raise FactMissing("goods_received_on")
    days = whole("UK.withdrawal.refund_days", start)
    found.because("period", days=days, **{"from": start})
    due = add_days(start, days)
    found.give(refund_due_on_or_before=due, target=due, may_withhold=may_withhold)


def _may_withhold(facts: Facts) -> bool:
    return not (facts.flag("trader_offered_to_collect") or is_service(facts))


def _withheld_until(facts: Facts) -> date | None:
    return withholding_ends_on(
        goods_received_on=facts.day("goods_received_on"),
        proof_of_dispatch_on=facts.day("proof_of_dispatch_on"),
    )


def _own_page(found: Findings) -> list[str]:
    pages = {"DE": "DE-02", "EU": "XX-01"}
    return [pages[found.place.page]] if found.place.page in pages else []
