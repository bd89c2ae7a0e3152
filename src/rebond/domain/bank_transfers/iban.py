"""Bank accounts as people type them: checked, cleaned, and shown without telling them.  (pure)"""

from __future__ import annotations

from dataclasses import dataclass

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from rebond.domain.bank_transfers.errors import IbanUnreadable, NotSepa

# The countries and territories where a SEPA transfer in euros arrives.
# Source: European Payments Council, EPC409-09, list of SEPA scheme countries, 2025-10.
_SEPA = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT "
    "NL NO PL PT RO RS SE SI SK SM VA"
)
SEPA = frozenset(_SEPA.split())


@dataclass(frozen=True)
class CheckedIban:
    """An IBAN without blanks, its country, and the BIC of its bank where that is known."""

    iban: str
    country: str
    bic: str


def check_iban(typed: str) -> CheckedIban:
    """The account that ``typed`` names.

    Raises ``IbanUnreadable`` when length, country format or check digits are wrong, ``NotSepa``
    outside the single euro payments area. Source: ISO 13616; EPC409-09.
    """
    try:
        iban = IBAN(typed, validate_bban=False)
    except SchwiftyException as problem:
        raise IbanUnreadable from problem
    country = str(iban.country_code)
    if country not in SEPA:
        raise NotSepa(country=country)
    bic = iban.bic
    return CheckedIban(iban.compact, country, bic.compact if isinstance(bic, BIC) else "")


def masked(iban: str) -> str:
    """An IBAN as screens show it: “FR76 •••• 0189”."""
    return f"{iban[:4]} •••• {iban[-4:]}"
