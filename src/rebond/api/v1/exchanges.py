"""Other goods instead of money: agreed on, settled, paid for, called off."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, key_of, shop_of
from rebond.api.bodies import Body, Number
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.api.v1.refunds import ConsentIn
from rebond.api.v1.return_shapes import known_return
from rebond.domain.exchanges.actions import (
    agree_exchange,
    end_exchange,
    settle_difference,
    settle_exchange,
)
from rebond.domain.exchanges.models import Exchange
from rebond.domain.exchanges.states import WAIVED, ExchangeState
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.machines.scopes import Scope
from rebond.domain.refunds.ways import Yes

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
ENDED_BY_SHOP = "called_off"


class DifferenceWay(StrEnum):
    """How the difference was paid, or ``waived``: the shop lets it go."""

    CARD = "card"
    CASH = "cash"
    BANK_TRANSFER = "bank_transfer"
    GIFT_CARD = "gift_card"
    WAIVED = WAIVED


class ExchangedPiecesIn(Body):
    """Pieces of a product for pieces of one line of the return (its ``id``)."""

    line: UUID
    sku: str = Field(..., min_length=1, max_length=64)
    quantity: Number = Field(..., ge=1, le=1_000_000)


class ExchangeIn(Body):
    """What is wanted instead, and the shopper's word that they want it."""

    lines: list[ExchangedPiecesIn] = Field(..., min_length=1, max_length=500)
    consent: ConsentIn


class DifferenceIn(Body):
    """The difference that was paid; ``amount_minor`` has to be what is owed."""

    amount_minor: Number = Field(..., ge=1, le=10**15)
    way: DifferenceWay
    reference: str = Field("", max_length=120)


class ExchangeLineOut(Schema):
    """Pieces of a product for pieces of a line. ``unit_minor`` is null for the same thing in
    another size or colour: it costs what the shopper had paid. ``gross_minor`` is known once the
    goods came back."""

    line: str
    sku: str
    title: str
    quantity: int
    unit_minor: int | None
    settled_quantity: int | None
    gross_minor: int | None


class ExchangeOut(Schema):
    """An exchange. Until it is settled its goods are held, at most until ``expires_at``.

    ``sale_minor`` is what they cost, ``applied_minor`` what the return pays of it, ``due_minor``
    what the shopper owes: minor units of ``currency``, null until the goods were looked at.
    """

    id: str
    return_number: str
    state: ExchangeState
    currency: str
    sale_minor: int | None
    applied_minor: int | None
    due_minor: int | None
    due_way: str
    new_order: str | None
    agreed_at: str
    expires_at: str
    ended_at: str | None
    ended_why: str
    lines: list[ExchangeLineOut]


class ExchangesOut(PageOut):
    """A page of exchanges, newest first."""

    items: list[ExchangeOut]


class ExchangeFilters(Schema):
    """Which exchanges, from where. ``return_number`` narrows to one return."""

    state: ExchangeState | None = None
    return_number: str = Field("", max_length=40)
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


@router.get(
    "/exchanges",
    auth=Key(Scope.RETURNS_READ),
    response={200: ExchangesOut, **REFUSED},
    operation_id="list_exchanges",
)
def exchanges(request: HttpRequest, asked: Annotated[ExchangeFilters, Query(...)]) -> HttpResponse:
    """Exchanges, newest first."""
    check_parameters(request, {"state", "return_number"})
    rows = Exchange.objects.filter(shop=shop_of(request))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.return_number:
        rows = rows.filter(rma__number_key=asked.return_number.lower())
    detailed = rows.select_related("rma", "new_order").prefetch_related("lines")
    return listed(
        detailed.defer("rma__terms", "new_order__derived"),
        by="agreed_at",
        cursor=asked.cursor,
        limit=asked.limit,
        shape=_out,
    )


@router.post(
    "/returns/{number}/exchanges",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: ExchangeOut, **REFUSED},
    operation_id="agree_exchange",
)
def agree(request: HttpRequest, number: str, wanted: ExchangeIn) -> HttpResponse:
    """Hold other goods for a return that is not decided yet. Needs an ``Idempotency-Key``."""
    rma = known_return(request, number)

    def do(_: str) -> HttpResponse:
        made = agree_exchange(
            rma.pk,
            [Instead(line.line, line.sku, line.quantity) for line in wanted.lines],
            Yes(wanted.consent.channel, wanted.consent.given_by),
            by=actor_of(request),
        )
        return JsonResponse(_shown(made.pk), status=201)

    return once(request, f"POST returns/{rma.pk}/exchanges", do)


@router.post(
    "/exchanges/{exchange_id}/settlements",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: ExchangeOut, **REFUSED},
    operation_id="settle_exchange",
)
def settle(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    """Let what came back pay for the goods now; what is left of it goes back as money.

    While the shopper owes a difference the answer says ``unpaid``, and nothing moves. Needs an
    ``Idempotency-Key``, as do the other calls here.
    """

    def do(exchange: Exchange) -> None:
        settle_exchange(exchange.rma_id, by=actor_of(request), who=key_of(request))

    return _done(request, exchange_id, "settlements", do)


@router.post(
    "/exchanges/{exchange_id}/differences",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: ExchangeOut, **REFUSED},
    operation_id="settle_exchange_difference",
)
def difference(request: HttpRequest, exchange_id: UUID, wanted: DifferenceIn) -> HttpResponse:
    """Note how the shopper paid the difference, or that the shop lets it go."""

    def do(exchange: Exchange) -> None:
        settle_difference(
            exchange.pk,
            amount_minor=wanted.amount_minor,
            way=wanted.way.value,
            reference=wanted.reference,
            by=actor_of(request),
        )

    return _done(request, exchange_id, "differences", do)


@router.post(
    "/exchanges/{exchange_id}/endings",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: ExchangeOut, **REFUSED},
    operation_id="end_exchange",
)
def end(request: HttpRequest, exchange_id: UUID) -> HttpResponse:
    """Call it off: its goods are free again, and the money goes back instead."""

    def do(exchange: Exchange) -> None:
        end_exchange(exchange.pk, why=ENDED_BY_SHOP, by=actor_of(request))

    return _done(request, exchange_id, "endings", do)


def _done(
    request: HttpRequest, exchange_id: UUID, verb: str, do: Callable[[Exchange], None]
) -> HttpResponse:
    exchange = Exchange.objects.filter(shop=shop_of(request), pk=exchange_id).first()
    if exchange is None:
        raise Http404
    asked = exchange

    def change(_: str) -> HttpResponse:
        do(asked)
        return JsonResponse(_shown(exchange_id), status=201)

    return once(request, f"POST exchanges/{exchange_id}/{verb}", change)


def _shown(exchange_id: UUID) -> dict[str, Any]:
    return _out(Exchange.objects.select_related("rma", "new_order").get(pk=exchange_id))


def _out(exchange: Exchange) -> dict[str, Any]:
    return {
        "id": str(exchange.pk),
        "return_number": exchange.rma.number,
        "state": str(exchange.state),
        "currency": exchange.currency,
        "sale_minor": exchange.sale_minor,
        "applied_minor": exchange.applied_minor,
        "due_minor": exchange.due_minor,
        "due_way": exchange.due_way,
        "new_order": exchange.new_order.number if exchange.new_order is not None else None,
        "agreed_at": exchange.agreed_at.isoformat(),
        "expires_at": exchange.expires_at.isoformat(),
        "ended_at": exchange.ended_at.isoformat() if exchange.ended_at else None,
        "ended_why": exchange.ended_why,
        "lines": [
            {
                "line": str(line.return_line_id),
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "unit_minor": None if line.is_even else line.unit_minor,
                "settled_quantity": line.settled_quantity,
                "gross_minor": line.gross_minor,
            }
            for line in sorted(exchange.lines.all(), key=lambda one: one.position)
        ],
    }
