"""Goods over the API: parcels on their way, what stands on which shelf, what moved."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, shop_of
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed, walked
from rebond.api.v1.return_verbs import ParcelOut, parcel_out
from rebond.domain.machines.scopes import Scope
from rebond.domain.returns.states import ParcelState
from rebond.domain.shipping.models import Parcel
from rebond.domain.warehouse.models import Balance, Movement

router = Router(tags=["warehouse"])
REFUSED = {401: Problem, 403: Problem, 422: Problem}


class ParcelOfReturnOut(ParcelOut):
    """A parcel with the number of its return."""

    return_number: str


class ParcelsOut(Schema):
    """Parcels, oldest first. ``next`` is the ``after`` of the next page, empty at the end."""

    items: list[ParcelOfReturnOut]
    next: str


class ParcelFilters(Schema):
    """Which parcels, from where."""

    state: ParcelState | None = None
    after: UUID | None = None
    limit: int = Field(100, ge=1, le=LONGEST_PAGE)


class StockBalanceOut(Schema):
    """Pieces of one stock code at one location now."""

    location: str
    place: str
    sku: str
    pieces: int


class StockBalancesOut(Schema):
    """Balances in a stable order. ``next`` is the ``after`` of the next page."""

    items: list[StockBalanceOut]
    next: str


class StockBalanceFilters(Schema):
    """Which balances, from where."""

    sku: str = Field("", max_length=64)
    after: UUID | None = None
    limit: int = Field(100, ge=1, le=LONGEST_PAGE)


class StockMovementOut(Schema):
    """Pieces put on a shelf (more than 0) or taken from it."""

    id: str
    location: str
    sku: str
    pieces: int
    unit: str | None
    why: str
    by: str
    at: str


class StockMovementsOut(PageOut):
    """A page of movements, newest first."""

    items: list[StockMovementOut]


class StockMovementFilters(Schema):
    """Which movements, from where."""

    sku: str = Field("", max_length=64)
    cursor: str = Field("", max_length=200)
    limit: int = Field(100, ge=1, le=LONGEST_PAGE)


@router.get(
    "/parcels",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: ParcelsOut, **REFUSED},
    operation_id="list_parcels",
)
def parcels(request: HttpRequest, asked: Annotated[ParcelFilters, Query(...)]) -> dict[str, Any]:
    """The parcels of all returns."""
    check_parameters(request, {"state", "after"})
    rows = Parcel.objects.filter(shop=shop_of(request)).select_related("rma")
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    return walked(
        rows,
        after=asked.after,
        limit=asked.limit,
        shape=lambda parcel: parcel_out(parcel) | {"return_number": parcel.rma.number},
    )


@router.get(
    "/stock/balances",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: StockBalancesOut, **REFUSED},
    operation_id="list_stock_balances",
)
def balances(
    request: HttpRequest, asked: Annotated[StockBalanceFilters, Query(...)]
) -> dict[str, Any]:
    """What stands on which shelf."""
    check_parameters(request, {"sku", "after"})
    rows = Balance.objects.filter(shop=shop_of(request)).select_related("location")
    if asked.sku:
        rows = rows.filter(sku=asked.sku)
    return walked(
        rows,
        after=asked.after,
        limit=asked.limit,
        shape=lambda row: {
            "location": row.location.name,
            "place": str(row.location.place),
            "sku": row.sku,
            "pieces": row.pieces,
        },
    )


@router.get(
    "/stock/movements",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: StockMovementsOut, **REFUSED},
    operation_id="list_stock_movements",
)
def movements(
    request: HttpRequest, asked: Annotated[StockMovementFilters, Query(...)]
) -> HttpResponse:
    """What was put on a shelf or taken from it, newest first."""
    check_parameters(request, {"sku"})
    rows = Movement.objects.filter(shop=shop_of(request)).select_related("location")
    if asked.sku:
        rows = rows.filter(sku=asked.sku)
    return listed(rows, by="at", cursor=asked.cursor, limit=asked.limit, shape=_movement_out)


def _movement_out(row: Movement) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "location": row.location.name,
        "sku": row.sku,
        "pieces": row.pieces,
        "unit": str(row.unit_id) if row.unit_id else None,
        "why": row.why,
        "by": row.by,
        "at": row.at.isoformat(),
    }
