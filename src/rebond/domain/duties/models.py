"""Duties with their days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.duties.kinds import DutyKind
from rebond.domain.fair_use.models import Appeal
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import DataRequest
from rebond.domain.shops.models import ShopRow
from rebond.domain.withdrawals.models import Statement
from rebond.kernel.models import choices_of


class Duty(ShopRow):
    """Something that has to be done for one return, one statement of withdrawal, one appeal, one
    request about personal data, or one report of goods that never arrived.

    ``due_on`` is the last day on the consumer's wall, without any prolongation; None while the
    shop may still wait for the goods or the proof that they were sent. ``due_at`` is the first
    instant after it; for an acknowledgement, when people are told that it is overdue.
    ``latest_on`` is the day under the kinder reading, for disputes only. ``jurisdiction`` is the
    page of law, empty for the shop's own promise; ``rules``, ``articles`` and ``why`` are its
    grounds, as the engine gave them. ``sum_minor`` is what is owed, ``price_minor`` the price of
    the articles, which caps the penalty; None where nobody can say. ``warned_days`` is the last
    warning given, see ``kinds``.
    """

    kind = models.CharField(max_length=12, choices=choices_of(DutyKind))
    rma = models.ForeignKey(
        Return, models.PROTECT, related_name="duties", null=True, db_index=False
    )
    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="duties", null=True, db_index=False
    )
    appeal = models.ForeignKey(
        Appeal, models.PROTECT, related_name="duties", null=True, db_index=False
    )
    data_request = models.ForeignKey(
        DataRequest, models.PROTECT, related_name="duties", null=True, db_index=False
    )
    non_delivery = models.ForeignKey(
        NonDelivery, models.PROTECT, related_name="duties", null=True, db_index=False
    )
    since_on = models.DateField()
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    latest_on = models.DateField(null=True)
    proof_on = models.DateField(null=True)
    goods_on = models.DateField(null=True)
    jurisdiction = models.CharField(max_length=8, blank=True)
    rules = models.JSONField(default=list)
    articles = models.JSONField(default=list)
    why = models.JSONField(default=list)
    currency = models.CharField(max_length=3, blank=True)
    sum_minor = models.BigIntegerField(null=True)
    price_minor = models.BigIntegerField(null=True)
    warned_days = models.SmallIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "kind", "rma"],
                condition=Q(rma__isnull=False),
                name="duty_once_per_return",
            ),
            models.UniqueConstraint(
                fields=["shop", "kind", "statement"],
                condition=Q(statement__isnull=False),
                name="duty_once_per_statement",
            ),
            models.UniqueConstraint(
                fields=["shop", "kind", "appeal"],
                condition=Q(appeal__isnull=False),
                name="duty_once_per_appeal",
            ),
            models.UniqueConstraint(
                fields=["shop", "kind", "data_request"],
                condition=Q(data_request__isnull=False),
                name="duty_once_per_data_request",
            ),
            models.UniqueConstraint(
                fields=["shop", "kind", "non_delivery"],
                condition=Q(non_delivery__isnull=False),
                name="duty_once_per_non_delivery",
            ),
            models.CheckConstraint(
                condition=Q(rma__isnull=False)
                | Q(statement__isnull=False)
                | Q(appeal__isnull=False)
                | Q(data_request__isnull=False)
                | Q(non_delivery__isnull=False),
                name="duty_about_something",
            ),
            models.CheckConstraint(
                condition=(Q(sum_minor=None) | Q(sum_minor__gte=0))
                & (Q(price_minor=None) | Q(price_minor__gte=0)),
                name="duty_money_not_negative",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "due_on", "id"],
                condition=Q(done_at__isnull=True),
                name="duty_open_by_day",
            ),
            models.Index(
                fields=["shop", "kind", "due_on", "id"],
                condition=Q(done_at__isnull=True),
                name="duty_open_by_kind",
            ),
            models.Index(fields=["shop", "rma"], name="duty_by_return"),
            models.Index(fields=["shop", "statement"], name="duty_by_statement"),
            models.Index(fields=["shop", "appeal"], name="duty_by_appeal"),
            models.Index(fields=["shop", "data_request"], name="duty_by_data_request"),
            models.Index(fields=["shop", "non_delivery"], name="duty_by_non_delivery"),
        ]

    @property
    def is_withheld(self) -> bool:
        """Whether the shop may still wait, so that no day has come."""
        return self.due_on is None
