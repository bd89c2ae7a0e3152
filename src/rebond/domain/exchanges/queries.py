"""Questions about exchanges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from rebond.domain.exchanges.goods import wanted_of
from rebond.domain.exchanges.models import Exchange, ExchangePayment
from rebond.domain.exchanges.pricing import Sum, sum_of
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Shop

MOST_OFFERED = 20


def exchange_of(rma: Return) -> Exchange | None:
    """The exchange of ``rma`` that stands, or the last one that ended, with its lines."""
    found = Exchange.objects.filter(shop_id=rma.shop_id, rma=rma).select_related("new_order")
    return found.prefetch_related("lines", "documents").order_by("-agreed_at", "-id").first()


def estimate_of(exchange: Exchange, expected: Mapping[str, Any]) -> Sum:
    """What the goods cost and what is owed if the return brings what is ``expected`` of it.

    ``expected`` is a breakdown as ``refunds.queries.expected_for`` makes it.
    """
    back = {
        row["order_line"]: (int(row["quantity"]), int(row["gross_minor"]))
        for row in expected["lines"]
    }
    lines = exchange.lines.select_related("return_line").order_by("position")
    return sum_of(wanted_of(list(lines), back), int(expected["total_minor"]))


def variants_of(shop_id: UUID, products: Sequence[Product | None]) -> dict[str, list[Product]]:
    """By stock code of what was bought: the same thing in other sizes and colours, in stock.

    What was bought itself is among them: a broken piece may be exchanged for a whole one.
    """
    bought = [product for product in products if product is not None]
    families = {product.family for product in bought if product.family}
    skus = [product.sku for product in bought]
    rows = Product.objects.filter(Q(family__in=families) | Q(sku__in=skus), shop_id=shop_id)
    free = rows.filter(Q(stock_on_hand=None) | Q(stock_on_hand__gt=F("stock_held")))
    found: dict[str, list[Product]] = {sku: [] for sku in skus}
    for product in free.order_by("family", "option", "sku"):
        for one in bought:
            same = bool(one.family) and product.family == one.family
            if same or product.pk == one.pk:
                found[one.sku].append(product)
    return found


def offered(shop: Shop, text: str) -> list[Product]:
    """Products with a price and free pieces whose code or title begins with ``text``."""
    rows = Product.objects.filter(shop=shop, price_minor__isnull=False)
    free = rows.filter(Q(stock_on_hand=None) | Q(stock_on_hand__gt=F("stock_held")))
    word = text.strip()
    if word:
        free = free.filter(Q(sku__istartswith=word) | Q(title__icontains=word))
    return list(free.order_by("sku")[:MOST_OFFERED])


def payments_of(shop: Shop, reference: str) -> list[ExchangePayment]:
    """What went into goods of the money of this payment."""
    return list(ExchangePayment.objects.filter(shop=shop, payment_reference=reference))


def payments_between(shop: Shop, since: datetime, until: datetime) -> list[ExchangePayment]:
    """What went into goods in this time."""
    return list(ExchangePayment.objects.filter(shop=shop, at__gte=since, at__lt=until))
