"""Discussions, one for each return at most."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.discussions.states import BLOCKS, DiscussionState
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Discussion(ShopRow):
    """What the shop found and proposes, and what the shopper says to it.

    ``points`` are ``{"line", "title", "quantity", "kept_percent", "kept_minor"}``: for so many
    pieces of a line so much of their price would be kept, 100 percent where nothing would be paid.
    ``clause`` is the rule it rests on, ``photos`` and ``reply_photos`` are ids of the return's
    photos. ``may_keep``: it is about every piece, so the shopper may have them back.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="discussions", db_index=False)
    state = models.CharField(max_length=10, choices=choices_of(DiscussionState))
    points = models.JSONField(default=list)
    text = models.TextField()
    clause = models.TextField()
    photos = models.JSONField(default=list)
    may_keep = models.BooleanField(default=False)
    currency = models.CharField(max_length=3)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    answer_by = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    reply_photos = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "rma"], name="discussion_once"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in DiscussionState]),
                name="discussion_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="discussion_ended_with_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "answer_by"],
                condition=Q(state="open"),
                name="discussion_open",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether the shopper's word is awaited."""
        return self.state == DiscussionState.OPEN

    @property
    def blocks(self) -> bool:
        """Whether nothing may be graded or paid yet."""
        return self.state in BLOCKS

    @property
    def is_to_be_sent_back(self) -> bool:
        """Whether the shopper wants the pieces back and they are still here."""
        return self.state == DiscussionState.KEEPS

    @property
    def kept_minor(self) -> int:
        """What would be kept in all, minor units of ``currency``."""
        return sum(int(point["kept_minor"]) for point in self.points)
