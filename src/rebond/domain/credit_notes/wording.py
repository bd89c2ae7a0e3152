"""Everything a document prints, worded and formatted in the customer's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from rebond.domain.credit_notes.content import AMOUNT
from rebond.domain.credit_notes.mentions import corrects_under
from rebond.domain.credit_notes.words import say
from rebond.kernel import formats
from rebond.kernel.money import half_up

METHODS = {
    "card": "to the card used for the order",
    "bank_transfer": "by bank transfer",
    "cash": "in cash",
    "store_credit": "as store credit",
    "gift_card": "to a gift card",
    "exchange": "by exchange for other goods",
}


TITLES = {"credit_note": "Credit note", "refund_voucher": "Refund voucher", "sale": "Invoice"}
SALE = "sale"


@dataclass(frozen=True)
class Print:
    """How a document is printed: ``label`` empty and ``mark`` "DRAFT" for one without a number."""

    label: str = ""
    mark: str = ""


def wording(content: Mapping[str, Any], how: Print) -> dict[str, Any]:
    """The document's texts: labels, and rows whose amounts are written out."""
    language = str(content["language"])
    word = partial(say, language=language)
    currency = content["currency"]
    return {
        "language": language,
        "title": word(TITLES[content["kind"]]),
        "number": word("No. {label}").format(label=how.label)
        if how.label
        else word("Draft, without number"),
        "mark": word(how.mark) if how.mark else "",
        "facts": _facts(content, language),
        "seller": _seller(content["seller"], language),
        "seller_label": word("Seller"),
        "buyer_label": word("Customer"),
        "buyer": _buyer(content["buyer"], language),
        "head": [
            word(text) for text in ("Description", "Qty", "Unit net", "Rate", "Net", "VAT", "Gross")
        ],
        "rows": [_row(item, currency, language) for item in content["items"]],
        "rate_head": [word(text) for text in ("VAT rate", "Net", "VAT", "Gross")],
        "rates": [_rate(row, currency, language) for row in content["totals"]["by_rate"]],
        "totals": _totals(content, language),
        "paid": _paid(content, language),
        "notes": _notes(content, language),
        "page": word("Page {number} of {total}").format(number="#n", total="#t"),
    }


def _facts(content: Mapping[str, Any], language: str) -> list[list[str]]:
    word = partial(say, language=language)
    facts = [[word("Date"), formats.day(content["issued_on"], language)]]
    if content["invoice_number"]:
        facts.append([word("Corrects invoice"), content["invoice_number"]])
    if content["invoice_number"] and content["invoice_date"]:
        facts.append([word("Invoice date"), formats.day(content["invoice_date"], language)])
    facts.append([word("Order"), content["order_number"]])
    if content["return_number"]:
        facts.append([word("Return"), content["return_number"]])
    return facts


def _seller(seller: Mapping[str, Any], language: str) -> list[str]:
    lines = [seller.get("legal_name") or seller["name"], *seller.get("address", [])]
    lines += [str(seller[name]) for name in ("form", "capital", "rcs") if seller.get(name)]
    if seller.get("siren"):
        lines.append(say("SIREN {number}", language).format(number=seller["siren"]))
    if seller.get("vat_number"):
        lines.append(say("VAT no. {number}", language).format(number=seller["vat_number"]))
    return [*lines, seller["email"]]


def _buyer(buyer: Mapping[str, Any], language: str) -> list[str]:
    lines = [buyer["name"], *buyer["address"]]
    if buyer.get("siren"):
        lines.append(say("SIREN {number}", language).format(number=buyer["siren"]))
    if buyer.get("vat_number"):
        lines.append(say("VAT no. {number}", language).format(number=buyer["vat_number"]))
    return lines


def _row(item: Mapping[str, Any], currency: str, language: str) -> list[str]:
    tax = sum(item["tax_by_rate"].values())
    is_amount = item.get("kind") == AMOUNT
    about = say("part of the price", language) if is_amount else item["sku"]
    unit = half_up(Fraction(item["net_minor"], max(1, item["quantity"])))
    rates = [rate for rate in item["tax_by_rate"] if rate]
    return [
        item["title"],
        about,
        "" if is_amount else str(item["quantity"]),
        formats.money(unit, currency, language),
        ", ".join(formats.percent(rate, language) for rate in rates) or "–",
        formats.money(item["net_minor"], currency, language),
        formats.money(tax, currency, language),
        formats.money(item["gross_minor"], currency, language),
    ]


def _rate(row: Mapping[str, Any], currency: str, language: str) -> list[str]:
    return [
        formats.percent(row["rate"], language) if row["rate"] else say("no VAT", language),
        formats.money(row["net_minor"], currency, language),
        formats.money(row["tax_minor"], currency, language),
        formats.money(row["gross_minor"], currency, language),
    ]


def _totals(content: Mapping[str, Any], language: str) -> list[list[str]]:
    totals, currency = content["totals"], content["currency"]
    rows = []
    if totals["kept_minor"]:
        kept = formats.money(-totals["kept_minor"], currency, language)
        rows.append([say("Kept", language), kept])
    for label, name in (
        ("Total net", "net_minor"),
        ("Total VAT", "tax_minor"),
        ("Total" if content["kind"] == SALE else "Total credited", "gross_minor"),
    ):
        rows.append([say(label, language), formats.money(totals[name], currency, language)])
    return rows


def _paid(content: Mapping[str, Any], language: str) -> list[str]:
    if content["kind"] == SALE:
        return [_paid_in(part, content, language) for part in content["paid_by"]]
    other = "to the means of payment used for the order"
    return [
        say("{amount} refunded {means}.", language).format(
            amount=formats.money(part["amount_minor"], content["currency"], language),
            means=say(METHODS.get(part["method"], other), language),
        )
        for part in content["paid_back"]
    ]


def _paid_in(part: Mapping[str, Any], content: Mapping[str, Any], language: str) -> str:
    amount = formats.money(part["amount_minor"], content["currency"], language)
    if part["method"] == "exchange":
        text = say("{amount} paid by the goods that came back.", language)
    else:
        text = say("{amount} received.", language)
    return text.format(amount=amount)


def _notes(content: Mapping[str, Any], language: str) -> list[str]:
    word = partial(say, language=language)
    notes: list[str] = []
    if content["kind"] == SALE:
        notes.append(word("These goods take the place of what came back with the return above."))
        return [*notes, *_tax_notes(content, language)]
    if content.get("reason"):
        notes.append(word("Reason: {reason}").format(reason=content["reason"]))
    if content["kind"] != "credit_note":
        notes.append(word("No invoice was issued for this order: this voucher records the refund."))
    if not content["paid_back"]:
        notes.append(
            word("This document corrects the invoice. By itself it sets no payment in motion.")
        )
    article = corrects_under(
        content["seller"].get("country", ""), date.fromisoformat(content["issued_on"])
    )
    if article and content["kind"] == "credit_note":
        notes.append(word("Corrective document under {article}.").format(article=article))
    notes += _tax_notes(content, language)
    return notes


def _tax_notes(content: Mapping[str, Any], language: str) -> list[str]:
    word = partial(say, language=language)
    reasons = {row["reason"] for row in content.get("tax_categories", {}).values()}
    notes = sorted(word(reason) for reason in reasons if reason)
    if content.get("oss"):
        notes.append(
            word("VAT of {country}, declared through the one-stop shop (OSS).").format(
                country=content["oss"]["member_state"]
            )
        )
    if "vat" in content["derived"]:
        notes.append(
            word(
                "The VAT was worked out from the rate in force at the sale; the order did not "
                "state it."
            )
        )
    return notes
