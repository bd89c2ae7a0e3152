"""Orders over the API: entered one by one or many at once, listed, read."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema
from pydantic import ValidationError

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Moment
from rebond.api.errors import Problem, problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.api.v1.order_shapes import FIELDS, OrderIn, OrderOut, order_out, orders_of
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.actions import enter_order, take_orders
from rebond.domain.orders.batches import Row
from rebond.domain.orders.finding import Sought, orders_like
from rebond.domain.orders.models import OrderBatch

router = Router(tags=["orders"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
FILTERS = frozenset(
    {
        *("shopper_key", "ordered_from", "ordered_before"),
        *("article", "postcode", "name", "last_four"),
    }
)
MOST_ROWS = 2000
MOST_REFUSED_SHOWN = 200
NDJSON = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {
                    "type": "string",
                    "description": "One order a line, each as in `POST /orders`; at most 2000"
                    " lines and 3 MB.",
                }
            }
        },
    }
}


class OrdersOut(PageOut):
    """A page of orders, with all fields or those named in ``fields``."""

    items: list[OrderOut]


class OrderFilters(Schema):
    """Which orders are listed; all of them where nothing is named.

    ``article`` is the beginning of a stock code or words of a name, ``name`` words of the
    customer's name, ``last_four`` the end of the card's number where the shop told it.
    """

    shopper_key: str = Field("", max_length=80)
    ordered_from: Moment | None = None
    ordered_before: Moment | None = None
    article: str = Field("", max_length=80)
    postcode: str = Field("", max_length=20)
    name: str = Field("", max_length=80)
    last_four: str = Field("", pattern=r"^([0-9]{4})?$")
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)
    fields: str = Field("", max_length=400)


class RefusedRowOut(Schema):
    """A row that did not become an order: its line in the file, counted from 1, and why."""

    row: int
    code: str
    facts: dict[str, Any]


class ImportOut(Schema):
    """How far an import is; ``refused_rows`` shows the first 200."""

    id: str
    state: str
    total: int
    entered: int
    refused: int
    made_at: str
    finished_at: str | None
    refused_rows: list[RefusedRowOut]


@router.post(
    "/orders",
    auth=Key(Scope.ORDERS_WRITE),
    response={201: OrderOut, **REFUSED},
    operation_id="create_order",
)
def create(request: HttpRequest, wanted: OrderIn) -> HttpResponse:
    """Enter an order with its shopper, lines, charges, payments and delivery, once.

    Needs an ``Idempotency-Key``. A number that is known already is refused (409).
    """
    shop = shop_of(request)

    def do(_: str) -> HttpResponse:
        made = enter_order(shop, wanted.told(), source="api", by=actor_of(request))
        return JsonResponse(order_out(orders_of(shop).get(pk=made.pk)), status=201)

    return once(request, "POST orders", do)


@router.get(
    "/orders",
    auth=Key(Scope.ORDERS_READ),
    response={200: OrdersOut, **REFUSED},
    operation_id="list_orders",
)
def listing(request: HttpRequest, asked: Annotated[OrderFilters, Query(...)]) -> HttpResponse:
    """Orders, newest first."""
    check_parameters(request, FILTERS)
    rows = orders_of(shop_of(request))
    if asked.shopper_key:
        rows = rows.filter(shopper__key=asked.shopper_key)
    if asked.ordered_from:
        rows = rows.filter(ordered_at__gte=asked.ordered_from)
    if asked.ordered_before:
        rows = rows.filter(ordered_at__lt=asked.ordered_before)
    sought = Sought(asked.article, None, None, asked.postcode, asked.name, asked.last_four)
    if sought.is_narrow:
        like = orders_like(shop_of(request), sought)
        rows = rows.filter(pk__in=like.values("pk"), shop=shop_of(request))
    return listed(
        rows,
        by="ordered_at",
        cursor=asked.cursor,
        limit=asked.limit,
        shape=order_out,
        fields=asked.fields,
        known_fields=FIELDS,
    )


@router.get(
    "/orders/{number}",
    auth=Key(Scope.ORDERS_READ),
    response={200: OrderOut, **REFUSED},
    operation_id="read_order",
)
def read(request: HttpRequest, number: str) -> dict[str, Any]:
    """One order with what is on its way back of it."""
    found = orders_of(shop_of(request)).filter(number_key=number.lower()).first()
    if found is None:
        raise Http404
    return order_out(found)


@router.post(
    "/order-imports",
    auth=Key(Scope.ORDERS_WRITE),
    response={202: ImportOut, 413: Problem, **REFUSED},
    operation_id="import_orders",
    openapi_extra=NDJSON,
)
def start_import(request: HttpRequest) -> HttpResponse:
    """Take many orders and enter them in the background. Needs an ``Idempotency-Key``.

    A row that cannot be an order is refused by itself; the others go on.
    """
    try:
        lines = [line for line in request.body.split(b"\n") if line.strip()]
    except RequestDataTooBig:
        return problem(413, "too_large")
    if not lines or len(lines) > MOST_ROWS:
        return problem(422, "invalid_body", {"rows": len(lines), "most": MOST_ROWS})
    shop = shop_of(request)

    def do(name: str) -> HttpResponse:
        rows = [_row(place, line) for place, line in enumerate(lines, start=1)]
        batch = take_orders(
            shop, rows, batch_id=UUID(name.removeprefix("api:")), by=actor_of(request)
        )
        return JsonResponse(_import_out(batch), status=202)

    return once(request, "POST order-imports", do)


@router.get(
    "/order-imports/{import_id}",
    auth=Key(Scope.ORDERS_READ),
    response={200: ImportOut, **REFUSED},
    operation_id="read_order_import",
)
def read_import(request: HttpRequest, import_id: UUID) -> dict[str, Any]:
    """How far the import is, and which rows were refused."""
    batch = OrderBatch.objects.filter(shop=shop_of(request), pk=import_id).first()
    if batch is None:
        raise Http404
    return _import_out(batch)


def _row(place: int, line: bytes) -> Row:
    try:
        return Row(place, OrderIn.model_validate(json.loads(line)).told())
    except ValidationError as error:
        places = [
            {"at": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]}
            for item in error.errors()[:5]
        ]
        return Row(place, None, "invalid_body", {"places": places})
    except (ValueError, RecursionError):
        return Row(place, None, "not_json", {})


def _import_out(batch: OrderBatch) -> dict[str, Any]:
    refused = batch.rows.exclude(code="").order_by("position")[:MOST_REFUSED_SHOWN]
    return {
        "id": str(batch.pk),
        "state": "finished" if batch.finished_at else "running",
        "total": batch.total,
        "entered": batch.entered,
        "refused": batch.refused,
        "made_at": batch.made_at.isoformat(),
        "finished_at": batch.finished_at.isoformat() if batch.finished_at else None,
        "refused_rows": [
            {"row": row.position, "code": row.code, "facts": row.facts} for row in refused
        ],
    }
