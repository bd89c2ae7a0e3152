"""The return form on the shop's own pages, over the API: which sites may show it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.domain.machines.scopes import Scope
from rebond.domain.shops.actions import allow_origins
from rebond.domain.shops.addresses import embedded_form
from rebond.domain.shops.models import Shop

router = Router(tags=["settings"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 422: Problem}


class SitesIn(Body):
    """Every site that may show the form; the list takes the old one's place.

    An address stands for its origin: scheme, host and port.
    """

    origins: list[str] = Field(..., max_length=100)


class SitesOut(Schema):
    """The origins that may show the form, in their order, and the address of the form."""

    origins: list[str]
    form: str


@router.get(
    "/form-sites",
    auth=Key(Scope.SETTINGS_READ),
    response={200: SitesOut, **REFUSED},
    operation_id="read_form_sites",
)
def sites(request: HttpRequest) -> dict[str, Any]:
    """On which sites the return form may be shown."""
    return _sites_out(shop_of(request))


@router.put(
    "/form-sites",
    auth=Key(Scope.SETTINGS_WRITE),
    response={200: SitesOut, **REFUSED},
    operation_id="allow_form_sites",
)
def allow(request: HttpRequest, wanted: SitesIn) -> dict[str, Any]:
    """Say on which sites the return form may be shown."""
    return _sites_out(allow_origins(shop_of(request), wanted.origins, by=actor_of(request)))


def _sites_out(shop: Shop) -> dict[str, Any]:
    return {"origins": shop.embed_origins, "form": embedded_form(shop)}
