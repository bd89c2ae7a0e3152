"""What has to be done by a day, by law or by the shop's own word."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, shop_of
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, check_parameters
from rebond.domain.duties.cost import cost_on
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.duties.models import Duty
from rebond.domain.duties.queries import after, open_duties, withheld
from rebond.domain.machines.errors import CursorUnreadable
from rebond.domain.machines.scopes import Scope
from rebond.kernel.clock import today

router = Router(tags=["law"])
REFUSED = {401: Problem, 403: Problem, 422: Problem}
LONGEST_PLACE = 60


class DutyOut(Schema):
    """One duty. It is about a return, a statement of withdrawal, an order whose goods never came,
    an appeal or a request about personal data: those of the five that are null it is not about.

    ``due_on`` is its last day, null while the shop may still wait for the goods; ``days_left`` is
    below zero once that passed. ``jurisdiction`` is empty for the shop's own promise. Amounts are
    minor units of ``currency``; ``late_cost_minor`` is what a refund today costs on top, null
    where it costs nothing or the rate of this half-year is not published here.
    """

    id: str
    kind: DutyKind
    return_number: str | None
    withdrawal: str | None
    order: str | None
    appeal: str | None
    data_request: str | None
    due_on: str | None
    days_left: int | None
    jurisdiction: str
    articles: list[str]
    currency: str
    sum_minor: int | None
    late_cost_minor: int | None
    late_cost_percent: int | None


class DutiesOut(Schema):
    """The most urgent first. ``next`` is the ``after`` of the next page, empty at the end."""

    items: list[DutyOut]
    next: str


class DutyFilters(Schema):
    """Which duties, from where. ``withheld`` lists the refunds that wait for goods or proof."""

    kind: DutyKind | None = None
    withheld: bool = False
    after: str = Field("", max_length=LONGEST_PLACE)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


@router.get(
    "/duties",
    auth=Key(Scope.RETURNS_READ),
    response={200: DutiesOut, **REFUSED},
    operation_id="list_duties",
)
def duties(request: HttpRequest, asked: Annotated[DutyFilters, Query(...)]) -> dict[str, Any]:
    """What is due, the most urgent first, and what each day late costs."""
    check_parameters(request, {"kind", "withheld", "after"})
    shop = shop_of(request)
    day = today(shop.time_zone)
    if asked.withheld:
        return {"items": [_out(one, day) for one in withheld(shop, asked.limit)], "next": ""}
    rows = open_duties(shop, kind=asked.kind.value if asked.kind else "")
    place = _place(asked.after)
    if place is not None:
        rows = after(rows, *place)
    found = list(rows[: asked.limit + 1])
    shown = found[: asked.limit]
    further = shown[-1] if len(found) > asked.limit else None
    return {
        "items": [_out(one, day) for one in shown],
        "next": f"{further.due_on}_{further.pk}" if further is not None else "",
    }


def _place(text: str) -> tuple[date, UUID] | None:
    """Where a page begins, as ``next`` told it. Raises ``CursorUnreadable``."""
    if not text:
        return None
    day, _, last = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(last)
    except ValueError as unreadable:
        raise CursorUnreadable from unreadable


def _out(duty: Duty, day: date) -> dict[str, Any]:
    order = duty.non_delivery.order if duty.non_delivery is not None else None
    cost = cost_on(duty, day) if duty.done_at is None else None
    return {
        "id": str(duty.pk),
        "kind": duty.kind,
        "return_number": duty.rma.number if duty.rma is not None else None,
        "withdrawal": duty.statement.reference if duty.statement is not None else None,
        "order": order.number if order is not None else None,
        "appeal": str(duty.appeal_id) if duty.appeal_id else None,
        "data_request": str(duty.data_request_id) if duty.data_request_id else None,
        "due_on": duty.due_on.isoformat() if duty.due_on else None,
        "days_left": (duty.due_on - day).days if duty.due_on else None,
        "jurisdiction": duty.jurisdiction,
        "articles": duty.articles,
        "currency": duty.currency,
        "sum_minor": duty.sum_minor,
        "late_cost_minor": cost.minor if cost is not None else None,
        "late_cost_percent": cost.percent if cost is not None else None,
    }
