"""Returns of several orders in one pass, for one box."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.api.v1.return_shapes import ReturnOut, return_out, returns_of
from rebond.api.v1.returns import WishIn, wishes_in
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.models import Order
from rebond.domain.shipping.actions.baskets import OfOrder, file_basket
from rebond.domain.shipping.sharing import MOST_IN_A_BOX
from rebond.kernel.clock import now

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class OfOrderIn(Body):
    """What comes back of one order."""

    order: str = Field(..., min_length=1, max_length=40)
    lines: list[WishIn] = Field(..., min_length=1, max_length=500)
    comment: str = Field("", max_length=2000)


class BasketIn(Body):
    """Orders of one customer, by their e-mail address.

    ``method`` is how all of it travels back, chosen later where it is empty; its fee is charged
    once, the lowest. ``language`` is that of the one letter.
    """

    orders: list[OfOrderIn] = Field(..., min_length=1, max_length=MOST_IN_A_BOX)
    method: Literal["", "own_carrier", "prepaid_label", "drop_off", "counter"] = ""
    language: str = Field("", max_length=10)


class BasketOut(Schema):
    """The returns that were filed, in the order in which they were asked for."""

    returns: list[ReturnOut]


@router.post(
    "/return-baskets",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: BasketOut, **REFUSED},
    operation_id="create_return_basket",
)
def create(request: HttpRequest, wanted: BasketIn) -> HttpResponse:
    """File returns of several orders at once: all of them, or none. Needs an ``Idempotency-Key``.

    Each is decided by the policy of its own order and keeps its own refund and document. A refusal
    names the order that stands in the way, and ``why``. The first label or parcel takes the others
    into its box, where they may travel together.
    """
    shop = shop_of(request)
    numbers = {one.order.lower() for one in wanted.orders}
    rows = Order.objects.select_related("shop", "shopper").filter(shop=shop, number_key__in=numbers)
    orders = {order.number_key: order for order in rows}
    if len(orders) < len(numbers):
        raise Http404
    asked = [
        OfOrder(orders[one.order.lower()], wishes_in(one.lines), one.comment)
        for one in wanted.orders
    ]
    language = wanted.language or asked[0].order.shopper.language or shop.language

    def do(_: str) -> HttpResponse:
        made = file_basket(
            asked,
            method=wanted.method,
            asked_at=now(),
            language=language,
            by=actor_of(request),
            origin="machine",
        )
        told = {rma.pk: rma for rma in returns_of(shop).filter(pk__in=[rma.pk for rma in made])}
        shown: dict[str, Any] = {"returns": [return_out(told[rma.pk]) for rma in made]}
        return JsonResponse(shown, status=201)

    return once(request, "POST return-baskets", do)
