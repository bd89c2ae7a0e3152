"""Opens and closes what waits for a person. Used inside actions only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import MoneyTask, Refund, Settlement, TaskKind
from rebond.domain.returns.models import Return
from rebond.kernel.clock import now


def open_task(
    kind: TaskKind,
    subject: UUID,
    *,
    order: Order,
    rma: Return | None = None,
    settlement: Settlement | None = None,
    refund: Refund | None = None,
    **facts: Any,
) -> None:
    """Ask a person, unless they are asked already."""
    MoneyTask.objects.get_or_create(
        shop_id=order.shop_id,
        kind=kind.value,
        subject=subject,
        closed_at=None,
        defaults={
            "order": order,
            "rma": rma,
            "settlement": settlement,
            "refund": refund,
            "facts": facts,
            "opened_at": now(),
        },
    )


def open_refund_task(kind: TaskKind, refund: Refund, **facts: Any) -> None:
    """Ask a person about one refund."""
    settlement = refund.settlement
    open_task(
        kind,
        refund.pk,
        order=settlement.order,
        rma=settlement.rma,
        settlement=settlement,
        refund=refund,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        **facts,
    )


def close_tasks(shop_id: UUID, subject: UUID, *, by: str, kind: TaskKind | None = None) -> None:
    """Put away what was asked about ``subject``, all of it or of one kind."""
    waiting = MoneyTask.objects.filter(shop_id=shop_id, subject=subject, closed_at=None)
    if kind is not None:
        waiting = waiting.filter(kind=kind.value)
    waiting.update(closed_at=now(), closed_by=by)
