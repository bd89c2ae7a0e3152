"""Versions of a shop's policy."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from rebond.domain.shops.models import ShopRow


class PolicyVersion(ShopRow):
    """One policy as it was, is, or is going to be.

    ``document`` is what ``engine.read_policy`` understands. A version is in force from
    ``published_at`` until the next one is; a draft has none. Published versions never change.
    """

    number = models.PositiveIntegerField()
    document = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "number"], name="policy_version_number"),
        ]
