"""Goods without a receipt over the API: filed and read; a person at the desk decides."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Number
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.domain.no_receipt.actions import Brought, file_without_receipt
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.no_receipt.states import NoReceiptState
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.warehouse.grades import Grade
from rebond.kernel.clock import now

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class BroughtIn(Body):
    """Pieces of one article that somebody brought, and whose they are."""

    sku: str = Field(..., min_length=1, max_length=64)
    quantity: Number = Field(1, ge=1, le=20)
    grade: Literal["a", "b", "c", "d"]
    email: str = Field(..., min_length=3, max_length=254)
    name: str = Field("", max_length=200)
    said: str = Field("", max_length=1000)


class NoReceiptOut(Schema):
    """A return without a receipt; amounts in minor units. It is paid as store credit only."""

    id: str
    number: str
    state: str
    sku: str
    quantity: int
    grade: str
    price_minor: int
    amount_minor: int
    currency: str
    lowest_since: str
    filed_at: str
    decided_at: str | None


class NoReceiptsOut(PageOut):
    """A page of them."""

    items: list[NoReceiptOut]


class NoReceiptFilters(Schema):
    """Which of them, from where."""

    state: NoReceiptState | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


@router.post(
    "/no-receipt-returns",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: NoReceiptOut, **REFUSED},
    operation_id="file_without_receipt",
)
def create(request: HttpRequest, told: BroughtIn) -> HttpResponse:
    """File goods for which no sale was found. Needs an ``Idempotency-Key``; a person decides."""
    shop = shop_of(request)

    brought = Brought(
        sku=told.sku,
        quantity=told.quantity,
        grade=Grade(told.grade),
        email=told.email,
        name=told.name,
        said=told.said,
    )

    def do(_: str) -> HttpResponse:
        made = file_without_receipt(
            shop,
            brought,
            policy=policy_in_force(shop, now()),
            at=now(),
            by=actor_of(request),
        )
        return JsonResponse(_out(made), status=201)

    return once(request, "POST no-receipt-returns", do)


@router.get(
    "/no-receipt-returns",
    auth=Key(Scope.RETURNS_READ),
    response={200: NoReceiptsOut, **REFUSED},
    operation_id="list_without_receipt",
)
def listing(request: HttpRequest, asked: Annotated[NoReceiptFilters, Query(...)]) -> HttpResponse:
    """Returns without a receipt, newest first."""
    check_parameters(request, {"state"})
    rows = NoReceiptReturn.objects.filter(shop=shop_of(request))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    return listed(rows, by="at", cursor=asked.cursor, limit=asked.limit, shape=_out)


@router.get(
    "/no-receipt-returns/{row_id}",
    auth=Key(Scope.RETURNS_READ),
    response={200: NoReceiptOut, **REFUSED},
    operation_id="read_without_receipt",
)
def read(request: HttpRequest, row_id: UUID) -> dict[str, Any]:
    """One of them."""
    found = NoReceiptReturn.objects.filter(shop=shop_of(request), pk=row_id).first()
    if found is None:
        raise Http404
    return _out(found)


def _out(row: NoReceiptReturn) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "number": row.number,
        "state": str(row.state),
        "sku": row.sku,
        "quantity": row.quantity,
        "grade": str(row.grade),
        "price_minor": row.price_minor,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "lowest_since": row.lowest_since.isoformat(),
        "filed_at": row.at.isoformat(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }
