"""Shapes for the pages about documents: what is left of an invoice, drafts, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from rebond.domain.credit_notes.files import checked_xml
from rebond.domain.credit_notes.models import (
    Bookkeeping,
    CreditNoteDraft,
    DraftLine,
    DraftState,
)
from rebond.domain.credit_notes.room import Standing, standing_of
from rebond.domain.credit_notes.sheets import sheet_of_draft
from rebond.domain.credit_notes.snapshot import content_of, price_of
from rebond.domain.orders.models import Order, OrderCharge, OrderLine
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.models import Shop
from rebond.kernel.models import Event, Job

DOCUMENT_JOB = "rebond.domain.credit_notes.jobs.document_settlement"
MOST_SHOWN = 20


@dataclass(frozen=True)
class Left:
    """What can still be credited of one line or charge."""

    source: OrderLine | OrderCharge
    pieces: int
    gross_minor: int

    @property
    def is_line(self) -> bool:
        """Whether it is of goods, which have pieces."""
        return isinstance(self.source, OrderLine)

    @property
    def price_minor(self) -> int:
        """What was charged for it."""
        return price_of(self.source)


@dataclass(frozen=True)
class Room:
    """What can still be credited of an order: of each line and charge, and in all.

    ``promised_minor`` is set aside for refunds whose document has yet to come.
    """

    rows: list[Left]
    left_minor: int
    credited_minor: int
    promised_minor: int
    standing: Standing


@dataclass(frozen=True)
class Checked:
    """A draft as it would be issued now, and what the checks would say to it."""

    content: dict[str, Any]
    findings: tuple[str, ...]
    ran: tuple[str, ...]


def room_of(order: Order) -> Room:
    """What is left of ``order``. A fixed number of queries."""
    standing = standing_of(order)
    sources: list[OrderLine | OrderCharge] = [*order.lines.order_by("position")]
    sources += order.charges.order_by("position")
    rows = []
    for source in sources:
        used = standing.used(source.pk, with_promised=True)
        pieces = source.quantity - used.quantity if isinstance(source, OrderLine) else 0
        left = price_of(source) - used.gross_minor
        rows.append(Left(source, max(0, pieces), max(0, left)))
    return Room(
        rows=rows,
        left_minor=max(0, order.total_minor - standing.used_minor(with_promised=True)),
        credited_minor=standing.documented_minor + standing.elsewhere_minor,
        promised_minor=standing.promised_minor,
        standing=standing,
    )


def draft_lines(draft: CreditNoteDraft) -> list[DraftLine]:
    """The lines of a draft with what they are of, in the order of the sale."""
    rows = list(draft.lines.select_related("order_line", "charge"))
    return sorted(rows, key=_place)


def _place(row: DraftLine) -> tuple[bool, int]:
    source = row.order_line or row.charge
    assert source is not None
    return row.charge_id is not None, source.position


def checked_draft(draft: CreditNoteDraft, *, on: date) -> Checked:
    """The draft's content as of ``on``, and what is found against it before it has a number."""
    order = draft.order
    sheet = sheet_of_draft(order, draft, draft_lines(draft), standing_of(order))
    books = Bookkeeping.objects.filter(shop_id=draft.shop_id).first()
    content = content_of(sheet, issued_on=on, books=books) | {
        "label": "",
        "issued_on": on.isoformat(),
    }
    _, verdict = checked_xml(content | {"label": "0"})
    if verdict is None:
        return Checked(content, (), ())
    return Checked(content, verdict.findings, verdict.ran)


def open_drafts(shop: Shop) -> list[CreditNoteDraft]:
    """Drafts that somebody still writes, the latest first."""
    rows = CreditNoteDraft.objects.filter(shop=shop, state=DraftState.OPEN)
    return list(rows.select_related("order").order_by("-changed_at", "-id")[:MOST_SHOWN])


def paid_without_document(shop: Shop) -> list[Settlement]:
    """Settlements that were paid and whose document could not be issued so far.

    Found by the jobs that wait to issue them, which are few; the reason is on the job.
    """
    waiting = Job.objects.filter(shop_id=shop.pk, key__endswith=f":{DOCUMENT_JOB}")
    failed = waiting.exclude(last_error="").order_by("-created_at")[:MOST_SHOWN]
    events = [UUID(str(job.arguments[0])) for job in failed if job.arguments]
    payloads = Event.objects.filter(shop_id=shop.pk, pk__in=events).values_list(
        "payload", flat=True
    )
    settlements = [UUID(payload["settlement_id"]) for payload in payloads]
    open_ones = Settlement.objects.filter(
        shop=shop, pk__in=settlements, credit_notes=None, without_document=None
    )
    return list(open_ones.select_related("order", "rma").order_by("-decided_at", "-id"))
