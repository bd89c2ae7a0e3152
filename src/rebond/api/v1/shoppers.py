"""Customers over the API: the tier they belong to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.domain.machines.scopes import Scope
from rebond.domain.shoppers.actions import set_tier
from rebond.domain.shoppers.models import Shopper

router = Router(tags=["orders"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}


class TierIn(Body):
    """The tier, such as ``vip``; empty for none."""

    tier: str = Field(..., max_length=30)


class TierOut(Schema):
    """The tier that holds now."""

    key: str
    tier: str


@router.put(
    "/customers/{key}/tier",
    auth=Key(Scope.ORDERS_WRITE),
    response={200: TierOut, **REFUSED},
    operation_id="set_customer_tier",
)
def tier(request: HttpRequest, key: str, told: TierIn) -> HttpResponse:
    """Say to which tier a customer belongs, by your own key for them; twice is once."""
    shop = shop_of(request)
    found = Shopper.objects.filter(shop=shop, key=key).first()
    if found is None:
        raise Http404
    set_tier(found.pk, told.tier, by=actor_of(request))
    found.refresh_from_db(fields=["tier"])
    return JsonResponse({"key": found.key, "tier": found.tier})
