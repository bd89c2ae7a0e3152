"""The document of the sale of new goods: numbered, chained, printed the same way every time."""

from __future__ import annotations

from datetime import date
from typing import Any

from rebond.domain.credit_notes.content import Item, as_json, hash_of, totals_of
from rebond.domain.credit_notes.files import TEMPLATE
from rebond.domain.credit_notes.parties import PRIVATE, kind_of_buyer, tax_category
from rebond.domain.credit_notes.snapshot import as_row, buyer_of, language_for, seller_of
from rebond.domain.credit_notes.wording import SALE, Print, wording
from rebond.domain.exchanges.events import SaleDocumented
from rebond.domain.exchanges.models import Exchange, SaleDocument
from rebond.domain.orders.models import Order
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record
from rebond.kernel.models import next_number
from rebond.kernel.money import exponent_of
from rebond.kernel.typeset import typeset

SERIES = "FE"


def write_document(exchange: Exchange, *, by: str) -> SaleDocument | None:
    """Number and keep the document of a released exchange; None where the buyer is a business.

    The order of the sale then names it as its invoice, so that what comes back of it later is
    credited against the right number. Used inside actions only.
    """
    assert exchange.new_order_id is not None
    order = Order.objects.select_for_update(no_key=True).get(pk=exchange.new_order_id)
    shop, shopper = order.shop, order.shopper
    buyer = kind_of_buyer(
        seller_country=shop.country,
        country=shopper.country or order.country,
        postcode=shopper.postcode,
        vat_number=shopper.vat_number,
        is_business=shopper.is_business,
    )
    if buyer != PRIVATE:
        return None
    moment = now()
    day = local_date(moment, shop.time_zone)
    series = f"{SERIES}-{day.year - (day.month < shop.fiscal_year_starts_in)}"
    number = next_number(shop.pk, f"sale:{series}")
    label = f"{series}-{number:06d}"
    last = SaleDocument.objects.filter(shop=shop, series=series).order_by("-number").first()
    moment = max(moment, last.issued_at) if last else moment
    content = _content(exchange, order, label, day) | {"issued_at": moment.isoformat()}
    previous = last.hash if last else ""
    note = SaleDocument.objects.create(
        shop=shop,
        exchange=exchange,
        order=order,
        series=series,
        number=number,
        label=label,
        language=content["language"],
        currency=order.currency,
        net_minor=content["totals"]["net_minor"],
        tax_minor=content["totals"]["tax_minor"],
        gross_minor=content["totals"]["gross_minor"],
        content=content,
        issued_on=day,
        issued_at=moment,
        previous_hash=previous,
        hash=hash_of(previous, content),
    )
    order.invoice_number, order.invoice_date = label, day
    order.save(update_fields=["invoice_number", "invoice_date"])
    event = SaleDocumented(str(order.pk), str(note.pk), label, note.gross_minor, note.currency)
    record(event, shop_id=shop.pk, actor=by)
    return note


def sale_pdf(note: SaleDocument) -> bytes:
    """The PDF of ``note``: the same bytes every time."""
    data = {
        "label": note.label,
        "seller": note.content["seller"]["name"],
        "words": wording(note.content, Print(label=note.label)),
        "exponent": exponent_of(note.currency),
    }
    return typeset(TEMPLATE, data, made_at=note.issued_at)


def _content(exchange: Exchange, order: Order, label: str, day: date) -> dict[str, Any]:
    """Everything that is printed, in the shape of the other documents."""
    shop, shopper = order.shop, order.shopper
    items = [
        Item(
            line.title,
            line.sku,
            line.quantity,
            line.total_minor,
            {str(tax.get("rate") or ""): int(tax["total_minor"]) for tax in line.taxes},
            source=str(line.pk),
        )
        for line in order.lines.order_by("position")
    ]
    totals = totals_of(items, kept_minor=0, gross_minor=order.total_minor)
    seller = seller_of(shop)
    country = shopper.country or order.country
    rates = sorted({part.rate for item in items for part in item.parts})
    return {
        "format": 2,
        "kind": SALE,
        "label": label,
        "currency": order.currency,
        "language": language_for(order, exchange.rma.language),
        "seller": seller,
        "buyer": buyer_of(shopper, order),
        "buyer_kind": PRIVATE,
        "order_number": order.number,
        "return_number": exchange.rma.number,
        "invoice_number": "",
        "invoice_date": "",
        "issued_on": day.isoformat(),
        "items": [as_row(item) for item in items],
        "kept": [],
        "totals": as_json(totals),
        "tax_categories": {
            rate: tax_category(
                rate, seller=seller, buyer_country=country, buyer_vat=shopper.vat_number
            )
            for rate in rates
        },
        "oss": None,
        "paid_by": [
            {"method": payment.method, "amount_minor": payment.captured_minor}
            for payment in order.payments.order_by("position")
        ],
        "paid_back": [],
        "derived": [],
    }
