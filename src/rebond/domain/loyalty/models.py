"""Which order earned and used how many points, and what became of them when goods went back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rebond.domain.ledger.models import Account, Transaction
from rebond.domain.shops.models import ShopRow


class OrderPoints(ShopRow):
    """The points of one order; it is named by its number, as a checkout knows it before us."""

    order_number = models.CharField(max_length=120)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="order_points", db_index=False
    )
    earned = models.PositiveIntegerField(default=0)
    burned = models.PositiveIntegerField(default=0)
    burn = models.ForeignKey(
        Transaction, models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "order_number"], name="order_points_once"),
        ]
        indexes = [models.Index(fields=["shop", "account"], name="order_points_by_account")]


class PointsReturn(ShopRow):
    """What happened to an order's points when ``returned_minor`` of it was given back.

    ``due`` points were to be taken back and ``taken_back`` were there; the rest is missed, and
    stays on record. ``given_back`` points had been used and came back.
    """

    points = models.ForeignKey(OrderPoints, models.PROTECT, related_name="returns", db_index=False)
    key = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    returned_minor = models.BigIntegerField()
    due = models.PositiveIntegerField()
    taken_back = models.PositiveIntegerField()
    given_back = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "key"], name="points_return_once"),
            models.CheckConstraint(
                condition=Q(returned_minor__gte=0) & Q(taken_back__lte=F("due")),
                name="points_taken_at_most_due",
            ),
        ]
        indexes = [models.Index(fields=["shop", "points"], name="points_return_by_order")]

    @property
    def missed(self) -> int:
        """Points that were spent already and could not be taken back."""
        return self.due - self.taken_back
