"""What was received and what was found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.returns.models import Photo, Return, ReturnLine
from rebond.domain.shops.models import ShopRow
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.kernel.models import choices_of


class Receipt(ShopRow):
    """One time that goods of a return arrived. ``counts`` maps a return line's id to pieces."""

    rma = models.ForeignKey(Return, models.PROTECT, related_name="receipts", db_index=False)
    counts = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        indexes = [models.Index(fields=["shop", "rma"], name="receipt_by_return")]


class Inspection(ShopRow):
    """What we found: some pieces of a line, all in one state.

    ``is_accepted`` says whether these pieces are paid for.
    """

    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="inspections", db_index=False)
    quantity = models.PositiveIntegerField()
    grade = models.CharField(max_length=10, choices=choices_of(Grade))
    disposition = models.CharField(max_length=16, choices=choices_of(Disposition))
    is_accepted = models.BooleanField()
    kept_percent = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=1000, blank=True)
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+", null=True, db_index=False)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gte=1), name="inspection_some_piece"),
            models.CheckConstraint(
                condition=Q(kept_percent__lte=100), name="inspection_kept_share"
            ),
        ]
        indexes = [models.Index(fields=["shop", "line"], name="inspection_by_line")]
