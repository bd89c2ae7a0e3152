"""By which means of payment the refund goes back."""

from __future__ import annotations

from rebond.domain.law.facts import FactMissing, Facts, InvalidFact
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place

VOUCHERS = ("gift_card", "voucher", "store_credit")
RESERVED = ("id", "error", "detail", "rules", "references", "confidence", "why", "compliant")
STORE_CREDIT = ("store_credit", "voucher", "gift_card", "credit_note")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: one per means of payment (minor units), compliant, store_credit."""
    return Findings(place).ask(facts, _proposal, _split)


def _proposal(found: Findings, facts: Facts) -> None:
    proposed = facts.text("refund_proposed")
    if proposed is None:
        return
    found.cite("FR-WD-18", "VC-01")
    paid = _paid(facts)
    compliant = (
        proposed in paid
        if proposed not in STORE_CREDIT
        else _paid_by_voucher_only(paid) or _consents(found, facts)
    )
    found.give(compliant=compliant)
    if compliant and proposed in STORE_CREDIT and paid:
        found.give(store_credit=sum(paid.values()) + (facts.amount("bonus") or 0))


def _consents(found: Findings, facts: Facts) -> bool:
    dated = facts.instant("express_consent_at") is not None
    agreed = facts.flag("express_consent", default=dated)
    agreed = agreed or facts.flag("consent_to_other_means")
    found.because("consent_recorded" if agreed else "consent_missing")
    free = not facts.amount("fee")
    if not free:
        found.because("fee_not_free")
    return agreed and free


def _split(found: Findings, facts: Facts) -> None:
    if found.keys.get("compliant"):
        return
    if not facts.flag("full_withdrawal", default=True):
        raise FactMissing("returned")
    paid = _paid(facts)
    if not paid:
        raise FactMissing("paid_with")
    found.cite("FR-WD-18")
    found.because("same_means")
    found.give(**paid)


def _paid(facts: Facts) -> dict[str, int]:
    """What was paid by each means, in minor units, in the order of the payments."""
    sums: dict[str, int] = {}
    for payment in facts.parts("paid_with") or []:
        means = payment.the_text("means")
        if means in RESERVED:
            raise InvalidFact("means", "the name of a means of payment")
        sums[means] = sums.get(means, 0) + payment.the_amount("amount")
    return sums


def _paid_by_voucher_only(paid: dict[str, int]) -> bool:
    return bool(paid) and all(means in VOUCHERS for means in paid)
