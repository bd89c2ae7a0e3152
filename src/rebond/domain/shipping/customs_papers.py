"""Sets the papers for customs: CN 22, CN 23, and the invoice of returned goods.

They are in French and English whatever the reader's language: French is the language of the
forms of the Universal Postal Union, English is read everywhere. What is not known is left as a
line to be written on.
"""

from __future__ import annotations

import re
from datetime import datetime

from rebond.domain.returns.models import Return
from rebond.domain.shipping.customs import Declaration, Form
from rebond.domain.shipping.ports import Goods, Place
from rebond.domain.shipping.sheets import TEMPLATES, codes_of
from rebond.kernel.barcodes import Symbology, drawing_of
from rebond.kernel.clock import local_date
from rebond.kernel.money import Money
from rebond.kernel.typeset import typeset
from rebond.kernel.wire_money import decimal_text

POSTAL_ITEM = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
"""A number of the Universal Postal Union's standard S10, whose bars belong on the form."""
TITLES = {
    Form.CN22: "CN 22",
    Form.CN23: "CN 23",
    Form.INVOICE: "Facture pour la douane / Customs invoice",
}


def customs_paper(rma: Return, told: Declaration, form: Form, *, made_at: datetime) -> bytes:
    """The paper as PDF. A return has one of each, made anew from what it holds now."""
    order = rma.order
    assert order is not None
    parcel = rma.parcels.exclude(tracking_number="").order_by("-position").first()
    number = parcel.tracking_number if parcel else ""
    item = number if POSTAL_ITEM.fullmatch(number) else ""
    day = local_date(made_at, rma.shop.time_zone)
    data = {
        "form": form.value,
        "title": TITLES[form],
        "number": rma.number,
        "shop": rma.shop.name,
        "day": day.isoformat(),
        "sender": _rows(told.sender),
        "recipient": _rows(told.recipient),
        "order": order.number,
        "ordered_on": local_date(order.ordered_at, rma.shop.time_zone).isoformat(),
        "invoice": order.invoice_number or "",
        "vat_number": str(rma.shop.legal.get("vat_number") or ""),
        "currency": told.currency,
        "total": _amount(told.value_minor, told.currency),
        "kilograms": _kilograms(told.grams),
        "lines": [_line(one, told.currency) for one in told.goods],
        "item": item,
        "item_bars": drawing_of(item, Symbology.BARS) if item else "",
        "tracking": number,
        **codes_of(rma.number),
    }
    template = "customs_invoice.typ" if form is Form.INVOICE else "customs.typ"
    return typeset(TEMPLATES / template, data, made_at=made_at)


def _line(one: Goods, currency: str) -> dict[str, str]:
    return {
        "title": one.title,
        "sku": one.sku,
        "pieces": str(one.quantity),
        "kilograms": _kilograms(one.grams),
        "value": _amount(one.value_minor, currency),
        "hs_code": one.hs_code,
        "origin": one.origin_country,
    }


def _rows(place: Place) -> list[str]:
    last = f"{place.postcode} {place.town}".strip()
    return [row for row in (place.name, *place.lines, last, place.country) if row]


def _amount(minor: int, currency: str) -> str:
    """The amount with a point, as forms for customs are read by machines."""
    amount = Money(minor, currency)
    return decimal_text(amount, 2) or decimal_text(amount, 3) or str(minor)


def _kilograms(grams: int | None) -> str:
    return f"{grams / 1000:.3f}" if grams else ""
