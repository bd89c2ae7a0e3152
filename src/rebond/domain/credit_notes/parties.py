"""Seller and buyer as a document names them, and what follows for its channel.  (pure)

Source: CGI ann. II art. 242 nonies A I 1°-3°; CGI 289 bis; CGI 293 B, 262 ter I, 262 I.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

PRIVATE, FRENCH_BUSINESS, FOREIGN_BUSINESS = "private", "french_business", "foreign_business"
_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EUROPEAN_UNION = frozenset(_MEMBERS.split())
OUTSIDE_FRENCH_VAT = ("973", "976")
"""Postcodes of Guyane and Mayotte, where French VAT is not applied (CGI 294)."""
_TOWN = re.compile(r"^(?:[A-Z]{1,2}[- ])?(\d{4,5}) +(\D.*)$")


def siren_in(vat_number: str) -> str:
    """The SIREN inside a French VAT number, empty where it is none: FR, two signs, nine digits."""
    plain = bare(vat_number)
    found = re.fullmatch(r"FR[0-9A-Z]{2}(\d{9})", plain)
    return found[1] if found else ""


def bare(number: str) -> str:
    """A number without the spaces and dots that people print in it, in capitals."""
    return re.sub(r"[\s.\-]", "", number or "").upper()


def kind_of_buyer(
    *, seller_country: str, country: str, postcode: str, vat_number: str, is_business: bool
) -> str:
    """Whether a document goes to a private person, a taxable person in France, or one abroad."""
    if not (is_business or vat_number):
        return PRIVATE
    in_france = country == "FR" and not postcode.startswith(OUTSIDE_FRENCH_VAT)
    if seller_country == "FR" and (in_france or siren_in(vat_number)):
        return FRENCH_BUSINESS
    return FOREIGN_BUSINESS


def tax_category(
    rate: str, *, seller: Mapping[str, Any], buyer_country: str, buyer_vat: str
) -> dict[str, str]:
    """The category of UNTDID 5305 for ``rate``, and why no tax is charged where there is none."""
    if Fraction(rate or 0) > 0:
        return {"category": "S", "code": "", "reason": ""}
    if seller.get("vat_exemption"):
        return {"category": "E", "code": "", "reason": str(seller["vat_exemption"])}
    home = str(seller.get("country", ""))
    if buyer_country and buyer_country not in EUROPEAN_UNION and home in EUROPEAN_UNION:
        return {"category": "G", "code": "VATEX-EU-G", "reason": "Export outside the EU"}
    if buyer_vat and buyer_country != home and buyer_country in EUROPEAN_UNION:
        return {"category": "K", "code": "VATEX-EU-IC", "reason": "Intra-Community supply"}
    return {"category": "E", "code": "", "reason": "Exempt from VAT, as the corrected invoice"}


def postal(lines: Sequence[str]) -> dict[str, str]:
    """An address as printed lines, taken apart into street lines, postcode and town.

    A line of a number and a word, such as "69000 Lyon", is the town; what stands after it is
    left out, as the country has a field of its own.
    """
    for place, line in enumerate(lines):
        town = _TOWN.match(line.strip())
        if town is not None:
            return _streets(lines[:place]) | {"postcode": town[1], "city": town[2]}
    return _streets(lines)


def _streets(lines: Sequence[str]) -> dict[str, str]:
    named = [line.strip() for line in lines if line.strip()]
    if len(named) > 3:
        named = [*named[:2], ", ".join(named[2:])]
    return {f"addr_l{place}": line for place, line in enumerate(named, start=1)}


def missing_mentions(content: Mapping[str, Any]) -> list[str]:
    """Names of the mentions that the law asks for and ``content`` lacks, in the law's order.

    The address of a private person is printed where the shop told it, and not insisted on.
    """
    seller, buyer = content["seller"], content["buyer"]
    is_note = content["kind"] == "credit_note"
    is_private = content.get("buyer_kind") == PRIVATE
    wanted = {
        "seller_name": seller.get("legal_name") or seller.get("name"),
        "seller_address": seller.get("address"),
        "seller_siren": bare(seller.get("siren", "")) or seller.get("country") != "FR",
        "buyer_name": buyer.get("name"),
        "buyer_address": buyer.get("address") or not is_note or is_private,
        "buyer_siren": buyer.get("siren") or content.get("buyer_kind") != FRENCH_BUSINESS,
        "invoice_number": content.get("invoice_number") or not is_note,
        "invoice_date": content.get("invoice_date") or not is_note,
    }
    return [name for name, value in wanted.items() if not value]
