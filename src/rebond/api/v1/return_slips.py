"""Return slips over the API: made at packing time, before any return exists; printed as PDF."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.lists import check_parameters
from rebond.domain.machines.scopes import Scope
from rebond.domain.shipping.actions import make_slips
from rebond.domain.shipping.actions.slips import MOST_SLIPS
from rebond.domain.shipping.models import ReturnSlip
from rebond.domain.shipping.queries import slips_of
from rebond.domain.shipping.slip_codes import printed
from rebond.domain.shipping.slip_papers import return_slips
from rebond.domain.shops.addresses import slip_page
from rebond.kernel.clock import now

router = Router(tags=["warehouse"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
OrderNumber = Annotated[str, Field(min_length=1, max_length=40)]


class SlipsIn(Body):
    """The orders that are packed, by number."""

    orders: list[OrderNumber] = Field(..., min_length=1, max_length=MOST_SLIPS)


class SlipOut(Schema):
    """A slip: ``code`` is what its Code 128 says, ``url`` what its QR code says."""

    order: str
    code: str
    url: str
    made_at: str


class SlipsOut(Schema):
    """The slips in the order that was asked for."""

    items: list[SlipOut]


class PrintedSlips(Schema):
    """Whose slips are printed; ``orders`` are numbers, parted by commas."""

    orders: str = Field(..., min_length=1, max_length=2000)


@router.post(
    "/return-slips",
    auth=Key(Scope.WAREHOUSE_WRITE),
    response={201: SlipsOut, **REFUSED},
    operation_id="make_return_slips",
)
def make(request: HttpRequest, wanted: SlipsIn) -> HttpResponse:
    """A slip for each order; one that has its slip keeps it, so asking twice changes nothing.

    Print them here, or print ``code`` as Code 128 on papers of your own: the receiving desk knows
    it whether or not the parcel was announced.
    """
    slips = make_slips(shop_of(request), wanted.orders, by="api")
    return JsonResponse({"items": [_out(slip) for slip in slips]}, status=201)


@router.get(
    "/return-slips/pdf",
    auth=Key(Scope.WAREHOUSE_READ),
    response=REFUSED,
    operation_id="print_return_slips",
    openapi_extra={"responses": {200: {"description": "PDF", "content": {"application/pdf": {}}}}},
)
def pdf(request: HttpRequest, asked: Annotated[PrintedSlips, Query(...)]) -> HttpResponse:
    """Slips that were made, a page each; 404 where an order has none."""
    check_parameters(request, {"orders"})
    numbers = [number for number in asked.orders.split(",") if number.strip()]
    shop = shop_of(request)
    slips = slips_of(shop, numbers)
    if slips is None:
        raise Http404
    return HttpResponse(return_slips(shop, slips, made_at=now()), content_type="application/pdf")


def _out(slip: ReturnSlip) -> dict[str, Any]:
    return {
        "order": slip.order.number,
        "code": printed(slip.code),
        "url": slip_page(slip.shop, slip.code),
        "made_at": slip.made_at.isoformat(),
    }
