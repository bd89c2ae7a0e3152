"""Where the consumer lives: which page of law speaks, on which clock and calendar."""

from __future__ import annotations

from dataclasses import dataclass

from rebond.domain.law.calendar import FRANCE, NO_PROLONGATION, WEEKENDS_ONLY, Calendar

ZONES_OF_MEMBER_STATES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn", "ES": "Europe/Madrid", "FI": "Europe/Helsinki",
    "FR": "Europe/Paris", "GR": "Europe/Athens", "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest", "IE": "Europe/Dublin", "IT": "Europe/Rome",
    "LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "LV": "Europe/Riga",
    "MT": "Europe/Malta", "NL": "Europe/Amsterdam", "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon", "RO": "Europe/Bucharest", "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava",
}  # fmt: skip
SYNONYMS = {"GB": "UK", "EL": "GR"}
DEFAULT_ZONE = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Place:
    """One jurisdiction: ``code`` as asked, ``page`` the law page that speaks for it."""

    code: str
    page: str
    zone: str
    calendar: Calendar

    @property
    def is_french(self) -> bool:
        return self.page == "FR"


def place_named(jurisdiction: str) -> Place | None:
    """The place of a jurisdiction code such as ``FR``, ``DE-BY`` or ``US-CA``.

    None when no page of law speaks for it. A member state without a page of its
    own is judged by the directive, with its own holidays.
    """
    asked = jurisdiction.strip().upper()
    country, _, part = asked.partition("-")
    country = SYNONYMS.get(country, country)
    code = f"{country}-{part}" if part else country
    if country == "FR":
        return Place(code, "FR", DEFAULT_ZONE, Calendar(places=(code,)) if part else FRANCE)
    if country in ZONES_OF_MEMBER_STATES:
        page = "DE" if country == "DE" else "EU"
        return Place(code, page, ZONES_OF_MEMBER_STATES[country], Calendar(places=(code,)))
    return _elsewhere(code, country)


def country_named(country: str) -> str:
    """The country code as this package spells it."""
    wanted = country.strip().upper()
    return SYNONYMS.get(wanted, wanted)


def is_member_state(country: str) -> bool:
    """True for the twenty-seven states of the Union."""
    return country_named(country) in ZONES_OF_MEMBER_STATES


def _elsewhere(code: str, country: str) -> Place | None:
    if country == "EU":
        return Place(code, "EU", DEFAULT_ZONE, WEEKENDS_ONLY)
    if country == "UK":
        return Place(code, "UK", "Europe/London", NO_PROLONGATION)
    if country == "CH":
        return Place(code, "CH", "Europe/Zurich", NO_PROLONGATION)
    if country == "US":
        page = "US-CA" if code == "US-CA" else "US"
        return Place(code, page, "America/Los_Angeles", NO_PROLONGATION)
    return None
