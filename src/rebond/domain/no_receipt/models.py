"""Returns for which no sale was found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rebond.domain.ledger.models import Transaction
from rebond.domain.no_receipt.states import NoReceiptState
from rebond.domain.products.models import Product
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow, Staff
from rebond.domain.warehouse.grades import Grade
from rebond.kernel.models import choices_of


class NoReceiptReturn(ShopRow):
    """Pieces of one article, worth ``price_minor`` each: the lowest that it was sold for.

    ``amount_minor`` is their worth together, in minor units of ``currency``. ``lowest_since`` is
    the first day that was looked at for that price, ``terms`` the policy's settings as they were.
    ``said`` are the customer's words, ``note`` those of who decided. ``paid_with`` is the booking
    of the credit. ``filed_by_staff`` is None where a machine filed it.
    """

    number = models.CharField(max_length=40)
    shopper = models.ForeignKey(Shopper, models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    grade = models.CharField(max_length=10, choices=choices_of(Grade))
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    lowest_since = models.DateField()
    terms = models.JSONField(default=dict)
    said = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=8, choices=choices_of(NoReceiptState))
    by = models.CharField(max_length=120)
    filed_by_staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False
    )
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_by_staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    paid_with = models.ForeignKey(
        Transaction, models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "number"], name="no_receipt_number_once"),
            models.UniqueConstraint(
                fields=["shop", "paid_with"],
                condition=~Q(paid_with=None),
                name="no_receipt_booked_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1)
                & Q(price_minor__gte=1)
                & Q(amount_minor=F("price_minor") * F("quantity")),
                name="no_receipt_worth",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & ~Q(decided_at=None)),
                name="no_receipt_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_with__isnull=False)
                | (~Q(state="paid") & Q(paid_with=None)),
                name="no_receipt_paid_with",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "state", "-at", "-id"], name="no_receipt_by_state"),
            models.Index(fields=["shop", "-at", "-id"], name="no_receipt_newest"),
            models.Index(fields=["shop", "shopper", "at"], name="no_receipt_by_shopper"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state == NoReceiptState.WAITING
