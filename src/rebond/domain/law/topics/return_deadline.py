"""By which day the consumer sends the goods back, and what lateness costs him."""

from __future__ import annotations

from rebond.domain.law.dated import whole
from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place
from rebond.domain.law.withdrawal import send_back_by


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: send_back_by, test, withdrawal_lost, may_withhold_until_proof_or_receipt."""
    return Findings(place).ask(facts, _deadline, _lateness)


def _deadline(found: Findings, facts: Facts) -> None:
    informed_on = facts.the_day("informed_on")
    found.cite("FR-WD-12")
    if facts.flag("trader_offered_to_collect"):
        found.because("trader_collects")
        found.give(test="collection", withdrawal_lost=False)
        found.give(may_withhold_until_proof_or_receipt=False)
        return
    days = whole("withdrawal.send_back_days", informed_on)
    found.because("period", days=days, **{"from": informed_on})
    found.because("dispatch_counts")
    found.give(send_back_by=send_back_by(informed_on), test="dispatch")
    found.give(withdrawal_lost=False, may_withhold_until_proof_or_receipt=True)


def _lateness(found: Findings, facts: Facts) -> None:
    dispatched_on = facts.day("dispatched_on")
    if dispatched_on is None:
        return
    found.cite("FR-WD-12")
    offered = facts.flag("trader_offered_to_collect")
    found.give(withdrawal_lost=False, may_withhold_until_proof_or_receipt=not offered)
    informed_on = facts.day("informed_on")
    if informed_on is not None and dispatched_on > send_back_by(informed_on):
        found.doubt("medium")
