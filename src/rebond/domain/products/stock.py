"""Pieces in stock: promised, let go, sent out. Used inside actions only.

Where nobody counts a product's pieces there is nothing to promise, and nothing is refused.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rebond.domain.products.errors import OutOfStock
from rebond.domain.products.models import Product


def hold(product: Product, pieces: int) -> None:
    """Promise ``pieces`` of ``product``. Raises ``OutOfStock`` when fewer are free."""
    rows = _rows(product).filter(
        Q(stock_on_hand=None) | Q(stock_on_hand__gte=F("stock_held") + pieces)
    )
    if not rows.update(stock_held=F("stock_held") + pieces):
        product.refresh_from_db()
        raise OutOfStock(sku=product.sku, asked=pieces, free=product.free_stock)


def let_go(product: Product, pieces: int) -> None:
    """Take back the promise of ``pieces``."""
    _rows(product).filter(stock_held__gte=pieces).update(stock_held=F("stock_held") - pieces)


def send_out(product: Product, pieces: int) -> None:
    """Pieces that were promised leave the shop."""
    held = _rows(product).filter(stock_held__gte=pieces)
    held.filter(stock_on_hand=None).update(stock_held=F("stock_held") - pieces)
    held.exclude(stock_on_hand=None).update(
        stock_held=F("stock_held") - pieces, stock_on_hand=F("stock_on_hand") - pieces
    )


def _rows(product: Product) -> models.QuerySet[Product]:
    return Product.objects.filter(shop_id=product.shop_id, pk=product.pk)
