"""What is owed and why, each refund that pays it, each attempt to send one."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from rebond.domain.orders.models import Order, OrderCharge, OrderLine, Payment
from rebond.domain.refunds.errors import IllegalRefundStep
from rebond.domain.refunds.states import LIVE, NEXT_STATES, RefundState
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Settlement(ShopRow):
    """One decision to give money back: how much, for what, and why.

    Amounts are minor units of ``currency``. ``breakdown`` is the quote that led to it,
    with its reasons, as the shopper was shown. ``origin`` is ``return``, ``order`` or
    ``import``; an imported one names the document that the shop had issued for it in
    ``outside_document``.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="settlements", db_index=False)
    rma = models.ForeignKey(
        Return, models.PROTECT, related_name="settlements", null=True, db_index=False
    )
    origin = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    gross_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    kept_minor = models.BigIntegerField(default=0)
    breakdown = models.JSONField(default=dict)
    outside_document = models.CharField(max_length=40, blank=True)
    decided_by = models.CharField(max_length=120)
    decided_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0) & Q(kept_minor__gte=0) & Q(tax_minor__gte=0),
                name="settlement_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "order"], name="settlement_by_order"),
            models.Index(fields=["shop", "rma"], name="settlement_by_return"),
        ]

    @property
    def figures(self) -> dict[str, Any]:
        """The breakdown to show; for a settlement from history, its plain sums without reasons."""
        return self.breakdown or {
            "currency": self.currency,
            "total_minor": self.gross_minor,
            "net_minor": self.gross_minor - self.tax_minor,
            "tax_minor": self.tax_minor,
            "tax_by_rate_minor": {},
            "retained_minor": self.kept_minor,
            "lines": [
                {
                    "order_line": str(line.order_line_id),
                    "quantity": line.quantity,
                    "gross_minor": line.gross_minor,
                    "net_minor": line.gross_minor - line.tax_minor,
                    "tax_minor": line.tax_minor,
                    "discount_minor": 0,
                }
                for line in self.lines.all()
            ],
            "shipping": [],
            "tenders": [],
            "why": [],
        }


class SettlementLine(ShopRow):
    """The part of one order line that a settlement gives back, tax inside ``gross_minor``."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="lines", db_index=False)
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="settlement_lines", db_index=False
    )
    quantity = models.PositiveIntegerField()
    gross_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    taxes = models.JSONField(default=dict)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "settlement", "order_line"], name="settlement_line_once"
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0) & Q(tax_minor__lte=F("gross_minor")),
                name="settlement_line_tax_within_gross",
            ),
        ]
        indexes = [models.Index(fields=["shop", "order_line"], name="settlement_line_by_line")]


class SettlementCharge(ShopRow):
    """The part of shipping or a fee that a settlement gives back."""

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="charges", db_index=False
    )
    charge = models.ForeignKey(
        OrderCharge, models.PROTECT, related_name="settlement_charges", db_index=False
    )
    gross_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "settlement", "charge"], name="settlement_charge_once"
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, tax_minor__lte=F("gross_minor"))
                | Q(tax_minor__lte=0, tax_minor__gte=F("gross_minor")),
                name="settlement_charge_tax_within_gross",
            ),
        ]


class Refund(ShopRow):
    """Money on its way back to one payment.

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
                fields=["shop", "payment", "provider_reference"],
                condition=~Q(provider_reference="") & Q(handled_by=""),
                name="refund_provider_reference_once",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "settlement"], name="refund_by_settlement"),
            models.Index(fields=["shop", "payment"], name="refund_by_payment"),
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
        return self.needs_person and self.state in {RefundState.SENDING, RefundState.UNKNOWN}

    @property
    def can_be_sent_again(self) -> bool:
        """Whether this money failed and is not on its way by another refund of its settlement."""
        if self.state not in {RefundState.FAILED, RefundState.FAILED_LATE}:
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


class ProviderEvent(ShopRow):
    """A message from a provider, kept before it is answered and applied once."""

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=120)
    body = models.TextField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=60, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "provider", "event_id"], name="provider_event_once"
            ),
        ]


def reserve(payment: Payment, amount_minor: int) -> bool:
    """Hold ``amount_minor`` of what is left of ``payment``; False when there is too little.

    One conditional update decides, on every database and under any number of writers; the
    table's constraint stands behind it.
    """
    return bool(
        Payment.objects.filter(
            pk=payment.pk,
            can_refund=True,
            captured_minor__gte=F("refund_reserved_minor")
            + F("refunded_outside_minor")
            + amount_minor,
        ).update(refund_reserved_minor=F("refund_reserved_minor") + amount_minor)
    )


def release(payment: Payment, amount_minor: int) -> None:
    """Give back what ``reserve`` held."""
    Payment.objects.filter(pk=payment.pk).update(
        refund_reserved_minor=F("refund_reserved_minor") - amount_minor
    )
