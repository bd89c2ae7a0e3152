"""What about money waits for somebody, and how a payout that is stuck goes on.

A yes to a refund above somebody's limit is not here: two people have to agree to it, and a machine
is none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Day, YesOrNo
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.api.v1.refunds import ConsentIn, PayoutOut, payout_out, way_of
from rebond.domain.machines.scopes import Scope
from rebond.domain.refunds.actions import (
    end_doubt,
    pay_by_hand,
    refund_again,
    send_another_way,
)
from rebond.domain.refunds.errors import IllegalRefundStep
from rebond.domain.refunds.models import MoneyTask, Refund, TaskKind
from rebond.domain.refunds.ways import Way
from rebond.kernel.clock import today
from rebond.outbound.notifications.actions import ask_for_a_way

router = Router(tags=["refunds"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class MoneyTaskOut(Schema):
    """Something that a person or a machine has to do. ``refund`` and ``payout`` are what it is
    about, where it is about one; ``facts`` are the numbers behind it.
    """

    id: str
    kind: TaskKind
    order: str
    return_number: str | None
    refund: str | None
    payout: str | None
    facts: dict[str, Any]
    opened_at: str


class MoneyTasksOut(PageOut):
    """A page of open tasks, newest first."""

    items: list[MoneyTaskOut]


class TaskFilters(Schema):
    """Which tasks, from where."""

    kind: TaskKind | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


class PaidIn(Body):
    """A payment by hand: its reference, and its day (today where none is named)."""

    reference: str = Field(..., min_length=1, max_length=120)
    paid_on: Day | None = None


class FoundIn(Body):
    """What became of money that the provider gave no answer about, as its own pages say."""

    was_paid: YesOrNo
    reference: str = Field("", max_length=120)


class OtherWay(StrEnum):
    """A way that is not the way back."""

    STORE_CREDIT = "store_credit"
    GIFT_CARD = "gift_card"
    BY_HAND = "paper"


class WayIn(Body):
    """Another way, and the shopper's word that they want it."""

    way: OtherWay
    consent: ConsentIn


@router.get(
    "/money-tasks",
    auth=Key(Scope.REFUNDS_READ),
    response={200: MoneyTasksOut, **REFUSED},
    operation_id="list_money_tasks",
)
def tasks(request: HttpRequest, asked: Annotated[TaskFilters, Query(...)]) -> HttpResponse:
    """What about money waits: failed and unclear payouts, approvals, disputes, payments by hand."""
    check_parameters(request, {"kind"})
    rows = MoneyTask.objects.filter(shop=shop_of(request), closed_at=None)
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind)
    detailed = rows.select_related("order", "rma").defer("order__derived", "rma__terms")
    return listed(detailed, by="opened_at", cursor=asked.cursor, limit=asked.limit, shape=_task_out)


@router.post(
    "/payouts/{payout_id}/payments",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: PayoutOut, **REFUSED},
    operation_id="pay_by_hand",
)
def pay(request: HttpRequest, payout_id: UUID, wanted: PaidIn) -> HttpResponse:
    """Note that somebody paid what waits for a payment by hand.

    Needs an ``Idempotency-Key``, as do the other calls about a payout.
    """

    def do(payout: Refund) -> Refund:
        day = wanted.paid_on or today(shop_of(request).time_zone)
        return pay_by_hand(payout.pk, reference=wanted.reference, paid_on=day, by=actor_of(request))

    return _done(request, payout_id, "payments", do)


@router.post(
    "/payouts/{payout_id}/tries",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: PayoutOut, **REFUSED},
    operation_id="send_payout_again",
)
def again(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """Send money that failed once more by the same way; the answer is the new payout."""
    return _done(
        request, payout_id, "tries", lambda payout: refund_again(payout.pk, by=actor_of(request))
    )


@router.post(
    "/payouts/{payout_id}/findings",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: PayoutOut, **REFUSED},
    operation_id="end_payout_doubt",
)
def found(request: HttpRequest, payout_id: UUID, wanted: FoundIn) -> HttpResponse:
    """Say what became of an unclear payout: paid under a reference, or not paid."""

    def do(payout: Refund) -> Refund:
        return end_doubt(
            payout.pk,
            was_paid=wanted.was_paid,
            reference=wanted.reference,
            by=actor_of(request),
        )

    return _done(request, payout_id, "findings", do)


@router.post(
    "/payouts/{payout_id}/ways",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: PayoutOut, **REFUSED},
    operation_id="send_payout_another_way",
)
def another_way(request: HttpRequest, payout_id: UUID, wanted: WayIn) -> HttpResponse:
    """Let money that did not go take another way; the answer is the new payout."""

    def do(payout: Refund) -> Refund:
        chosen = way_of(payout.settlement.order, Way(wanted.way.value), wanted.consent)
        return send_another_way(payout.pk, chosen, by=actor_of(request))

    return _done(request, payout_id, "ways", do)


@router.post(
    "/payouts/{payout_id}/way-requests",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: PayoutOut, **REFUSED},
    operation_id="ask_for_payout_way",
)
def ask(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """Mail the customer a link by which they choose where money without a way goes."""

    def do(payout: Refund) -> Refund:
        if not payout.waits_for_a_way or not payout.settlement.recipient.email:
            raise IllegalRefundStep(was=payout.state, asked="asked")
        ask_for_a_way(payout.pk)
        return payout

    return _done(request, payout_id, "way-requests", do)


def _done(
    request: HttpRequest, payout_id: UUID, verb: str, do: Callable[[Refund], Refund]
) -> HttpResponse:
    """The payout that ``do`` gives, once under the caller's key."""
    payout = (
        Refund.objects.select_related(
            "payment", "settlement__rma", "settlement__order__shop", "settlement__order__shopper"
        )
        .filter(shop=shop_of(request), pk=payout_id)
        .first()
    )
    if payout is None:
        raise Http404
    asked = payout

    def change(_: str) -> HttpResponse:
        given = Refund.objects.get(pk=do(asked).pk)
        return JsonResponse(payout_out(given), status=201)

    return once(request, f"POST payouts/{payout_id}/{verb}", change)


def _task_out(task: MoneyTask) -> dict[str, Any]:
    return {
        "id": str(task.pk),
        "kind": task.kind,
        "order": task.order.number,
        "return_number": task.rma.number if task.rma is not None else None,
        "refund": str(task.settlement_id) if task.settlement_id else None,
        "payout": str(task.refund_id) if task.refund_id else None,
        "facts": task.facts,
        "opened_at": task.opened_at.isoformat(),
    }
