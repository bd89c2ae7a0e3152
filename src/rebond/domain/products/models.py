"""Products of a shop's catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value

from rebond.domain.shops.models import ShopRow


class Product(ShopRow):
    """Something with a stock code.

    ``derived`` names the fields that were made up for data that lacked them.
    ``tags`` are the shop's own words for groups of products; policies read them.
    ``weight_grams`` is None when nobody knows it. ``hs_code`` is the code of the Harmonized
    System, six to ten digits, ``origin_country`` where the article was made (ISO 3166-1 alpha-2):
    both for customs, empty where nobody knows. ``size_chart`` is the address of the page with its
    measures, ``https``, or empty. ``dimensions`` are those of one piece as it is packed, in
    millimetres, longest first (``300x200x100``), empty where nobody knows.

    Products of one ``family`` are variants of each other and differ by ``option`` ("M", "blue").
    ``price_minor`` is what one piece costs today, in minor units of ``currency``, tax inside; None:
    the shop has not said. ``stock_on_hand`` counts the pieces in stock, None where nobody counts
    them; of those ``stock_held`` are promised to somebody. Both move by one conditional update.
    """

    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=80, blank=True)
    image = models.CharField(max_length=200, blank=True)
    is_returnable = models.BooleanField(default=True)
    is_final_sale = models.BooleanField(default=False)
    weight_grams = models.PositiveIntegerField(null=True)
    hs_code = models.CharField(max_length=10, blank=True, default="", db_default="")
    origin_country = models.CharField(max_length=2, blank=True, default="", db_default="")
    size_chart = models.CharField(max_length=300, blank=True, default="", db_default="")
    dimensions = models.CharField(max_length=20, blank=True, default="", db_default="")
    tags = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    derived = models.JSONField(default=list)
    family = models.CharField(max_length=64, blank=True)
    option = models.CharField(max_length=80, blank=True)
    price_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    tax_rate = models.CharField(max_length=12, default="0.20")
    stock_on_hand = models.PositiveIntegerField(null=True)
    stock_held = models.PositiveIntegerField(default=0)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "sku"], name="product_sku_once"),
            models.CheckConstraint(
                condition=Q(stock_on_hand=None) | Q(stock_held__lte=F("stock_on_hand")),
                name="product_holds_at_most_its_stock",
            ),
            models.CheckConstraint(
                condition=Q(price_minor=None) | (Q(price_minor__gte=0) & ~Q(currency="")),
                name="product_price_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "category", "sku"], name="product_by_category"),
            models.Index(fields=["shop", "family", "option"], name="product_by_family"),
        ]

    @property
    def free_stock(self) -> int | None:
        """Pieces that can be promised; None where nobody counts them."""
        return None if self.stock_on_hand is None else self.stock_on_hand - self.stock_held
