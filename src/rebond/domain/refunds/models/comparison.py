"""Our books beside the provider's: day by day, and what does not agree."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from rebond.domain.refunds.models.outside import OutsideRefund
from rebond.domain.refunds.models.refund import Refund
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Differs(StrEnum):
    """In what a refund of ours and the provider's list do not agree."""

    OURS_ONLY = "ours_only"
    THEIRS_ONLY = "theirs_only"
    AMOUNT = "amount"
    STATE = "state"


class ReconciliationReport(ShopRow):
    """What one provider and we say was refunded on one ``day`` of the shop, in one currency.

    Refunds that succeeded, minor units. A refund stands under the day on which the provider made
    it; one that the provider does not know under the day on which we asked for it.
    ``was_asked`` False: the provider has no list, or did not answer; ``theirs`` are then None.
    """

    provider = models.CharField(max_length=30)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    was_asked = models.BooleanField()
    ours_count = models.PositiveIntegerField(default=0)
    ours_minor = models.BigIntegerField(default=0)
    theirs_count = models.PositiveIntegerField(null=True)
    theirs_minor = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "day", "provider", "currency"], name="reconciliation_report_once"
            ),
            models.CheckConstraint(
                condition=Q(ours_minor__gte=0)
                & (Q(theirs_minor__isnull=True) | Q(theirs_minor__gte=0)),
                name="reconciliation_report_sums",
            ),
            models.CheckConstraint(
                condition=Q(was_asked=False, theirs_minor__isnull=True, theirs_count__isnull=True)
                | Q(was_asked=True, theirs_minor__isnull=False, theirs_count__isnull=False),
                name="reconciliation_report_asked",
            ),
        ]

    @property
    def difference_minor(self) -> int | None:
        """Ours less theirs; None where the provider was not asked."""
        return None if self.theirs_minor is None else self.ours_minor - self.theirs_minor


class Discrepancy(ShopRow):
    """One refund in which a report's two sides do not agree, open until it is explained.

    ``subject`` is the provider's name for the refund, or our id of one that it does not know.
    ``ours_minor`` and ``theirs_minor`` are what each side counts of it. ``is_current`` False: a
    later comparison found both sides in agreement.
    """

    report = models.ForeignKey(
        ReconciliationReport, models.PROTECT, related_name="discrepancies", db_index=False
    )
    kind = models.CharField(max_length=12, choices=choices_of(Differs))
    subject = models.CharField(max_length=120)
    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="discrepancies", null=True, db_index=False
    )
    outside = models.ForeignKey(
        OutsideRefund, models.PROTECT, related_name="discrepancies", null=True, db_index=False
    )
    payment_reference = models.CharField(max_length=200, blank=True)
    ours_minor = models.BigIntegerField(default=0)
    theirs_minor = models.BigIntegerField(default=0)
    ours_state = models.CharField(max_length=16, blank=True)
    theirs_state = models.CharField(max_length=16, blank=True)
    found_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)
    explanation = models.CharField(max_length=200, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "report", "kind", "subject"], name="discrepancy_once"
            ),
            models.CheckConstraint(
                condition=Q(ours_minor__gte=0) & Q(theirs_minor__gte=0),
                name="discrepancy_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("found_at")),
                name="discrepancy_closed_after_found",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "found_at", "id"],
                name="discrepancy_open",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["shop", "outside"],
                name="discrepancy_by_outside",
                condition=Q(outside__isnull=False),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether nobody has explained it, and both sides still differ."""
        return self.closed_at is None


class PayoutHold(ShopRow):
    """A backup of ``since`` was restored: ``provider`` pays nothing before the books are compared.

    Lifted by the comparison itself, or by a person where the provider cannot be asked.
    """

    provider = models.CharField(max_length=30)
    since = models.DateTimeField()
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=120, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "provider"],
                condition=Q(lifted_at__isnull=True),
                name="payout_hold_one_open",
            ),
        ]
