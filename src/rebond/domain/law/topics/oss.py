"""In which one-stop-shop return the VAT of a returned sale is corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rebond.domain.law.calendar import add_months, add_years
from rebond.domain.law.dated import whole
from rebond.domain.law.facts import Facts, InvalidFact
from rebond.domain.law.findings import Findings
from rebond.domain.law.money import vat_inside
from rebond.domain.law.places import Place, country_named

IMPORT_SCHEMES = ("ioss", "import oss", "import one-stop shop")


@dataclass(frozen=True, slots=True)
class TaxPeriod:
    """One quarter (Union scheme) or month (import scheme) of returns."""

    first_day: date
    months: int

    @classmethod
    def containing(cls, day: date, *, months: int) -> TaxPeriod:
        start = (day.month - 1) // months * months + 1
        return cls(date(day.year, start, 1), months)

    @property
    def name(self) -> str:
        """``2026-Q4`` for a quarter, ``2026-11`` for a month."""
        if self.months == 3:
            return f"{self.first_day.year}-Q{(self.first_day.month + 2) // 3}"
        return f"{self.first_day:%Y-%m}"

    @property
    def filing_opens_on(self) -> date:
        return add_months(self.first_day, self.months)

    @property
    def due_on(self) -> date:
        """The end of the following month; never prolonged."""
        return add_months(self.first_day, self.months + 1) - timedelta(days=1)


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: return_period, corrected_period, member_state, vat_correction, filing_deadline."""
    return Findings(place).ask(facts, _member_state, _amount, _periods)


def _member_state(found: Findings, facts: Facts) -> None:
    country = facts.the_part("sale").text("country")
    if country is not None:
        found.give(member_state=country_named(country))


def _amount(found: Findings, facts: Facts) -> None:
    sale = facts.the_part("sale")
    vat, gross, rate = sale.amount("vat"), sale.amount("gross"), sale.rate("vat_rate")
    if vat is None and gross is not None and rate is not None:
        vat = vat_inside(gross, rate).vat
    if vat is not None:
        found.give(vat_correction=-vat)


def _periods(found: Findings, facts: Facts) -> None:
    sold_on = facts.the_part("sale").the_day("date")
    returned_on = facts.the_day("returned_on")
    if returned_on < sold_on:
        raise InvalidFact("returned_on", "a day after the sale")
    months = 1 if (facts.text("scheme") or "").strip().lower() in IMPORT_SCHEMES else 3
    sold = TaxPeriod.containing(sold_on, months=months)
    corrected_in = TaxPeriod.containing(returned_on, months=months)
    found.cite("CN-12")
    limit = add_years(sold.due_on, whole("oss.correction_years", sold_on))
    found.give(corrected_period=sold.name)
    if corrected_in.filing_opens_on > limit:
        found.because("correction_window_closed", limit=limit)
        return
    if corrected_in == sold:
        found.because("same_quarter")
    found.because("initial_return", due=sold.due_on)
    found.give(return_period=corrected_in.name, filing_deadline=corrected_in.due_on)
    if months == 1:
        found.doubt("medium")
