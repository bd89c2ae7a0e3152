"""Whether a document goes through an approved platform, is reported, or neither."""

from __future__ import annotations

from rebond.domain.law.dated import starts_on
from rebond.domain.law.facts import FactMissing, Facts, InvalidFact
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place

LARGE = ("large", "mid", "mid-size", "mid_size", "midsize", "eti", "intermediate", "ge")
SMALL = ("sme", "pme", "small", "medium", "micro", "tpe")
PRIVATE_WORDS = ("private", "individual", "consumer", "particulier")
REPORTED_TERRITORIES = ("mayotte", "guyane", "french guiana")
ABROAD_WORDS = ("foreign", "outside", "not established", "abroad")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: mandatory, since, e_invoice, e_reporting."""
    return Findings(place).ask(facts, _receive, _issue)


def _receive(found: Findings, facts: Facts) -> None:
    on = facts.day("on")
    if on is None or facts.has("issue_date"):
        return
    since = starts_on("e_invoicing.receive")
    found.cite("CN-10")
    if on < since:
        found.because("before_valid_from", **{"from": since})
    found.give(mandatory=on >= since, since=since)


def _issue(found: Findings, facts: Facts) -> None:
    if facts.has("on") and not facts.has("issue_date"):
        return
    issued_on = facts.the_day("issue_date")
    since = starts_on(f"e_invoicing.issue.{_size(facts)}")
    through_platform = _is_french_business(facts.the_text("buyer"))
    begun = issued_on >= since
    found.cite("CN-10")
    found.because("platform_channel" if through_platform else "reporting_channel")
    if not begun:
        found.because("before_valid_from", **{"from": since})
    found.give(
        mandatory=begun and through_platform,
        since=since,
        e_invoice=begun and through_platform,
        e_reporting=begun and not through_platform,
    )


def _size(facts: Facts) -> str:
    size = facts.the_text("seller_size").strip().lower()
    if size in LARGE:
        return "large"
    if size in SMALL:
        return "small"
    raise InvalidFact("seller_size", "large, mid, sme or micro")


def _is_french_business(buyer: str) -> bool:
    wanted = buyer.lower()
    if any(word in wanted for word in (*PRIVATE_WORDS, *REPORTED_TERRITORIES, *ABROAD_WORDS)):
        return False
    if "france" in wanted or "french" in wanted:
        return True
    if "business" in wanted or "company" in wanted:
        return "established in" not in wanted and " in " not in wanted
    raise FactMissing("buyer")
