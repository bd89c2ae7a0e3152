"""Whether the rest of a gift card must be paid out in cash."""

from __future__ import annotations

from rebond.domain.law.dated import whole
from rebond.domain.law.facts import Facts, InvalidFact
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: cash_redemption."""
    return Findings(place).ask(facts, _cash)


def _cash(found: Findings, facts: Facts) -> None:
    if (facts.text("currency") or "USD") != "USD":
        raise InvalidFact("currency", "USD")
    balance = facts.the_amount("balance")
    threshold = whole("US-CA.gift_card.cash_below", facts.the_day("request_on"))
    found.cite("US-02", "VC-05")
    found.because("cash_threshold", threshold=threshold)
    found.give(cash_redemption=balance < threshold)
