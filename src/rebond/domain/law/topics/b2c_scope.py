"""Whether a consumer has any statutory withdrawal right where he lives."""

from __future__ import annotations

from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place, country_named, is_member_state

IN_SHOP = ("shop", "in_shop", "in-shop", "store", "in_store", "in-store")
AWAY_FROM_SHOP = ("off_premises", "off-premises", "doorstep", "telephone", "phone")
CONTRACT_TERMS = "contract terms"


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: right_exists, applies (a rule pack, or ``contract terms``)."""
    question = {"CH": _switzerland, "US": _united_states, "US-CA": _united_states}
    return Findings(place).ask(facts, question.get(place.page, _statute))


def _statute(found: Findings, facts: Facts) -> None:
    found.cite("UK-01" if found.place.page == "UK" else "FR-WD-01")
    in_shop = (facts.text("channel") or "online").lower() in IN_SHOP
    private_parties = facts.text("seller") == "consumer"
    professional = facts.text("customer") == "professional"
    right = not (in_shop or private_parties or professional)
    found.because("shop_sale" if in_shop else "statutory_scope")
    found.give(right_exists=right, applies=found.place.code if right else CONTRACT_TERMS)


def _switzerland(found: Findings, facts: Facts) -> None:
    found.cite("CH-01")
    country = country_named(facts.text("customer_country") or "CH")
    if is_member_state(country):
        found.cite("EU-01")
        found.because("customer_country_rules", country=country)
        found.give(right_exists=True, applies=country)
    elif (facts.text("channel") or "online").lower() in AWAY_FROM_SHOP:
        found.because("statutory_scope")
        found.give(right_exists=True, applies="CO 40a-40f")
    else:
        _terms_only(found)


def _united_states(found: Findings, facts: Facts) -> None:
    found.cite("US-03")
    facts.text("channel")
    _terms_only(found)


def _terms_only(found: Findings) -> None:
    found.because("contract_terms_rule")
    found.give(right_exists=False, applies=CONTRACT_TERMS)
