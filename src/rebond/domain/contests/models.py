"""Contested grades."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.contests.states import ContestOutcome
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import ShopRow, Staff
from rebond.kernel.models import choices_of


class Contest(ShopRow):
    """One return's grades, contested once.

    ``photos`` are ids of the return's photos that came with it. ``graded_by`` names who inspected,
    as events do; none of them answers. ``was`` keeps, by finding, what stood before a correction:
    ``{"kept_percent": 30, "is_accepted": true}``.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="contests", db_index=False)
    text = models.TextField()
    photos = models.JSONField(default=list)
    graded_by = models.JSONField(default=list)
    made_at = models.DateTimeField()
    answer_by = models.DateField()
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=choices_of(ContestOutcome), blank=True)
    answer = models.TextField(blank=True)
    was = models.JSONField(default=dict)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma"], name="contest_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome=""),
                name="contest_answered_in_full",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(one.value for one in ContestOutcome)]),
                name="contest_outcome_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "answer_by"],
                condition=Q(answered_at__isnull=True),
                name="contest_open",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return self.answered_at is None
