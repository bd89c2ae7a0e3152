"""Money on its way back: each refund, each attempt to send it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.errors import IllegalRefundStep
from rebond.domain.refunds.models.settlement import Settlement
from rebond.domain.refunds.states import LIVE, NEXT_STATES, RefundState
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of

STOPPED = frozenset({"dispute_lost", "refunded_outside"})
"""Why a refund was stopped before it was sent, although it is still owed."""


class Refund(ShopRow):
    """Money of one payment on its way back to the shopper.

    ``provider`` is who pays: that of the payment, or another where the money takes another way;
    then ``destination`` says where to (see ``ports.RefundOrder``). An empty ``provider`` means
    that somebody still has to find a way.
    ``generation`` is part of the key under which the provider knows our request; a new one is
    used only after proof that nothing was paid under the old. ``lease_token`` fences off a
    worker that answers too late. ``next_check_at`` is never None while the state is undecided.
    ``is_outside`` marks money that was refunded elsewhere: it holds no reservation of ours.
    For a payment made by hand ``handled_by``, ``paid_on`` and ``provider_reference`` say who,
    when and under which reference.
    """

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="refunds", db_index=False
    )
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", db_index=False)
    provider = models.CharField(max_length=30, blank=True)
    destination = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=choices_of(RefundState))
    generation = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    next_check_at = models.DateTimeField(null=True)
    needs_person = models.BooleanField(default=False)
    provider_reference = models.CharField(max_length=120, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    is_outside = models.BooleanField(default=False)
    handled_by = models.CharField(max_length=120, blank=True)
    paid_on = models.DateField(null=True)
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_positive"),
            models.UniqueConstraint(
                fields=["shop", "payment", "provider", "provider_reference"],
                condition=~Q(provider_reference="") & Q(handled_by=""),
                name="refund_provider_reference_once",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "settlement"], name="refund_by_settlement"),
            models.Index(fields=["shop", "payment"], name="refund_by_payment"),
            models.Index(fields=["shop", "provider", "started_at"], name="refund_by_provider"),
            models.Index(
                fields=["shop", "provider", "provider_reference"],
                name="refund_by_their_name",
                condition=~Q(provider_reference=""),
            ),
            models.Index(
                fields=["next_check_at"],
                name="refund_to_check",
                condition=Q(next_check_at__isnull=False),
            ),
        ]

    @property
    def idempotency_key(self) -> str:
        """The key of the present generation; the same for every try of it."""
        return f"{self.pk}:{self.generation}"

    @property
    def is_in_doubt(self) -> bool:
        """Whether only a person can still find out what became of this money."""
        unsure = {RefundState.SENDING, RefundState.UNKNOWN, RefundState.PENDING}
        return self.needs_person and self.state in unsure

    @property
    def waits_for_payer(self) -> bool:
        """Whether nothing was sent for this money: somebody pays it by hand and says so."""
        waits = self.state == RefundState.REQUIRES_ACTION and self.needs_person
        return waits and bool(self.provider)

    @property
    def waits_for_provider(self) -> bool:
        """Whether it waits only because its provider did not let us in; ``failure_code``: why."""
        return self.waits_for_payer and bool(self.failure_code)

    @property
    def has_failed(self) -> bool:
        """Whether the money did not go, came back, or was stopped because the bank had taken it."""
        if self.state == RefundState.CANCELLED:
            return self.failure_code in STOPPED
        return self.state in {RefundState.FAILED, RefundState.FAILED_LATE}

    @property
    def takes_another_way(self) -> bool:
        """Whether the money does not go back the way it came."""
        return self.provider != self.payment.provider

    @property
    def needs_a_way(self) -> bool:
        """Whether no payment can take this money, so that somebody has to choose a way."""
        return not self.provider and self.state == RefundState.REQUIRES_ACTION

    @property
    def waits_for_a_way(self) -> bool:
        """Whether the shopper, or somebody for them, may still choose where this money goes."""
        return self.needs_a_way or self.can_be_sent_again

    @property
    def can_be_sent_again(self) -> bool:
        """Whether this money failed and is not on its way by another refund of its settlement."""
        if self.settlement.called_off_at is not None or not self.has_failed:
            return False
        live = sum(r.amount_minor for r in self.settlement.refunds.all() if r.state in LIVE)
        return live + self.amount_minor <= self.settlement.gross_minor

    def move_to(self, state: RefundState, *fields: str) -> None:
        """Change state and save ``fields`` too, or raise ``IllegalRefundStep``."""
        if state not in NEXT_STATES[RefundState(self.state)]:
            raise IllegalRefundStep(was=self.state, asked=str(state))
        self.state = state
        self.save(update_fields=["state", *fields])


class Attempt(ShopRow):
    """One request to the provider: written before it leaves, completed when it is answered."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="attempts", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    idempotency_key = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "refund", "number"], name="attempt_number"),
        ]
