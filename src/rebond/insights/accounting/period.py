"""The documents of a period, one after the other, in the order of issue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.exchanges.models import SaleDocument
from rebond.domain.shops.models import Shop
from rebond.insights.accounting.books import BookedLine, Document

AT_ONCE = 200


@dataclass(frozen=True)
class Period:
    """From one day to another, both included, on the shop's clock."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends after it begins")

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """The first moment of the period and the first after it."""
        clock = ZoneInfo(zone)
        return (
            datetime.combine(self.first, time(), clock),
            datetime.combine(self.last + timedelta(days=1), time(), clock),
        )


def notes_of(shop: Shop, period: Period) -> QuerySet[CreditNote]:
    """The documents that ``shop`` issued in ``period``."""
    begin, end = period.bounds(shop.time_zone)
    return CreditNote.objects.filter(shop=shop, issued_at__gte=begin, issued_at__lt=end)


def walk(shop: Shop, period: Period) -> Iterator[CreditNote]:
    """The documents with their files and lines, a few hundred in memory at a time."""
    rows = notes_of(shop, period).order_by("issued_at", "id")
    for note in rows.prefetch_related("files", "lines").iterator(chunk_size=AT_ONCE):
        note.shop = shop
        yield note


def sales_of(shop: Shop, period: Period) -> Iterator[SaleDocument]:
    """The documents of goods taken in exchange, in the order of issue."""
    begin, end = period.bounds(shop.time_zone)
    rows = SaleDocument.objects.filter(shop=shop, issued_at__gte=begin, issued_at__lt=end)
    yield from rows.order_by("issued_at", "id").iterator(chunk_size=AT_ONCE)


def sale_as_booked(note: SaleDocument) -> Document:
    """``note`` as the books see it."""
    return Document(
        label=note.label,
        issued_on=note.issued_on,
        refunded_on=None,
        customer=str(note.content["order_number"]),
        lines=[
            BookedLine(item["kind"], item["gross_minor"], item["tax_by_rate"])
            for item in note.content["items"]
        ],
        paid=[],
    )


def as_booked(note: CreditNote) -> Document:
    """``note`` as the books see it."""
    kinds = {
        str(item["source"]): item["kind"] for item in note.content["items"] if "source" in item
    }
    refunded = note.content.get("refunded_on") or ""
    return Document(
        label=note.label,
        issued_on=note.issued_on,
        refunded_on=date.fromisoformat(refunded) if refunded else None,
        customer=str(note.content["order_number"]),
        lines=[
            BookedLine(
                kinds.get(
                    str(line.order_line_id or line.charge_id),
                    "charge" if line.charge_id else "goods",
                ),
                line.gross_minor,
                line.taxes,
            )
            for line in note.lines.all()
        ],
        paid=[(part["method"], part["amount_minor"]) for part in note.content["paid_back"]],
    )
