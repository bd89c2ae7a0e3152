"""Complaints of shoppers at their bank."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.ports import DisputeState
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Dispute(ShopRow):
    """One complaint about one payment, as the provider tells it: a fact, never refused.

    ``consumed_minor`` is what a lost one took from the payment, minor units of ``currency``.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes", db_index=False)
    reference = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    consumed_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=choices_of(DisputeState))
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "payment", "reference"], name="dispute_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0) & Q(consumed_minor__gte=0),
                name="dispute_not_negative",
            ),
        ]
