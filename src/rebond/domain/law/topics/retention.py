"""How long an accounting document is kept."""

from __future__ import annotations

import re
from datetime import date

from rebond.domain.law.calendar import add_years
from rebond.domain.law.dated import ParameterUnknown, whole
from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place

ACCOUNTING = re.compile(
    r"invoice|credit|ledger|refund|receipt|payment|journal|account|book|voucher|avoir", re.I
)


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: keep_until."""
    return Findings(place).ask(facts, _purge)


def keep_until(fiscal_year_closed_on: date) -> date:
    """The earliest day of purge under the commercial rule. Source: C. com. L123-22."""
    years = whole("retention.commercial_years", fiscal_year_closed_on)
    return add_years(fiscal_year_closed_on, years)


def _purge(found: Findings, facts: Facts) -> None:
    document = facts.text("document")
    if document is not None and not ACCOUNTING.search(document):
        raise ParameterUnknown(f"retention.{document[:40]}")
    found.cite("CN-14")
    found.doubt("medium")
    found.give(keep_until=keep_until(facts.the_day("fiscal_year_closed_on")))
