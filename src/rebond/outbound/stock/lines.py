"""Who is next: at each place one movement is told after the other. Inside actions only."""

from __future__ import annotations

import json
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet

from rebond.domain.warehouse.events import StockMoved
from rebond.domain.warehouse.models import Balance, Movement
from rebond.kernel.clock import now
from rebond.kernel.ids import uuid7
from rebond.kernel.jobs import later
from rebond.kernel.models import Event
from rebond.outbound.stock.models import OPEN, Link, Report, ReportState

SEND = "rebond.outbound.stock.jobs.send"


def report_move(row: Event) -> None:
    """Queue a movement for the shop's system, in the transaction that made it.

    The number is safe: whoever writes the next event of this location waits for this transaction.
    """
    if row.name != StockMoved.name or not _is_told(row.shop_id):
        return
    moved = Movement.objects.select_related("location", "unit__inspection__line__rma").get(
        shop_id=row.shop_id, pk=row.payload["movement_id"]
    )
    last = Report.objects.filter(shop_id=row.shop_id, location_id=moved.location_id)
    number = (last.aggregate(last=Max("number"))["last"] or 0) + 1
    key = uuid7()
    made = Report.objects.create(
        id=key,
        shop_id=row.shop_id,
        movement=moved,
        location=moved.location,
        number=number,
        body=_body(moved, key, number),
        next_at=now(),
        made_at=now(),
    )
    send_soon(made)


def send_soon(report: Report) -> None:
    """Tell ``report`` when its time has come."""
    later(SEND, report.pk, shop_id=report.shop_id, run_at=report.next_at)


def is_behind(report: Report) -> bool:
    """Whether an earlier movement at the same place was not told yet."""
    return _line(report).filter(number__lt=report.number).exists()


def next_in_line(report: Report) -> Report | None:
    """The first that waits at the place of ``report``; None where a refusal stops the line."""
    first = _line(report).order_by("number").first()
    return first if first is not None and first.state == ReportState.WAITING else None


def heads_due(shop_id: UUID, most: int) -> list[Report]:
    """What is due now and behind nothing, in a shop whose system is told."""
    if not _is_told(shop_id):
        return []
    earlier = Report.objects.filter(
        shop_id=OuterRef("shop_id"),
        location_id=OuterRef("location_id"),
        number__lt=OuterRef("number"),
        state__in=OPEN,
    )
    due = Report.objects.filter(shop_id=shop_id, state=ReportState.WAITING, next_at__lte=now())
    return list(due.filter(~Exists(earlier)).order_by("next_at", "id")[:most])


def _line(report: Report) -> QuerySet[Report]:
    return Report.objects.filter(
        shop_id=report.shop_id, location_id=report.location_id, state__in=OPEN
    )


def _is_told(shop_id: UUID) -> bool:
    return Link.objects.filter(shop_id=shop_id).exclude(system="").exists()


def _body(moved: Movement, key: UUID, number: int) -> str:
    standing = Balance.objects.get(
        shop_id=moved.shop_id, location_id=moved.location_id, sku=moved.sku
    ).pieces
    told = {
        "key": str(key),
        "number": number,
        "location_id": str(moved.location_id),
        "location": moved.location.name,
        "place": str(moved.location.place),
        "sku": moved.sku,
        "pieces": moved.pieces,
        "standing": standing,
        "return_number": moved.unit.inspection.line.rma.number if moved.unit else "",
        "at": moved.at.isoformat(),
    }
    return json.dumps(told, ensure_ascii=False)
