"""Keeping the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from rebond.domain.products.errors import ProductUnreadable
from rebond.domain.products.events import CatalogueChanged
from rebond.domain.products.models import Product
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.events import record

MOST_PIECES = 10_000_000
MOST_MINOR = 10**12
MOST_GRAMS = 10_000_000
MOST_MILLIMETRES = 5000
LONGEST_TAG = 60
LONGEST_ADDRESS = 300


def tags_in(text: str) -> tuple[str, ...]:
    """The words of ``sale; summer`` (commas too), each once, in lower case."""
    words = dict.fromkeys(w.strip().lower() for w in text.replace(",", ";").split(";"))
    return tuple(word for word in words if word)


@dataclass(frozen=True)
class NewProduct:
    """A product as the shop tells it. None keeps what is known; see ``models.Product``."""

    sku: str
    title: str = ""
    category: str = ""
    family: str | None = None
    option: str | None = None
    price_minor: int | None = None
    tax_rate: str | None = None
    stock: int | None = None
    tags: tuple[str, ...] | None = None
    is_returnable: bool | None = None
    is_final_sale: bool | None = None
    weight_grams: int | None = None
    hs_code: str | None = None
    origin_country: str | None = None
    size_chart: str | None = None
    dimensions: str | None = None


@dataclass(frozen=True)
class Kept:
    """How many products were new, and how many were known."""

    added: int
    changed: int


@action
def keep_products(shop: Shop, products: Iterable[NewProduct], *, by: str) -> Kept:
    """Add products and change those that are known by their stock code.

    Raises ``ProductUnreadable`` for a row that cannot be; then nothing is kept. Stock below what
    is promised already counts as what is promised: those pieces were sold.
    """
    told = {each.sku: _checked(row, each) for row, each in enumerate(products, start=1)}
    known = {
        product.sku: product
        for product in Product.objects.select_for_update(no_key=True, of=("self",))
        .select_related("shop")
        .filter(shop=shop, sku__in=list(told))
        .order_by("sku")
    }
    for sku, product in known.items():
        _change(product, told[sku])
    fresh = [_new(shop, each) for sku, each in told.items() if sku not in known]
    Product.objects.bulk_create(fresh, batch_size=500)
    if known:
        Product.objects.bulk_update(known.values(), FIELDS, batch_size=500)
    event = CatalogueChanged(str(shop.pk), len(fresh), len(known))
    record(event, shop_id=shop.pk, actor=by)
    return Kept(len(fresh), len(known))


FIELDS = [
    "title",
    "category",
    "family",
    "option",
    "price_minor",
    "currency",
    "tax_rate",
    "stock_on_hand",
    "tags",
    "is_returnable",
    "is_final_sale",
    "weight_grams",
    "hs_code",
    "origin_country",
    "size_chart",
    "dimensions",
]


KEPT_AS_TOLD = (
    *("family", "option", "is_returnable", "is_final_sale", "weight_grams", "tax_rate"),
    *("hs_code", "origin_country", "size_chart", "dimensions"),
)


def customs_code(text: str) -> str:
    """``6205.20`` as ``620520``: six to ten digits, or nothing; raises ``ValueError``."""
    digits = re.sub(r"[\s.]+", "", text)
    if digits and not re.fullmatch(r"[0-9]{6}(?:[0-9]{2}){0,2}", digits):
        raise ValueError("six, eight or ten digits")
    return digits


def country_code(text: str) -> str:
    """Two letters in capitals, or nothing; raises ``ValueError``."""
    code = text.strip().upper()
    if code and not re.fullmatch(r"[A-Z]{2}", code):
        raise ValueError("two letters")
    return code


def dimensions_in(text: str) -> str:
    """``30 × 20,5 × 10`` centimetres as ``300x205x100``, longest first, or nothing.

    Raises ``ValueError`` for anything but three lengths of 1 mm to 5 m.
    """
    if not text.strip():
        return ""
    parts = [part.strip().replace(",", ".") for part in re.split(r"[x×*]", text.strip().lower())]
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,3}(?:\.[0-9])?", part) for part in parts):
        raise ValueError("three lengths in centimetres")
    lengths = sorted((round(Decimal(part) * 10) for part in parts), reverse=True)
    if not 1 <= lengths[-1] <= lengths[0] <= MOST_MILLIMETRES:
        raise ValueError("1 mm to 5 m")
    return "x".join(map(str, lengths))


def in_centimetres(dimensions: str) -> str:
    """``300x205x100`` as people write it: ``30 × 20.5 × 10``."""
    lengths = [Decimal(part) / 10 for part in dimensions.split("x")] if dimensions else []
    return " × ".join(f"{length.normalize():f}" for length in lengths)


def page_address(text: str) -> str:
    """An ``https`` address with a host, or nothing; raises ``ValueError``."""
    address = text.strip()
    if not address:
        return ""
    parts = urlsplit(address)
    is_sound = parts.scheme == "https" and parts.hostname and parts.username is None
    if not is_sound or len(address) > LONGEST_ADDRESS or re.search(r"[\s\x00-\x1f<>\"\\]", address):
        raise ValueError("an https address")
    return address


def _new(shop: Shop, told: NewProduct) -> Product:
    product = Product(shop=shop, sku=told.sku, title=told.title or told.sku)
    _change(product, told)
    return product


def _change(product: Product, told: NewProduct) -> None:
    product.title = told.title or product.title
    product.category = told.category or product.category
    for name in KEPT_AS_TOLD:
        if getattr(told, name) is not None:
            setattr(product, name, getattr(told, name))
    if told.tags is not None:
        product.tags = list(told.tags)
    if told.price_minor is not None:
        product.price_minor, product.currency = told.price_minor, product.shop.currency
    if told.stock is not None:
        product.stock_on_hand = max(told.stock, product.stock_held)


def _checked(row: int, told: NewProduct) -> NewProduct:
    longest = {"sku": 64, "title": 200, "category": 80, "family": 64, "option": 80}
    for name, most in longest.items():
        if len(getattr(told, name) or "") > most:
            raise ProductUnreadable(row=row, problem=name)
    if not told.sku.strip():
        raise ProductUnreadable(row=row, problem="sku")
    if told.price_minor is not None and not 0 <= told.price_minor <= MOST_MINOR:
        raise ProductUnreadable(row=row, problem="price")
    if told.stock is not None and not 0 <= told.stock <= MOST_PIECES:
        raise ProductUnreadable(row=row, problem="stock")
    if told.weight_grams is not None and not 0 <= told.weight_grams <= MOST_GRAMS:
        raise ProductUnreadable(row=row, problem="weight_grams")
    cleaners = {
        "hs_code": customs_code,
        "origin_country": country_code,
        "size_chart": page_address,
        "dimensions": dimensions_in,
    }
    for name, clean in cleaners.items():
        told = _cleaned(row, told, name, clean)
    if any(len(tag) > LONGEST_TAG for tag in told.tags or ()):
        raise ProductUnreadable(row=row, problem="tags")
    if told.tax_rate is not None and not _is_rate(told.tax_rate):
        raise ProductUnreadable(row=row, problem="tax_rate")
    return told


def _cleaned(row: int, told: NewProduct, name: str, clean: Callable[[str], str]) -> NewProduct:
    text = getattr(told, name)
    if text is None:
        return told
    try:
        changed: dict[str, Any] = {name: clean(text)}
        return replace(told, **changed)
    except ValueError as problem:
        raise ProductUnreadable(row=row, problem=name) from problem


def _is_rate(text: str) -> bool:
    try:
        return 0 <= Fraction(text) <= 1 and len(text) <= 12
    except (ValueError, ZeroDivisionError):
        return False


@action
def shift_stock(shop_id: UUID, sku: str, pieces: int) -> None:
    """Count ``pieces`` more of an article as in stock, or fewer where negative.

    Nothing changes where nobody counts them, or the shop does not know the stock code. What is
    promised to somebody stays counted, as in ``keep_products``.
    """
    Product.objects.filter(shop_id=shop_id, sku=sku).exclude(stock_on_hand=None).update(
        stock_on_hand=Greatest(F("stock_on_hand") + pieces, F("stock_held"))
    )
