"""Which code of law a VAT mention on a document may cite."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.dated import words
from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: allowed (codes)."""
    return Findings(place).ask(facts, _codes)


def codes_to_cite(document_date: date) -> list[str]:
    """The codes that a mention may cite on that day; raises ``ParameterUnknown``."""
    return words("vat_mention.codes", document_date)


def _codes(found: Findings, facts: Facts) -> None:
    found.cite("CN-13")
    found.give(allowed=codes_to_cite(facts.the_day("document_date")))
