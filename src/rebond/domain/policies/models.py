"""Versions of a shop's policy."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import models
from django.db.models.functions import Now

from rebond.domain.shops.models import ShopRow


class Standing(StrEnum):
    """Where a version of the policy stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


class PolicyVersion(ShopRow):
    """One policy as it was, is, or is going to be.

    ``document`` is what ``engine.read_policy`` understands. A version is in force from
    ``published_at``, which may be to come, until the next one is; a draft has none. Published
    versions never change. ``revision`` counts the changes of a draft, for two who edit it at
    once. ``based_on`` is the number of the version that it was made from, None for a fresh one.
    """

    number = models.PositiveIntegerField()
    document = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    revision = models.PositiveIntegerField(default=1)
    based_on = models.PositiveIntegerField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "number"], name="policy_version_number"),
            models.CheckConstraint(
                condition=models.Q(revision__gte=1), name="policy_version_revision"
            ),
        ]
        indexes = [models.Index(fields=["shop", "-published_at", "-number"], name="policy_by_time")]

    def standing(self, moment: datetime, in_force: int | None) -> Standing:
        """Where the version stands at ``moment``, when ``in_force`` is the number that holds."""
        if self.published_at is None:
            return Standing.DRAFT
        if self.published_at > moment:
            return Standing.SCHEDULED
        return Standing.IN_FORCE if self.number == in_force else Standing.SUPERSEDED
