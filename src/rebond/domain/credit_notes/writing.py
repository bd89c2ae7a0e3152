"""Writes a document: takes its number, its place in the chain and its room. Used inside actions."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from rebond.domain.credit_notes.content import hash_of, shares_of
from rebond.domain.credit_notes.events import CreditNoteIssued
from rebond.domain.credit_notes.models import (
    Bookkeeping,
    CreditNote,
    CreditNoteLine,
    DocumentKind,
    Transmission,
)
from rebond.domain.credit_notes.parties import FRENCH_BUSINESS
from rebond.domain.credit_notes.room import Claim, Standing, take_room
from rebond.domain.credit_notes.snapshot import Sheet, content_of
from rebond.domain.law.dated import starts_on
from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.orders.reading import lock_order
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.models import Shop
from rebond.kernel import crash
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record
from rebond.kernel.models import next_number

VOUCHER_SERIES = "BR"
LARGE, SMALL = ("large", "mid"), ("sme", "micro")


def locked_order(order_id: UUID) -> Order:
    """The order, held until the transaction ends, with its shop and shopper."""
    lock_order(order_id)
    return Order.objects.select_related("shop", "shopper").get(pk=order_id)


def books_of(shop: Shop) -> Bookkeeping:
    """How the shop's accountant wants things; what is usual where nobody said."""
    return Bookkeeping.objects.filter(shop=shop).first() or Bookkeeping(shop=shop)


def issue(
    sheet: Sheet, standing: Standing, *, settlement: Settlement | None, by: str
) -> CreditNote:
    """Write the document under the next number of its series and say so.

    Raises ``CreditsExceedInvoice``. The number, the row, its lines and the room they take commit
    together or not at all, so a document that is not written burns no number.
    """
    order, shop = sheet.order, sheet.order.shop
    claims = _claims(sheet)
    take_room(order, claims, sheet.totals.gross_minor, standing, by_hand=settlement is None)
    note = _row(sheet, settlement)
    shares = shares_of(sheet.items, sheet.totals)
    CreditNoteLine.objects.bulk_create(
        CreditNoteLine(
            shop=shop,
            credit_note=note,
            order_line=source if isinstance(source, OrderLine) else None,
            charge=None if isinstance(source, OrderLine) else source,
            quantity=item.quantity if item.kind == "goods" else 0,
            gross_minor=share.gross_minor,
            tax_minor=share.tax_minor,
            taxes=dict(share.tax_by_rate),
        )
        for item, source, share in zip(sheet.items, sheet.sources, shares, strict=True)
    )
    _queue_for_platform(note, books_of(shop))
    subject = settlement.rma_id if settlement is not None and settlement.rma_id else order.pk
    event = CreditNoteIssued(
        str(subject), str(note.pk), note.label, note.gross_minor, note.currency
    )
    record(event, shop_id=note.shop_id, actor=by)
    crash.point("document.issuing")
    return note


def _claims(sheet: Sheet) -> list[Claim]:
    shares = shares_of(sheet.items, sheet.totals)
    return [
        Claim(source, share.gross_minor)
        for source, share in zip(sheet.sources, shares, strict=True)
    ]


def _row(sheet: Sheet, settlement: Settlement | None) -> CreditNote:
    order, shop = sheet.order, sheet.order.shop
    moment = now()
    series = _series(sheet, local_date(moment, shop.time_zone))
    number = next_number(shop.pk, f"document:{series}")
    label = f"{series}-{number:06d}"
    last = CreditNote.objects.filter(shop=shop, series=series).order_by("-number").first()
    if last is not None:
        moment = max(moment, last.issued_at)  # numbers follow the clock, also when it steps back
    issued_on = local_date(moment, shop.time_zone)
    content: dict[str, Any] = content_of(
        sheet, issued_on=issued_on, books=Bookkeeping.objects.filter(shop=shop).first()
    ) | {"label": label, "issued_on": issued_on.isoformat(), "issued_at": moment.isoformat()}
    previous = last.hash if last else ""
    return CreditNote.objects.create(
        shop=shop,
        kind=sheet.kind,
        series=series,
        number=number,
        label=label,
        order=order,
        settlement=settlement,
        buyer_kind=content["buyer_kind"],
        invoice_number=order.invoice_number,
        invoice_date=order.invoice_date,
        language=sheet.language,
        currency=order.currency,
        net_minor=sheet.totals.net_minor,
        tax_minor=sheet.totals.tax_minor,
        gross_minor=sheet.totals.gross_minor,
        content=content,
        issued_on=issued_on,
        issued_at=moment,
        previous_hash=previous,
        hash=hash_of(previous, content),
    )


def _series(sheet: Sheet, day: date) -> str:
    """Prefix and fiscal year, named after the calendar year in which it begins."""
    shop = sheet.order.shop
    is_note = sheet.kind == DocumentKind.CREDIT_NOTE
    prefix = shop.credit_note_series if is_note else VOUCHER_SERIES
    return f"{prefix}-{day.year - (day.month < shop.fiscal_year_starts_in)}"


def platform_due_since(company_size: str) -> date:
    """From when a seller of that size hands documents between businesses to a platform.

    An unknown size counts as the one that has to begin first. Source: CGI 289 bis; loi 2022-1157
    art. 26 III; the dates stand in the parameters of the law room.
    """
    return starts_on(f"e_invoicing.issue.{'small' if company_size in SMALL else 'large'}")


def _queue_for_platform(note: CreditNote, books: Bookkeeping) -> None:
    if note.buyer_kind != FRENCH_BUSINESS or note.kind != DocumentKind.CREDIT_NOTE:
        return
    since = platform_due_since(books.company_size)
    Transmission.objects.create(
        shop_id=note.shop_id,
        credit_note=note,
        due_since=since,
        is_due=note.issued_on >= since,
        platform=books.platform,
    )
