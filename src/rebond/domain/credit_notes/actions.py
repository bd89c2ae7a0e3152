"""Issuing documents."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from rebond.domain.credit_notes.content import Item, Totals, as_json, hash_of, totals_of
from rebond.domain.credit_notes.errors import MoneyNotSent
from rebond.domain.credit_notes.events import CreditNoteIssued
from rebond.domain.credit_notes.models import CreditNote, CreditNoteFile, DocumentKind
from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.states import RefundState
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.kernel import crash
from rebond.kernel.actions import action
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record
from rebond.kernel.files import keep
from rebond.kernel.models import next_number

VOUCHER_SERIES = "BR"


@action
def issue_credit_note(settlement_id: UUID, *, by: str) -> CreditNote:
    """Give the settlement its document: the next number of its series, never changed again.

    A settlement has one document; asked again, the same one is returned. Where the shop issued
    no invoice it is a refund voucher, in a series of its own. Raises ``MoneyNotSent`` while
    not all of the settlement's money is on its way.
    """
    order_id = Settlement.objects.values_list("order_id", flat=True).get(pk=settlement_id)
    Order.objects.select_for_update(no_key=True).only("id").get(pk=order_id)
    settlement = (
        Settlement.objects.select_related("order__shop", "order__shopper", "rma")
        .prefetch_related("lines__order_line", "charges__charge", "refunds__payment")
        .get(pk=settlement_id)
    )
    existing = settlement.credit_notes.first()
    if existing is not None:
        return existing
    if sum(refund.amount_minor for refund in _sent(settlement)) < settlement.gross_minor:
        raise MoneyNotSent(settlement=str(settlement_id))
    note = _write(settlement)
    event = CreditNoteIssued(
        str(settlement.rma_id or settlement.order_id),
        str(note.pk),
        note.label,
        note.gross_minor,
        note.currency,
    )
    record(event, shop_id=note.shop_id, actor=by)
    crash.point("document.issuing")
    return note


@action
def keep_pdf(note: CreditNote, pdf: bytes) -> CreditNoteFile:
    """Keep the document's file; the first one made stays."""
    existing = note.files.first()
    if existing is not None:
        return existing
    return CreditNoteFile.objects.create(
        shop_id=note.shop_id,
        credit_note=note,
        file=keep(pdf, shop_id=note.shop_id, folder="documents", suffix=".pdf"),
        sha256=hashlib.sha256(pdf).hexdigest(),
        made_at=now(),
    )


def _write(settlement: Settlement) -> CreditNote:
    order, shop = settlement.order, settlement.order.shop
    moment = now()
    issued_on = local_date(moment, shop.time_zone)
    kind = DocumentKind.CREDIT_NOTE if order.invoice_number else DocumentKind.REFUND_VOUCHER
    prefix = shop.credit_note_series if order.invoice_number else VOUCHER_SERIES
    year = issued_on.year - (issued_on.month < shop.fiscal_year_starts_in)
    series = f"{prefix}-{year}"
    number = next_number(shop.pk, f"document:{series}")
    label = f"{series}-{number:06d}"
    items = _items(settlement)
    totals = totals_of(
        items,
        kept_minor=settlement.kept_minor,
        gross_minor=settlement.gross_minor,
        decided_tax=settlement.figures["tax_by_rate_minor"],
    )
    language = settlement.rma.language if settlement.rma else shop.language
    content = _content(settlement, items, totals) | {
        "kind": kind.value,
        "label": label,
        "language": language,
        "issued_on": issued_on.isoformat(),
        "issued_at": moment.isoformat(),
    }
    last = CreditNote.objects.filter(shop=shop, series=series).order_by("-number").first()
    previous = last.hash if last else ""
    return CreditNote.objects.create(
        shop=shop,
        kind=kind,
        series=series,
        number=number,
        label=label,
        order=order,
        settlement=settlement,
        invoice_number=order.invoice_number,
        invoice_date=order.invoice_date,
        language=language,
        currency=settlement.currency,
        net_minor=totals.net_minor,
        tax_minor=totals.tax_minor,
        gross_minor=totals.gross_minor,
        content=content,
        issued_on=issued_on,
        issued_at=moment,
        previous_hash=previous,
        hash=hash_of(previous, content),
    )


def _items(settlement: Settlement) -> list[Item]:
    items = [
        Item(
            title=line.order_line.title,
            sku=line.order_line.sku,
            quantity=line.quantity,
            gross_minor=line.gross_minor,
            tax_by_rate=line.taxes or {"": 0},
        )
        for line in sorted(settlement.lines.all(), key=lambda line: line.order_line.position)
    ]
    items += [
        Item(
            title=charge.charge.title,
            sku="",
            quantity=1,
            gross_minor=charge.gross_minor,
            tax_by_rate={charge.charge.tax_rate: charge.tax_minor},
        )
        for charge in settlement.charges.all()
    ]
    return items


def _content(settlement: Settlement, items: list[Item], totals: Totals) -> dict[str, Any]:
    order = settlement.order
    return {
        "currency": settlement.currency,
        "seller": _seller(order.shop),
        "buyer": _buyer(order.shopper),
        "order_number": order.number,
        "return_number": settlement.rma.number if settlement.rma else "",
        "invoice_number": order.invoice_number,
        "invoice_date": order.invoice_date.isoformat() if order.invoice_date else "",
        "items": [
            {
                "title": item.title,
                "sku": item.sku,
                "quantity": item.quantity,
                "net_minor": item.net_minor,
                "tax_by_rate": dict(item.tax_by_rate),
                "gross_minor": item.gross_minor,
            }
            for item in items
        ],
        "totals": as_json(totals),
        "paid_back": [
            {
                "method": refund.payment.method,
                "amount_minor": refund.amount_minor,
                "reference": refund.provider_reference,
            }
            for refund in _sent(settlement)
        ],
        "derived": _derived(order),
    }


def _sent(settlement: Settlement) -> list[Refund]:
    """The refunds of the settlement whose money is on its way."""
    return [r for r in settlement.refunds.all() if r.state == RefundState.SUCCEEDED]


def _derived(order: Order) -> list[str]:
    """Figures on the document that were made up because the source lacks them."""
    return [name for name in order.derived if name in {"vat", "invoice"}]


def _seller(shop: Shop) -> dict[str, Any]:
    return {"name": shop.name, "email": shop.email, **shop.legal}


def _buyer(shopper: Shopper) -> dict[str, Any]:
    return {
        "name": shopper.name or shopper.email,
        "address": list(shopper.address),
        "country": shopper.country,
        "vat_number": shopper.vat_number,
    }
