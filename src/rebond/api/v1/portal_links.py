"""Links from the shop's own pages into the portal, for a customer who is signed in there."""

from __future__ import annotations

from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, shop_of
from rebond.api.bodies import Body, Number
from rebond.api.errors import Problem
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.links import (
    MOST_MINUTES,
    USUAL_MINUTES,
    Purpose,
    ends_at,
    portal_token,
)
from rebond.domain.orders.models import Order
from rebond.domain.shops.addresses import portal_link
from rebond.kernel.clock import now

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}


class PortalLinkIn(Body):
    """For which order, and what for: ``order`` chooses what comes back, ``return`` shows the
    newest return of the order. Make one when the customer clicks; it lasts a few minutes."""

    order: str = Field(..., min_length=1, max_length=40)
    purpose: Literal["order", "return"] = "order"
    minutes: Number = Field(USUAL_MINUTES, ge=1, le=MOST_MINUTES)


class PortalLinkOut(Schema):
    """The address to send the customer to, and when it ends."""

    url: str
    purpose: str
    expires_at: str


@router.post(
    "/portal-links",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: PortalLinkOut, **REFUSED},
    operation_id="make_portal_link",
)
def make(request: HttpRequest, wanted: PortalLinkIn) -> HttpResponse:
    """A link that opens the order in the portal, as if its customer had typed its number.

    Whoever holds it sees the order until it ends, and what they opened for a day: give it only
    to the customer whose order it is. Names and addresses stay masked, as always without the
    link of our letter.
    """
    shop = shop_of(request)
    order = Order.objects.filter(shop=shop, number_key=wanted.order.lower()).first()
    if order is None:
        raise Http404
    until = ends_at(now(), wanted.minutes).replace(microsecond=0)
    purpose = Purpose(wanted.purpose)
    told = {
        "url": portal_link(shop, portal_token(order, purpose, until=until)),
        "purpose": purpose.value,
        "expires_at": until.isoformat(),
    }
    return JsonResponse(told, status=201)
