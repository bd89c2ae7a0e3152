"""The verbs of the legal clock: bring the duties of one thing up to date, warn, mark as told."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from rebond.domain.duties.clock import (
    Owed,
    duties_of_appeal,
    duties_of_data_request,
    duties_of_non_delivery,
    duties_of_return,
    duties_of_statement,
)
from rebond.domain.duties.events import DutiesWarned
from rebond.domain.duties.kinds import WARNED_DAYS, DutyKind, warning_for
from rebond.domain.duties.models import Duty
from rebond.domain.fair_use.models import Appeal
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import DataRequest
from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.models import Statement
from rebond.kernel.actions import action
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record

MOST_IN_ONE_WARNING = 200


@action
def review_return(rma_id: UUID) -> list[Duty]:
    """Bring the duties of a return in step with what happened; once more changes nothing."""
    Return.objects.locked(pk=rma_id)
    rma = (
        Return.objects.select_related("shop", "order__shop", "order__shopper")
        .prefetch_related("lines__reason")
        .get(pk=rma_id)
    )
    return _written(rma.shop, duties_of_return(rma), rma=rma)


@action
def review_statement(statement_id: UUID, *, is_told: bool = False) -> list[Duty]:
    """Bring the duties of a statement in step; ``is_told`` when its acknowledgement has left."""
    statement = Statement.objects.select_related("shop").get(pk=statement_id)
    case = statement.cases.select_related("order__shop").get()
    known = Duty.objects.filter(
        shop=statement.shop, statement=statement, kind=DutyKind.ACKNOWLEDGE, done_at__isnull=False
    )
    told = is_told or known.exists()
    return _written(
        statement.shop, duties_of_statement(statement, case, is_told=told), statement=statement
    )


@action
def review_appeal(appeal_id: UUID) -> list[Duty]:
    """Bring the duty to answer an appeal in step with what happened."""
    made = Appeal.objects.select_related("shop").get(pk=appeal_id)
    return _written(made.shop, duties_of_appeal(made), appeal=made)


@action
def review_data_request(request_id: UUID) -> list[Duty]:
    """Bring the duty to answer a request about personal data in step with what happened."""
    asked = DataRequest.objects.select_related("shop").get(pk=request_id)
    return _written(asked.shop, duties_of_data_request(asked), data_request=asked)


@action
def review_non_deliveries(order_id: UUID) -> list[Duty]:
    """Bring the duties of all reports of missing goods of one order in step."""
    order = Order.objects.only("id", "shop_id").get(pk=order_id)
    rows = NonDelivery.objects.select_related("shop", "order__shop", "order__shopper")
    found = []
    for report in rows.filter(shop_id=order.shop_id, order=order).order_by("id"):
        owed = duties_of_non_delivery(report)
        found += _written(report.shop, owed, non_delivery=report)
    return found


@action
def warn_shop(shop_id: UUID) -> list[Duty]:
    """Mark the duties whose day is seven, three or one day off, or over, and say so once each."""
    shop = Shop.objects.get(pk=shop_id)
    moment = now()
    today = local_date(moment, shop.time_zone)
    near = Duty.objects.filter(shop=shop, done_at=None).filter(
        Q(due_on__lte=today + timedelta(days=max(WARNED_DAYS)))
    )
    fresh = []
    for duty in near.order_by("due_on", "id").iterator(chunk_size=500):
        assert duty.due_on is not None
        if duty.kind == DutyKind.ACKNOWLEDGE:
            wanted = 0 if duty.due_at is not None and duty.due_at <= moment else None
        else:
            wanted = warning_for((duty.due_on - today).days)
        if wanted is None or (duty.warned_days is not None and duty.warned_days <= wanted):
            continue
        duty.warned_days = wanted
        fresh.append(duty)
        if len(fresh) == MOST_IN_ONE_WARNING:
            break
    Duty.objects.bulk_update(fresh, ["warned_days"])
    if fresh:
        ids = " ".join(str(duty.pk) for duty in fresh)
        late = sum(duty.warned_days == 0 for duty in fresh)
        record(DutiesWarned(str(shop.pk), ids, late), shop_id=shop.pk, actor="system")
    return fresh


def _written(
    shop: Shop,
    owed: list[Owed],
    *,
    rma: Return | None = None,
    statement: Statement | None = None,
    appeal: Appeal | None = None,
    data_request: DataRequest | None = None,
    non_delivery: NonDelivery | None = None,
) -> list[Duty]:
    """The rows of ``owed``; a duty that no longer stands is closed."""
    given = {
        "rma": rma,
        "statement": statement,
        "appeal": appeal,
        "data_request": data_request,
        "non_delivery": non_delivery,
    }
    about: dict[str, Any] = {name: row for name, row in given.items() if row is not None}
    rows = {row.kind: row for row in Duty.objects.filter(shop=shop, **about)}
    moment = now()
    found = []
    for one in owed:
        row = rows.pop(one.kind, None) or Duty(shop=shop, kind=one.kind, **about)
        values = {name: value for name, value in asdict(one).items() if name != "is_done"}
        moved = row.due_on != one.due_on
        for name, value in values.items():
            setattr(row, name, value)
        if moved:
            row.warned_days = None
        row.done_at = (row.done_at or moment) if one.is_done else None
        row.save()
        found.append(row)
    for row in rows.values():
        row.done_at = row.done_at or moment
        row.save(update_fields=["done_at"])
    return found
