"""Everything a document prints, worded and formatted in the customer's language."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from rebond.domain.credit_notes.models import CreditNote, DocumentKind
from rebond.kernel import formats


def wording(note: CreditNote) -> dict[str, Any]:
    """The document's texts: labels, and rows whose amounts are written out."""
    with translation.override(note.language):
        return _words(note)


def _words(note: CreditNote) -> dict[str, Any]:
    content, language = note.content, note.language
    is_note = note.kind == DocumentKind.CREDIT_NOTE
    return {
        "language": language,
        "title": _("Credit note") if is_note else _("Refund voucher"),
        "number": _("No. {label}").format(label=note.label),
        "facts": _facts(note),
        "seller": _seller(content["seller"]),
        "seller_label": _("Seller"),
        "buyer_label": _("Customer"),
        "buyer": [content["buyer"]["name"], *content["buyer"]["address"]],
        "head": [
            _("Description"),
            _("Qty"),
            _("Net"),
            _("VAT"),
            _("Gross"),
        ],
        "rows": [_row(item, content["currency"], language) for item in content["items"]],
        "rate_head": [_("VAT rate"), _("Net"), _("VAT"), _("Gross")],
        "rates": [
            _rate(row, content["currency"], language) for row in content["totals"]["by_rate"]
        ],
        "totals": _totals(content, language),
        "paid": _paid(content, language),
        "notes": _notes(note),
        "page": _("Page {number} of {total}").format(number="#n", total="#t"),
    }


def _facts(note: CreditNote) -> list[list[str]]:
    content, language = note.content, note.language
    facts = [[_("Date"), formats.day(content["issued_on"], language)]]
    if note.invoice_number:
        facts.append([_("Corrects invoice"), note.invoice_number])
    if note.invoice_number and note.invoice_date is not None:
        facts.append([_("Invoice date"), formats.day(note.invoice_date, language)])
    facts.append([_("Order"), content["order_number"]])
    if content["return_number"]:
        facts.append([_("Return"), content["return_number"]])
    return facts


def _seller(seller: dict[str, Any]) -> list[str]:
    lines = [seller.get("legal_name") or seller["name"], *seller.get("address", [])]
    if seller.get("siren"):
        lines.append(_("SIREN {number}").format(number=seller["siren"]))
    if seller.get("vat_number"):
        lines.append(_("VAT no. {number}").format(number=seller["vat_number"]))
    return [*lines, seller["email"]]


def _row(item: dict[str, Any], currency: str, language: str) -> list[str]:
    tax = sum(item["tax_by_rate"].values())
    return [
        item["title"],
        item["sku"],
        str(item["quantity"]),
        formats.money(item["net_minor"], currency, language),
        formats.money(tax, currency, language),
        formats.money(item["gross_minor"], currency, language),
    ]


def _rate(row: dict[str, Any], currency: str, language: str) -> list[str]:
    return [
        formats.percent(row["rate"], language) if row["rate"] else _("no VAT"),
        formats.money(row["net_minor"], currency, language),
        formats.money(row["tax_minor"], currency, language),
        formats.money(row["gross_minor"], currency, language),
    ]


def _totals(content: dict[str, Any], language: str) -> list[list[str]]:
    totals, currency = content["totals"], content["currency"]
    rows = []
    if totals["kept_minor"]:
        rows.append([_("Kept"), formats.money(-totals["kept_minor"], currency, language)])
    rows.append([_("Total net"), formats.money(totals["net_minor"], currency, language)])
    rows.append([_("Total VAT"), formats.money(totals["tax_minor"], currency, language)])
    rows.append([_("Total credited"), formats.money(totals["gross_minor"], currency, language)])
    return rows


def _paid(content: dict[str, Any], language: str) -> list[str]:
    methods = {
        "card": _("to the card used for the order"),
        "bank_transfer": _("by bank transfer"),
        "cash": _("in cash"),
    }
    return [
        _("{amount} refunded {means}.").format(
            amount=formats.money(part["amount_minor"], content["currency"], language),
            means=methods.get(part["method"], _("to the means of payment used for the order")),
        )
        for part in content["paid_back"]
    ]


def _notes(note: CreditNote) -> list[str]:
    notes = []
    if note.kind == DocumentKind.REFUND_VOUCHER:
        notes.append(_("No invoice was issued for this order: this voucher records the refund."))
    if "vat" in note.content["derived"]:
        notes.append(
            _(
                "The VAT was worked out from the rate in force at the sale; the order did not "
                "state it."
            )
        )
    return notes
