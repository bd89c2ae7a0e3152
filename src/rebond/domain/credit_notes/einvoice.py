"""A credit note as data for machines: EN 16931 in the syntax of Factur-X (CII).

Source: EN 16931-1; Factur-X 1.09, profile EN 16931; XP Z12-012 for documents between taxable
persons in France. Type 381 with positive amounts: the type turns the sense.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from facturx import generate_xml
from lxml import etree

from rebond.domain.credit_notes import mentions
from rebond.domain.credit_notes.parties import FRENCH_BUSINESS, bare, postal
from rebond.kernel.money import exponent_of

TYPE = "381"
PIECE = "C62"
SIREN_SCHEME, ADDRESS_SCHEME = "0002", "0225"
ALREADY_PAID, TO_BE_SETTLED = "B2", "B1"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_of(content: Mapping[str, Any]) -> bytes:
    """The XML of a credit note, the same bytes every time. Raises ``ValueError``, ``KeyError``
    where ``content`` lacks what the form cannot be without.
    """
    made = generate_xml(
        _cleaned(_data(content)), level="en16931", check_xsd=False, check_schematron=False
    )
    tree = etree.fromstring(made)
    for element in tree.iter():
        element.attrib.pop(NIL, None)  # an empty element is marked so, which the schema refuses
    etree.cleanup_namespaces(tree)
    written: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
    return written


def _data(content: Mapping[str, Any]) -> dict[str, Any]:
    written = _Written(content["currency"])
    rows = [_part_rows(content, item) for item in content["items"]]
    lines = [part for parts in rows for part in parts if part["net_minor"] >= 0]
    below = [part for parts in rows for part in parts if part["net_minor"] < 0]
    allowances, charges = _taken_off(content, below)
    totals = content["totals"]
    taken = sum(row["net_minor"] for row in allowances)
    added = sum(row["net_minor"] for row in charges)
    paid = sum(row["amount_minor"] for row in content["paid_back"])
    is_paid = paid >= totals["gross_minor"]
    due = 0 if is_paid else totals["gross_minor"]
    data: dict[str, Any] = {
        "BT-1": content["label"],
        "BT-2": content["issued_on"],
        "BT-3": TYPE,
        "BT-5": content["currency"],
        "BT-13": content["order_number"],
        "BT-23": ALREADY_PAID if is_paid else TO_BE_SETTLED,
        "BG-1": _notes(content),
        "BG-3": [{"BT-25": content["invoice_number"], "BT-26": content["invoice_date"]}],
        "BG-4": _seller(content),
        "BG-7": _buyer(content),
        "BG-20": [_allowance(written, row) for row in allowances],
        "BG-21": [_allowance(written, row) for row in charges],
        "BG-23": _breakdown(content, written),
        "BG-25": [_line(written, place, row) for place, row in enumerate(lines, start=1)],
        "BT-106": written(sum(row["net_minor"] for row in lines)),
        "BT-107": written(taken),
        "BT-108": written(added),
        "BT-109": written(totals["net_minor"]),
        "BT-110": written(totals["tax_minor"]),
        "BT-112": written(totals["gross_minor"]),
        "BT-113": written(totals["gross_minor"] - due),
        "BT-115": written(due),
    }
    if is_paid:
        data["BT-9"] = content.get("refunded_on") or content["issued_on"]
    else:
        data["BT-20"] = "The amount is settled separately"
    if content.get("delivered_on"):
        data["BT-72"] = content["delivered_on"]
    if any(row["category"] == "K" for row in content["tax_categories"].values()):
        data["BG-13"] = {"name": content["buyer"]["name"], **_address(content["buyer"])}
    return data


class _Written:
    """Writes minor units as a decimal of the currency: 1234 is "12.34" in euros."""

    def __init__(self, currency: str) -> None:
        self.digits = exponent_of(currency)

    def __call__(self, minor: int) -> str:
        whole, part = divmod(abs(minor), 10**self.digits)
        sign = "-" if minor < 0 else ""
        return f"{sign}{whole}.{part:0{self.digits}d}" if self.digits else f"{sign}{whole}"


def percent(rate: str) -> str:
    """A rate as percent without sign: "20", "5.5"; "0" for none."""
    exact = Fraction(rate or 0) * 100
    text = f"{float(exact):.2f}"
    return text.rstrip("0").rstrip(".")


def _part_rows(content: Mapping[str, Any], item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": item["title"],
            "sku": item["sku"],
            "quantity": max(1, item["quantity"]),
            "net_minor": part["net_minor"],
            "rate": part["rate"],
            "category": content["tax_categories"][part["rate"]]["category"],
        }
        for part in item["parts"]
    ]


def _taken_off(
    content: Mapping[str, Any], below: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What lowers the document and what raises it beside the lines, both as positive amounts.

    A unit price must not be negative (BR-27), so a negative position stands here too.
    """
    moved = [dict(row) | {"net_minor": -row["net_minor"]} for row in below]
    moved += [
        {
            "title": content["kept_label"],
            "net_minor": part["net_minor"],
            "rate": part["rate"],
            "category": content["tax_categories"][part["rate"]]["category"],
        }
        for part in content["kept"]
    ]
    lower = [row for row in moved if row["net_minor"] > 0]
    raised = [row | {"net_minor": -row["net_minor"]} for row in moved if row["net_minor"] < 0]
    return lower, raised


def _allowance(written: _Written, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "amount": written(row["net_minor"]),
        "reason": row["title"],
        "vat_category_code": row["category"],
        "vat_rate": percent(row["rate"]),
    }


def _line(written: _Written, place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """One line. The price is that of the whole quantity, so no division is ever rounded."""
    line = {
        "BT-126": str(place),
        "BT-129": str(row["quantity"]),
        "BT-130": PIECE,
        "BT-131": written(row["net_minor"]),
        "BT-146": written(row["net_minor"]),
        "BT-151": row["category"],
        "BT-152": percent(row["rate"]),
        "BT-153": row["title"] or row["sku"],
        "BT-155": row["sku"],
    }
    if row["quantity"] != 1:
        line["BT-149"] = str(row["quantity"])
    return line


def _breakdown(content: Mapping[str, Any], written: _Written) -> list[dict[str, Any]]:
    """The VAT by category and rate; rates that are written alike stand together."""
    sums: dict[tuple[str, str], list[int]] = {}
    why: dict[tuple[str, str], Mapping[str, str]] = {}
    for row in content["totals"]["by_rate"]:
        category = content["tax_categories"][row["rate"]]
        key = (category["category"], percent(row["rate"]))
        net, tax = sums.setdefault(key, [0, 0])
        sums[key] = [net + row["net_minor"], tax + row["tax_minor"]]
        why[key] = category
    return [
        {
            "BT-116": written(net),
            "BT-117": written(tax),
            "BT-118": category,
            "BT-119": rate,
            "BT-120": why[category, rate]["reason"] or None,
            "BT-121": why[category, rate]["code"] or None,
        }
        for (category, rate), (net, tax) in sums.items()
    ]


def _seller(content: Mapping[str, Any]) -> dict[str, Any]:
    seller = content["seller"]
    siren = bare(seller.get("siren", ""))
    party = {
        "name": seller.get("legal_name") or seller["name"],
        "biz_name": seller["name"],
        "vat_identifier": bare(seller.get("vat_number", "")) or None,
        "tax_identifier": bare(seller.get("tax_number", "")) or None,
        **_address(seller),
    }
    if siren:
        party |= {"legal_identifier": siren, "legal_identifier_schemeid": SIREN_SCHEME}
    info = [str(seller[name]) for name in ("form", "capital", "rcs") if seller.get(name)]
    if info:
        party["legal_info"] = ", ".join(info)
    if content["buyer_kind"] == FRENCH_BUSINESS and siren:
        party |= {"einvoicing_addr": siren, "einvoicing_addr_schemeid": ADDRESS_SCHEME}
    return party


def _buyer(content: Mapping[str, Any]) -> dict[str, Any]:
    buyer = content["buyer"]
    party = {
        "name": buyer["name"],
        "vat_identifier": bare(buyer.get("vat_number", "")) or None,
        **_address(buyer),
    }
    siren = buyer.get("siren", "")
    if content["buyer_kind"] == FRENCH_BUSINESS and siren:
        party |= {
            "legal_identifier": siren,
            "legal_identifier_schemeid": SIREN_SCHEME,
            "einvoicing_addr": siren,
            "einvoicing_addr_schemeid": ADDRESS_SCHEME,
        }
    return party


def _address(party: Mapping[str, Any]) -> dict[str, Any]:
    country = party.get("country") or None
    return {**postal(party.get("address", [])), "country_code": country}


def _notes(content: Mapping[str, Any]) -> list[dict[str, str]]:
    notes = [{"BT-22": content["reason"]}] if content.get("reason") else []
    if content["buyer_kind"] == FRENCH_BUSINESS:
        notes += [{"BT-21": "BAR", "BT-22": "B2B"}]
        notes += [{"BT-21": code, "BT-22": text} for code, text in mentions.BETWEEN_BUSINESSES]
    return notes


def _cleaned(value: Any) -> Any:
    """``value`` without signs that XML cannot hold; what is None is left out."""
    if isinstance(value, str):
        return _NOT_XML.sub("", value)
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items() if part is not None}
    return [_cleaned(part) for part in value] if isinstance(value, list) else value
