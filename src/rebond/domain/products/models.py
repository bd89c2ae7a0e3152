"""Products of a shop's catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import Value

from rebond.domain.shops.models import ShopRow


class Product(ShopRow):
    """Something with a stock code.

    ``derived`` names the fields that were made up for data that lacked them.
    ``tags`` are the shop's own words for groups of products; policies read them.
    ``weight_grams`` is None when nobody knows it.
    """

    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=80, blank=True)
    image = models.CharField(max_length=200, blank=True)
    is_returnable = models.BooleanField(default=True)
    is_final_sale = models.BooleanField(default=False)
    weight_grams = models.PositiveIntegerField(null=True)
    tags = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    derived = models.JSONField(default=list)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "sku"], name="product_sku_once"),
        ]
        indexes = [models.Index(fields=["shop", "category", "sku"], name="product_by_category")]
