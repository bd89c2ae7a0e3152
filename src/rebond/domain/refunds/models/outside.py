"""Refunds that somebody made elsewhere: in the provider's pages, in the shop's own system."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.models.settlement import Settlement
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class OutsideState(StrEnum):
    """What a person made of it. Gone: the provider says that it failed or was taken back."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    LEFT = "left"
    GONE = "gone"


class FoundBy(StrEnum):
    """Whether the provider told us by itself, or we asked."""

    HOOK = "hook"
    PULL = "pull"


class OutsideRefund(ShopRow):
    """One refund at a provider that no refund of ours asked for: a fact, never refused.

    ``payment`` is None while no payment of ours has this reference; then it only stands in the
    comparison with the provider. While there is one and the state is not ``gone``, the amount is
    counted in the payment's ``refunded_outside_minor``, exactly once. ``lost_refund_id`` is the
    reference of ours that the provider keeps for it although we know no such refund: made before
    a backup was restored. ``settlement`` is what it was assigned to.
    """

    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="outside_refunds", null=True, db_index=False
    )
    provider = models.CharField(max_length=30)
    payment_reference = models.CharField(max_length=200, blank=True)
    provider_reference = models.CharField(max_length=120)
    lost_refund_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    made_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=4, choices=choices_of(FoundBy))
    state = models.CharField(max_length=8, choices=choices_of(OutsideState))
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="outside_refunds", null=True, db_index=False
    )
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "provider", "provider_reference"], name="outside_refund_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="outside_refund_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(state="assigned") | Q(settlement__isnull=False),
                name="outside_refund_assigned_to_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "payment", "state"],
                name="outside_refund_by_payment",
                condition=Q(payment__isnull=False),
            ),
            models.Index(
                fields=["shop", "provider", "payment_reference"],
                name="outside_refund_of_nobody",
                condition=Q(payment__isnull=True),
            ),
        ]

    @property
    def counts(self) -> bool:
        """Whether its amount is part of what the payment gave back elsewhere."""
        return self.payment_id is not None and self.state != OutsideState.GONE

    @property
    def is_undecided(self) -> bool:
        """Whether somebody can still say what it was for."""
        return self.payment_id is not None and self.state in {
            OutsideState.WAITING,
            OutsideState.LEFT,
        }
