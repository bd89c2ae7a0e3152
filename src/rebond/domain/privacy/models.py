"""How long a shop keeps what, and what was removed when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from rebond.domain.privacy.terms import MOST_MONTHS
from rebond.domain.shoppers.holdings import DataKind
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class RetentionTerm(ShopRow):
    """The shop keeps data of ``kind`` for so many months; without a row the usual ones count."""

    kind = models.CharField(max_length=12, choices=choices_of(DataKind))
    months = models.PositiveSmallIntegerField()
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "kind"], name="retention_term_once"),
            models.CheckConstraint(
                condition=Q(months__gte=1) & Q(months__lte=MOST_MONTHS), name="retention_months"
            ),
        ]


class PurgeReport(ShopRow):
    """One night's removal. ``rows`` counts what was emptied or removed, by kind of data."""

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rows = models.JSONField(default=dict)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop"], condition=Q(ended_at__isnull=True), name="purge_one_running"
            ),
        ]
        indexes = [models.Index(fields=["shop", "-begun_at"], name="purge_newest")]
