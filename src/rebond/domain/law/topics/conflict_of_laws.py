"""Which country's consumer rules protect the customer."""

from __future__ import annotations

from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place, country_named


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: rule_pack (a country code)."""
    return Findings(place).ask(facts, _pack)


def rule_pack(*, seller_country: str, customer_country: str, directed: bool, consumer: bool) -> str:
    """The consumer's country when the shop directs itself there. Source: Rome I art. 6."""
    return country_named(customer_country if directed and consumer else seller_country)


def _pack(found: Findings, facts: Facts) -> None:
    found.cite("EU-01")
    customer_country = facts.the_text("customer_country")
    consumer = facts.text("customer") != "professional"
    directed = facts.flag("site_directed_to_customer_country")
    seller = facts.text("seller_country")
    if not (directed and consumer):
        seller = facts.the_text("seller_country")
        found.doubt("medium")
        found.because("not_directed")
    pack = rule_pack(
        seller_country=seller or customer_country,
        customer_country=customer_country,
        directed=directed,
        consumer=consumer,
    )
    found.because("customer_country_rules", country=pack)
    found.give(rule_pack=pack)
