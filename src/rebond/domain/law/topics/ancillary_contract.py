"""What happens to a warranty or an insurance when the main contract is withdrawn from."""

from __future__ import annotations

from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place
from rebond.domain.law.withdrawal import standard_delivery_part

ANCILLARY = ("extended_warranty", "insurance", "ancillary_contract_price")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: refund (minor units), ancillary_contract_terminated."""
    return Findings(place).ask(facts, _end, _refund)


def _end(found: Findings, facts: Facts) -> None:
    named = ("goods", "full_withdrawal", *ANCILLARY)
    if not any(facts.has(name) for name in named):
        raise FactMissing("goods")
    if not facts.flag("full_withdrawal", default=True):
        raise FactMissing("full_withdrawal")
    found.cite("FR-WD-23")
    found.give(ancillary_contract_terminated=True)


def _refund(found: Findings, facts: Facts) -> None:
    goods = facts.the_amount("goods")
    if not found.keys:
        return
    delivery = standard_delivery_part(
        facts.amount("delivery_paid") or 0,
        standard_price=facts.amount("standard_delivery_price"),
        chosen_expressly=facts.flag("consumer_chose_mode_expressly"),
    )
    found.cite("FR-WD-13")
    ancillary = sum(facts.amount(name) or 0 for name in ANCILLARY)
    found.give(refund=goods + delivery + ancillary + (facts.amount("payment_fee") or 0))
