"""Whether a Californian retailer must take goods back for want of a posted policy."""

from __future__ import annotations

from rebond.domain.law.calendar import add_days
from rebond.domain.law.dated import whole
from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place

NEVER_RETURNED = ("food", "plants", "as_is", "customised", "used", "health_goods")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: liable, window_days."""
    return Findings(place).ask(facts, _liability)


def _liability(found: Findings, facts: Facts) -> None:
    purchased_on = facts.the_day("purchased_on")
    days = whole("US-CA.posted_policy.window_days", purchased_on)
    found.cite("US-01")
    found.give(window_days=days)
    posted = facts.flag("policy_conspicuously_posted")
    if posted or any(facts.flag(kind) for kind in NEVER_RETURNED):
        found.because("policy_posted" if posted else "contract_terms_rule")
        found.give(liable=False)
        return
    found.because("policy_not_posted", days=days)
    in_window = purchased_on <= facts.the_day("returned_on") <= add_days(purchased_on, days)
    found.give(liable=in_window and facts.flag("proof_of_purchase"))
