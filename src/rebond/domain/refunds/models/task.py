"""What about money waits for a person."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from rebond.domain.orders.models import Order
from rebond.domain.refunds.models.refund import Refund
from rebond.domain.refunds.models.settlement import Settlement
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class TaskKind(StrEnum):
    """Why a person is needed."""

    FAILED = "failed"
    UNCLEAR = "unclear"
    NO_WAY = "no_way"
    BY_HAND = "by_hand"
    APPROVAL = "approval"
    DISPUTE = "dispute"
    BLOCKED = "blocked"
    OUTSIDE = "outside"


class MoneyTask(ShopRow):
    """Something about money that a person has to do, until it is done.

    ``subject`` is what it is about: a refund, a settlement, a dispute … One thing has one open
    task of a kind. ``facts`` are numbers for the sentence.
    """

    kind = models.CharField(max_length=12, choices=choices_of(TaskKind))
    subject = models.UUIDField()
    order = models.ForeignKey(Order, models.PROTECT, related_name="money_tasks", db_index=False)
    rma = models.ForeignKey(
        Return, models.PROTECT, related_name="money_tasks", null=True, db_index=False
    )
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="tasks", null=True, db_index=False
    )
    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="tasks", null=True, db_index=False
    )
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "kind", "subject"],
                condition=Q(closed_at__isnull=True),
                name="money_task_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "opened_at", "id"],
                name="money_task_open",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["shop", "order"], name="money_task_by_order"),
        ]
