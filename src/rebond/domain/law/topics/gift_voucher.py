"""Until when a gift voucher without a date can be redeemed."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.calendar import add_years
from rebond.domain.law.dated import whole
from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings, NotCovered
from rebond.domain.law.places import Place


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: last_day."""
    if place.page != "DE" and place.code != "IE":
        raise NotCovered("gift_voucher")
    return Findings(place).ask(facts, _german if place.page == "DE" else _irish)


def _german(found: Findings, facts: Facts) -> None:
    sold_on = facts.the_day("sold_on")
    found.cite("DE-06", "VC-05")
    last_year = sold_on.year + whole("gift_voucher.DE.years", sold_on)
    found.give(last_day=date(last_year, 12, 31))
    if facts.day("expiry_printed") is not None:
        found.doubt("low")


def _irish(found: Findings, facts: Facts) -> None:
    sold_on = facts.the_day("sold_on")
    found.cite("VC-05")
    found.doubt("low")
    found.give(last_day=add_years(sold_on, whole("gift_voucher.IE.years", sold_on)))
