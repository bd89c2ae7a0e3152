"""Many orders sent at once: taken in, entered a piece at a time, refused rows kept with why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from rebond.domain.orders.events import OrdersImported
from rebond.domain.orders.models import OrderBatch, OrderBatchRow
from rebond.domain.orders.new import NewOrder
from rebond.domain.orders.told import as_told, order_told
from rebond.domain.orders.writing import write_order
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.events import record
from rebond.kernel.jobs import later

ROWS_AT_ONCE = 50
ENTER = "rebond.domain.orders.jobs.enter_batch"


@dataclass(frozen=True)
class Row:
    """One row of a batch, counted from 1: an order, or why it is none."""

    position: int
    order: NewOrder | None
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def take_batch(shop: Shop, rows: Sequence[Row], *, batch_id: UUID, by: str) -> OrderBatch:
    """Keep ``rows`` to be entered in the background. Used inside an action."""
    refused = sum(1 for row in rows if row.order is None)
    batch = OrderBatch.objects.create(
        id=batch_id, shop=shop, total=len(rows), refused=refused, made_by=by, made_at=now()
    )
    OrderBatchRow.objects.bulk_create(
        OrderBatchRow(
            shop=shop,
            batch=batch,
            position=row.position,
            told=as_told(row.order) if row.order else {},
            code=row.code,
            facts=dict(row.facts),
        )
        for row in rows
    )
    later(ENTER, batch.pk, shop_id=shop.pk)
    return batch


def enter_some(batch_id: UUID) -> None:
    """Enter the next rows of a batch; a row that is refused stays with its code. In an action."""
    batch = (
        OrderBatch.objects.select_for_update(no_key=True).select_related("shop").get(pk=batch_id)
    )
    waiting = OrderBatchRow.objects.filter(shop_id=batch.shop_id, batch=batch, code="")
    rows = list(waiting.order_by("position")[:ROWS_AT_ONCE])
    done: list[UUID] = []
    for row in rows:
        try:
            with transaction.atomic():
                write_order(batch.shop, order_told(row.told), source="api", by=batch.made_by)
        except RebondError as refusal:
            row.code, row.facts = refusal.code, refusal.facts
            row.save(update_fields=["code", "facts"])
        else:
            done.append(row.pk)
    OrderBatchRow.objects.filter(shop_id=batch.shop_id, pk__in=done).delete()
    batch.entered += len(done)
    batch.refused += len(rows) - len(done)
    if waiting.exists():
        later(ENTER, batch.pk, shop_id=batch.shop_id)
    elif batch.finished_at is None:
        batch.finished_at = now()
        event = OrdersImported(str(batch.pk), "POST /order-imports", batch.entered, 0)
        record(event, shop_id=batch.shop_id, actor=batch.made_by)
    batch.save(update_fields=["entered", "refused", "finished_at"])
