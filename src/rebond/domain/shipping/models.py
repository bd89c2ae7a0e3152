"""Parcels on their way back."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Parcel(ShopRow):
    """One parcel of a return. ``tracking_key`` is the number without blanks, in lower case.

    ``handed_in_at`` is the carrier's first scan or another proof that it was sent,
    ``delivered_at`` what the carrier says of its end, ``received_at`` what we say ourselves.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="parcels", db_index=False)
    position = models.PositiveIntegerField()
    carrier = models.CharField(max_length=30)
    carrier_name = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    tracking_key = models.CharField(max_length=80, blank=True)
    state = models.CharField(
        max_length=14, choices=choices_of(ParcelState), default=ParcelState.ANNOUNCED
    )
    announced_at = models.DateTimeField(db_default=Now())
    handed_in_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma", "position"], name="parcel_position"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "tracking_key"],
                opclasses=["uuid_ops", "varchar_pattern_ops"],
                name="parcel_by_tracking",
            )
        ]
