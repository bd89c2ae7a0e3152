"""Goods that never arrived over the API: reported, answered, refunded, the contract ended."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, key_of, shop_of
from rebond.api.bodies import Body, Day, Number, YesOrNo
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import keyed
from rebond.domain.machines.scopes import Scope
from rebond.domain.non_deliveries.actions import (
    Told,
    announce_day,
    end_contract,
    note_arrived,
    refund_missing,
    report_missing,
    send_again,
)
from rebond.domain.non_deliveries.models import NonDelivery, NonDeliveryAnswer, NonDeliveryLine
from rebond.domain.non_deliveries.queries import legal_end_of, reports
from rebond.domain.non_deliveries.states import EndGround, ReportState, Tracking
from rebond.domain.orders.models import Order

router = Router(tags=["non-deliveries"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
ALL = "/non-deliveries"
ONE = "/non-deliveries/{non_delivery_id}"


class MissingPiecesIn(Body):
    """Pieces of one line of the order."""

    order_line: UUID
    quantity: Number = Field(..., ge=1, le=1_000_000)


class NonDeliveryIn(Body):
    """What has not arrived. ``tracking_said`` is what the customer reads; it proves nothing.

    ``expected_on`` is the day that was announced to them.
    """

    order: str = Field(..., min_length=1, max_length=40)
    lines: list[MissingPiecesIn] = Field(..., min_length=1, max_length=500)
    tracking_said: Tracking = Tracking.NOTHING
    expected_on: Day | None = None
    text: str = Field("", max_length=2000)
    language: str = Field("", max_length=10)


class NewDayIn(Body):
    """The day that is announced to the customer, and words to them."""

    announced_on: Day
    text: str = Field("", max_length=2000)


class SentAgainIn(Body):
    """What was sent once more; without ``lines`` all that is open."""

    lines: list[MissingPiecesIn] = Field(default_factory=list, max_length=500)
    carrier: str = Field("", max_length=60)
    tracking_number: str = Field("", max_length=80)
    announced_on: Day | None = None
    text: str = Field("", max_length=2000)


class MissingRefundIn(Body):
    """What is paid back; without ``lines`` all that is open. ``shown_minor`` is what you expect."""

    lines: list[MissingPiecesIn] = Field(default_factory=list, max_length=500)
    with_delivery: YesOrNo = False
    shown_minor: Number | None = Field(None, ge=0, le=10**15)


class ArrivalIn(Body):
    """What has arrived after all; without ``lines`` all that is open."""

    lines: list[MissingPiecesIn] = Field(default_factory=list, max_length=500)


class TerminationIn(Body):
    """Why the customer ends the contract."""

    ground: EndGround


class MissingLineOut(Schema):
    """Pieces of one line, and what became of them."""

    order_line: UUID
    sku: str
    quantity: int
    refunded: int
    arrived: int
    refused: int
    open: int


class MissingAnswerOut(Schema):
    """One answer. ``pieces`` are quantities by order line; ``refund`` is the id of its refund."""

    id: UUID
    kind: str
    pieces: dict[str, int]
    text: str
    announced_on: str | None
    carrier: str
    tracking_number: str
    reason: str
    article: str
    refund: UUID | None
    called_off: bool
    at: str


class NonDeliveryOut(Schema):
    """A report. ``deliver_by`` ends the additional period; ``refund_by`` is the last day by law
    once the contract has ended, null where no page of law names one."""

    id: UUID
    number: str
    order: str
    state: str
    tracking_said: str
    expected_on: str | None
    text: str
    reported_at: str
    deliver_by: str
    announced_on: str | None
    ended_on: str | None
    end_ground: str
    refund_by: str | None
    lines: list[MissingLineOut]
    answers: list[MissingAnswerOut]


class NonDeliveriesOut(PageOut):
    """A page of reports, newest first."""

    items: list[NonDeliveryOut]


class NonDeliveryFilters(Schema):
    """Which of them, from where."""

    state: ReportState | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


@router.get(
    ALL,
    auth=Key(Scope.RETURNS_READ),
    response={200: NonDeliveriesOut, **REFUSED},
    operation_id="list_non_deliveries",
)
def listing(request: HttpRequest, asked: Annotated[NonDeliveryFilters, Query(...)]) -> HttpResponse:
    """Reports of goods that never arrived, newest first."""
    check_parameters(request, {"state"})
    rows = reports(shop_of(request)).select_related("order__shop").prefetch_related("answers")
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    return listed(rows, by="reported_at", cursor=asked.cursor, limit=asked.limit, shape=_out)


@router.post(
    ALL,
    auth=Key(Scope.RETURNS_WRITE),
    response={201: NonDeliveryOut, **REFUSED},
    operation_id="report_non_delivery",
)
@keyed
def create(request: HttpRequest, told: NonDeliveryIn) -> HttpResponse:
    """Report pieces that have not arrived; the customer gets a letter with the days.

    The same pieces are taken once. From now on they cannot come back in a return.
    """
    shop = shop_of(request)
    key = told.order.strip().lower()
    order = Order.objects.filter(shop=shop, number_key=key).first()
    if order is None:
        raise Http404
    made = report_missing(
        order.pk,
        Told(
            _pieces(told.lines) or {},
            told.tracking_said,
            told.expected_on,
            told.text,
            told.language if told.language in shop.languages else "",
        ),
        by=actor_of(request),
    )
    return _made(request, made.pk)


@router.get(
    ONE,
    auth=Key(Scope.RETURNS_READ),
    response={200: NonDeliveryOut, **REFUSED},
    operation_id="get_non_delivery",
)
def read(request: HttpRequest, non_delivery_id: UUID) -> HttpResponse:
    """One report with its answers."""
    return JsonResponse(_out(_found(request, non_delivery_id)))


@router.post(
    f"{ONE}/announcements",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: NonDeliveryOut, **REFUSED},
    operation_id="announce_delivery",
)
@keyed
def announce(request: HttpRequest, non_delivery_id: UUID, told: NewDayIn) -> HttpResponse:
    """Tell the customer that it is on its way, and a new day; takes no right away."""
    found = _found(request, non_delivery_id)
    announce_day(found.pk, told.announced_on, told.text, by=actor_of(request))
    return _made(request, found.pk)


@router.post(
    f"{ONE}/replacements",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: NonDeliveryOut, **REFUSED},
    operation_id="send_missing_again",
)
@keyed
def again(request: HttpRequest, non_delivery_id: UUID, told: SentAgainIn) -> HttpResponse:
    """Say that pieces were sent once more; they stay open until they arrive."""
    found = _found(request, non_delivery_id)
    send_again(
        found.pk,
        _pieces(told.lines),
        told.text,
        by=actor_of(request),
        carrier=told.carrier,
        tracking_number=told.tracking_number,
        expected_on=told.announced_on,
    )
    return _made(request, found.pk)


@router.post(
    f"{ONE}/refunds",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: NonDeliveryOut, **REFUSED},
    operation_id="refund_missing",
)
@keyed
def refund(request: HttpRequest, non_delivery_id: UUID, told: MissingRefundIn) -> HttpResponse:
    """Pay back the whole price the way it came, within the limits of machines.

    Delivery and fees come back too where nothing of the order arrived. Refunded pieces can never
    be returned. Refusing a report is left to a person at the desk.
    """
    found = _found(request, non_delivery_id)
    refund_missing(
        found.pk,
        _pieces(told.lines),
        by=actor_of(request),
        who=key_of(request),
        with_delivery=told.with_delivery,
        shown_minor=told.shown_minor,
    )
    return _made(request, found.pk)


@router.post(
    f"{ONE}/arrivals",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: NonDeliveryOut, **REFUSED},
    operation_id="note_arrival",
)
@keyed
def arrival(request: HttpRequest, non_delivery_id: UUID, told: ArrivalIn) -> HttpResponse:
    """Pieces have arrived after all; they may come back in a return again."""
    found = _found(request, non_delivery_id)
    note_arrived(found.pk, _pieces(told.lines), by=actor_of(request))
    return _made(request, found.pk)


@router.post(
    f"{ONE}/termination",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: NonDeliveryOut, **REFUSED},
    operation_id="end_contract",
)
@keyed
def terminate(request: HttpRequest, non_delivery_id: UUID, told: TerminationIn) -> HttpResponse:
    """The customer waits no longer: from today the law counts the days to the refund."""
    found = _found(request, non_delivery_id)
    end_contract(found.pk, told.ground, by=actor_of(request))
    return _made(request, found.pk)


def _pieces(lines: list[MissingPiecesIn]) -> dict[UUID, int] | None:
    """Quantities by order line, those of one line together; None where none is named."""
    found: dict[UUID, int] = {}
    for line in lines:
        found[line.order_line] = found.get(line.order_line, 0) + line.quantity
    return found or None


def _made(request: HttpRequest, non_delivery_id: UUID) -> HttpResponse:
    return JsonResponse(_out(_found(request, non_delivery_id)), status=201)


def _found(request: HttpRequest, non_delivery_id: UUID) -> NonDelivery:
    rows = reports(shop_of(request)).select_related("order__shop").prefetch_related("answers")
    found = rows.filter(pk=non_delivery_id).first()
    if found is None:
        raise Http404
    return found


def _out(row: NonDelivery) -> dict[str, Any]:
    end = legal_end_of(row, row.ended_on) if row.ended_on else None
    lines = sorted(row.lines.all(), key=lambda line: line.order_line.position)
    answers = sorted(row.answers.all(), key=lambda one: (one.at, one.pk))
    return {
        "id": str(row.pk),
        "number": row.number,
        "order": row.order.number,
        "state": str(row.state),
        "tracking_said": str(row.tracking_said),
        "expected_on": row.expected_on.isoformat() if row.expected_on else None,
        "text": row.text,
        "reported_at": row.reported_at.isoformat(),
        "deliver_by": row.deliver_by.isoformat(),
        "announced_on": row.announced_on.isoformat() if row.announced_on else None,
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        "end_ground": str(row.end_ground),
        "refund_by": end.due_on.isoformat() if end and end.due_on else None,
        "lines": [_line(line) for line in lines],
        "answers": [_answer(one) for one in answers],
    }


def _line(line: NonDeliveryLine) -> dict[str, Any]:
    return {
        "order_line": str(line.order_line_id),
        "sku": line.order_line.sku,
        "quantity": line.quantity,
        "refunded": line.refunded_quantity,
        "arrived": line.arrived_quantity,
        "refused": line.refused_quantity,
        "open": line.open_quantity,
    }


def _answer(one: NonDeliveryAnswer) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "kind": str(one.kind),
        "pieces": one.pieces,
        "text": one.words,
        "announced_on": one.announced_on.isoformat() if one.announced_on else None,
        "carrier": one.carrier,
        "tracking_number": one.tracking_number,
        "reason": str(one.reason),
        "article": one.article,
        "refund": str(one.settlement_id) if one.settlement_id else None,
        "called_off": one.called_off_at is not None,
        "at": one.at.isoformat(),
    }
