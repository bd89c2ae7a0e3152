"""The catalogue: read by stock code, kept a list at a time."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints, model_validator

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Number, YesOrNo
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, check_parameters
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.domain.products.actions import (
    LONGEST_ADDRESS,
    LONGEST_TAG,
    MOST_GRAMS,
    MOST_MINOR,
    MOST_PIECES,
    NewProduct,
    in_centimetres,
    keep_products,
)
from rebond.domain.products.models import Product

router = Router(tags=["products"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST_AT_ONCE = 500
Sku = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=LONGEST_TAG),
]


class ProductIn(Body):
    """An article, known by its stock code. What is left out stays as it is.

    ``family`` ties variants together that differ by ``option``. ``price_minor`` is one piece's
    price in minor units of the shop's currency, tax inside; ``tax_rate`` a share such as ``0.20``.
    ``stock`` counts pieces. ``dimensions`` are those of one piece as it is packed, in centimetres:
    ``30 × 20 × 10``. ``size_chart`` is the ``https`` address of the page with its measures.
    """

    sku: Sku
    title: str = Field("", max_length=200)
    category: str = Field("", max_length=80)
    family: str | None = Field(None, max_length=64)
    option: str | None = Field(None, max_length=80)
    price_minor: Number | None = Field(None, ge=0, le=MOST_MINOR)
    tax_rate: str | None = Field(None, max_length=12)
    stock: Number | None = Field(None, ge=0, le=MOST_PIECES)
    tags: list[Tag] | None = Field(None, max_length=50)
    is_returnable: YesOrNo | None = None
    is_final_sale: YesOrNo | None = None
    weight_grams: Number | None = Field(None, ge=0, le=MOST_GRAMS)
    hs_code: str | None = Field(None, max_length=16)
    origin_country: str | None = Field(None, max_length=2)
    size_chart: str | None = Field(None, max_length=LONGEST_ADDRESS)
    dimensions: str | None = Field(None, max_length=40)


class ProductsIn(Body):
    """Articles to add or change: all of them, or none where one cannot be."""

    products: list[ProductIn] = Field(..., min_length=1, max_length=MOST_AT_ONCE)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({one.sku for one in self.products}) < len(self.products):
            raise ValueError("each sku once")
        return self


class KeptOut(Schema):
    """How many articles were new, and how many were known."""

    added: int
    changed: int


class ProductOut(Schema):
    """An article. ``stock`` null: nobody counts it; ``stock_held`` of them are promised."""

    id: str
    sku: str
    title: str
    category: str
    family: str
    option: str
    price_minor: int | None
    currency: str
    tax_rate: str
    stock: int | None
    stock_held: int
    tags: list[str]
    is_returnable: bool
    is_final_sale: bool
    weight_grams: int | None
    hs_code: str
    origin_country: str
    size_chart: str
    dimensions: str


class ProductsOut(Schema):
    """Articles by stock code. ``next`` goes into ``after``; empty where the list ends."""

    items: list[ProductOut]
    next: str


class ProductFilters(Schema):
    """Which articles, from which stock code on."""

    sku: str = Field("", max_length=64)
    category: str = Field("", max_length=80)
    after: str = Field("", max_length=64)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


@router.get(
    "/products",
    auth=Key(Scope.SETTINGS_READ),
    response={200: ProductsOut, **REFUSED},
    operation_id="list_products",
)
def listed(request: HttpRequest, asked: Annotated[ProductFilters, Query(...)]) -> dict[str, Any]:
    """The catalogue."""
    check_parameters(request, {"sku", "category", "after"})
    rows = Product.objects.filter(shop=shop_of(request), sku__gt=asked.after).order_by("sku")
    if asked.sku:
        rows = rows.filter(sku=asked.sku)
    if asked.category:
        rows = rows.filter(category=asked.category)
    found = list(rows[: asked.limit + 1])
    shown = found[: asked.limit]
    return {
        "items": [_out(product) for product in shown],
        "next": shown[-1].sku if len(found) > asked.limit else "",
    }


@router.get(
    "/products/{product_id}",
    auth=Key(Scope.SETTINGS_READ),
    response={200: ProductOut, **REFUSED},
    operation_id="read_product",
)
def read(request: HttpRequest, product_id: UUID) -> dict[str, Any]:
    """One article."""
    found = Product.objects.filter(shop=shop_of(request), pk=product_id).first()
    if found is None:
        raise Http404
    return _out(found)


@router.post(
    "/products",
    auth=Key(Scope.SETTINGS_WRITE),
    response={201: KeptOut, **REFUSED},
    operation_id="keep_products",
)
def keep(request: HttpRequest, wanted: ProductsIn) -> HttpResponse:
    """Add articles, and change those that are known. Needs an ``Idempotency-Key``.

    Where one cannot be kept, ``product_unreadable`` names its ``row``, and nothing changes.
    """

    def do(_: str) -> HttpResponse:
        told = [_told(one) for one in wanted.products]
        kept = keep_products(shop_of(request), told, by=actor_of(request))
        return JsonResponse({"added": kept.added, "changed": kept.changed}, status=201)

    return once(request, "POST products", do)


def _told(one: ProductIn) -> NewProduct:
    tags = None if one.tags is None else tuple(dict.fromkeys(one.tags))
    return NewProduct(**one.dict(exclude={"tags"}), tags=tags)


def _out(product: Product) -> dict[str, Any]:
    names = ("sku", "title", "category", "family", "option", "price_minor", "currency", "tax_rate")
    more = ("stock_held", "tags", "is_returnable", "is_final_sale", "weight_grams", "hs_code")
    return {name: getattr(product, name) for name in (*names, *more)} | {
        "id": str(product.pk),
        "stock": product.stock_on_hand,
        "origin_country": product.origin_country,
        "size_chart": product.size_chart,
        "dimensions": in_centimetres(product.dimensions),
    }
