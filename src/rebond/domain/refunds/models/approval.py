"""Who may refund how much alone, who asked for more, and who said yes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rebond.domain.machines.models import ApiKey
from rebond.domain.refunds.limits import LimitKind, Spender
from rebond.domain.refunds.models.settlement import Settlement
from rebond.domain.shops.models import ShopRow, Staff
from rebond.kernel.models import choices_of


class MoneyLimit(ShopRow):
    """Up to how much a ``role`` refunds alone; above it, a second person has to agree.

    Minor units of ``currency``. A role without a limit of some kind is not limited in it.
    """

    role = models.CharField(max_length=20, choices=choices_of(Spender))
    kind = models.CharField(max_length=12, choices=choices_of(LimitKind))
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "role", "kind", "currency"], name="money_limit_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="money_limit_positive"),
        ]


class LimitChange(ShopRow):
    """A wish to raise or lift a limit, which a second person grants or declines.

    ``amount_minor`` None lifts the limit. ``is_granted`` None: nobody has answered yet.
    """

    role = models.CharField(max_length=20, choices=choices_of(Spender))
    kind = models.CharField(max_length=12, choices=choices_of(LimitKind))
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | Q(amount_minor__gte=0),
                name="limit_change_positive",
            ),
            models.CheckConstraint(
                condition=Q(is_granted__isnull=True)
                | Q(is_granted=False)
                | ~Q(answered_by=F("asked_by")),
                name="limit_change_by_two",
            ),
            models.UniqueConstraint(
                fields=["shop", "role", "kind", "currency"],
                condition=Q(is_granted__isnull=True),
                name="limit_change_one_open",
            ),
        ]


class Approval(ShopRow):
    """A second person's word on one settlement above somebody's limit.

    ``kind`` is the limit that was passed, ``limit_minor`` its amount and ``sum_minor`` what it
    would have come to. A person asked, or a machine. ``is_granted`` None: it still waits, and
    nothing is sent.
    """

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="approvals", db_index=False
    )
    kind = models.CharField(max_length=12, choices=choices_of(LimitKind))
    currency = models.CharField(max_length=3)
    limit_minor = models.BigIntegerField()
    sum_minor = models.BigIntegerField()
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    asked_by_key = models.ForeignKey(
        ApiKey, models.PROTECT, related_name="+", null=True, db_index=False
    )
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "settlement"], name="approval_once"),
            models.CheckConstraint(
                condition=Q(limit_minor__gte=0) & Q(sum_minor__gt=F("limit_minor")),
                name="approval_above_limit",
            ),
            models.CheckConstraint(
                condition=Q(is_granted__isnull=True)
                | Q(is_granted=False)
                | ~Q(answered_by=F("asked_by")),
                name="approval_by_two",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) ^ Q(asked_by_key__isnull=True),
                name="approval_asked_by_one",
            ),
        ]
