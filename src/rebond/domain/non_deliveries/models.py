"""Reports of goods that never arrived, with what was answered."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from rebond.domain.non_deliveries.states import (
    AnswerKind,
    EndGround,
    Evidence,
    RefusalReason,
    ReportState,
    Tracking,
)
from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.models import ShopRow, Staff
from rebond.kernel.models import choices_of


class NonDelivery(ShopRow):
    """A report that pieces of one order have not arrived, and the notice to deliver them.

    ``expected_on`` is the day that was announced to the customer, None where there was none.
    ``deliver_by`` is the last day of the additional period that the notice gives; later words of
    the shop never move it. ``announced_on`` is the newest day that the shop named.
    ``ended_on`` is the day, on the consumer's wall, on which the customer ended the contract.
    """

    number = models.CharField(max_length=40)
    order = models.ForeignKey(Order, models.PROTECT, related_name="non_deliveries", db_index=False)
    state = models.CharField(max_length=8, choices=choices_of(ReportState))
    tracking_said = models.CharField(max_length=10, choices=choices_of(Tracking))
    expected_on = models.DateField(null=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    reported_at = models.DateTimeField()
    deliver_by = models.DateField()
    announced_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    end_ground = models.CharField(max_length=16, choices=choices_of(EndGround), blank=True)
    contest_text = models.TextField(blank=True)
    contested_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "number"], name="non_delivery_number_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_ground="", ended_by="")
                | Q(ended_on__isnull=False) & ~Q(end_ground="") & ~Q(ended_by=""),
                name="non_delivery_ended_in_full",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-reported_at", "-id"], name="non_delivery_newest"),
            models.Index(
                fields=["shop", "state", "-reported_at", "-id"], name="non_delivery_by_state"
            ),
            models.Index(fields=["shop", "order"], name="non_delivery_by_order"),
        ]

    @property
    def is_over(self) -> bool:
        """Whether no piece is open any more."""
        return self.state == ReportState.CLOSED

    @property
    def patience_until(self) -> date:
        """The last day on which the customer has to wait: the earlier of both days."""
        return min(self.deliver_by, self.announced_on or self.deliver_by)

    def may_end(self, today: date) -> bool:
        """Whether the customer may end the contract alone."""
        return not self.is_over and self.ended_on is None and today > self.patience_until


class NonDeliveryLine(ShopRow):
    """Pieces of one order line that are said to be missing, and what became of them.

    ``from_delivered`` of them counted as delivered when they were reported.
    """

    report = models.ForeignKey(NonDelivery, models.PROTECT, related_name="lines", db_index=False)
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="non_delivery_lines", db_index=False
    )
    quantity = models.PositiveIntegerField()
    from_delivered = models.PositiveIntegerField()
    refunded_quantity = models.PositiveIntegerField(default=0)
    arrived_quantity = models.PositiveIntegerField(default=0)
    refused_quantity = models.PositiveIntegerField(default=0)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "report", "order_line"], name="non_delivery_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1)
                & Q(from_delivered__lte=F("quantity"))
                & Q(
                    quantity__gte=F("refunded_quantity")
                    + F("arrived_quantity")
                    + F("refused_quantity")
                ),
                name="non_delivery_line_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["shop", "order_line"], name="non_delivery_line_by_line")]

    @property
    def open_quantity(self) -> int:
        """Pieces of which nobody knows yet."""
        ended = self.refunded_quantity + self.arrived_quantity + self.refused_quantity
        return self.quantity - ended


class NonDeliveryAnswer(ShopRow):
    """One answer; it never changes, but a second person may call its refund off.

    ``pieces`` are quantities by the id of the order line. ``words`` and ``evidence`` are written
    to the customer. A refusal has its ``reason``, ``article`` and a person.
    """

    report = models.ForeignKey(NonDelivery, models.PROTECT, related_name="answers", db_index=False)
    kind = models.CharField(max_length=10, choices=choices_of(AnswerKind))
    pieces = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    announced_on = models.DateField(null=True)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=12, choices=choices_of(RefusalReason), blank=True)
    article = models.CharField(max_length=60, blank=True)
    evidence_kind = models.CharField(max_length=10, choices=choices_of(Evidence), blank=True)
    evidence = models.TextField(blank=True)
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="+", null=True, db_index=False
    )
    called_off_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=120)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "settlement"],
                condition=~Q(settlement=None),
                name="non_delivery_paid_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=AnswerKind.REFUNDED.value, settlement__isnull=False)
                | ~Q(kind=AnswerKind.REFUNDED.value) & Q(settlement=None),
                name="non_delivery_refund_has_money",
            ),
            models.CheckConstraint(
                condition=~Q(kind=AnswerKind.REFUSED.value)
                | Q(staff__isnull=False) & ~Q(reason="") & ~Q(article="") & ~Q(words=""),
                name="non_delivery_refused_by_person",
            ),
        ]
        indexes = [models.Index(fields=["shop", "report", "at", "id"], name="non_delivery_said")]
