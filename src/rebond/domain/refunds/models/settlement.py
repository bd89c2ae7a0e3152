"""What is owed and why: one decision to give money back, with its lines and charges."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from rebond.domain.machines.models import ApiKey
from rebond.domain.orders.models import Order, OrderCharge, OrderLine
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow, Staff


class Settlement(ShopRow):
    """One decision to give money back: how much, for what, and why.

    Amounts are minor units of ``currency``. ``breakdown`` is the quote that led to it,
    with its reasons, as the shopper was shown. ``origin`` is ``return``, ``order``, ``outside``,
    ``discount`` (articles kept for less), ``reduction`` (a price reduced for a fault), ``missing``
    (pieces that never arrived), or ``import``; an imported one names the document that the shop
    had issued for it in ``outside_document``. ``decided_by_staff`` or ``decided_by_key`` decided;
    the house itself where there is neither.
    ``request_key`` is the asker's own name for the wish: the same one twice is one settlement.
    ``called_off_at`` is set where a second person said no: then nothing of it is owed.
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
    reason = models.CharField(max_length=200, blank=True)
    tells_shopper = models.BooleanField(default=True)
    request_key = models.CharField(max_length=80, null=True)
    decided_by = models.CharField(max_length=120)
    decided_by_staff = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="settlements", db_index=False
    )
    decided_by_key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)

    @property
    def recipient(self) -> Shopper:
        """Who gets the money: the buyer, or who got the goods as a present."""
        if self.rma is not None and self.rma.is_gift and self.rma.shopper is not None:
            return self.rma.shopper
        return self.order.shopper

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0) & Q(kept_minor__gte=0) & Q(tax_minor__gte=0),
                name="settlement_not_negative",
            ),
            models.UniqueConstraint(fields=["shop", "request_key"], name="settlement_asked_once"),
        ]
        indexes = [
            models.Index(fields=["shop", "order"], name="settlement_by_order"),
            models.Index(fields=["shop", "rma"], name="settlement_by_return"),
            models.Index(
                fields=["shop", "decided_by_staff", "decided_at"],
                name="settlement_by_staff",
                condition=Q(decided_by_staff__isnull=False),
            ),
            models.Index(
                fields=["shop", "decided_by_key", "decided_at"],
                name="settlement_by_key",
                condition=Q(decided_by_key__isnull=False),
            ),
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
    """The part of one order line that a settlement gives back, tax inside ``gross_minor``.

    ``restocked_quantity`` pieces were put back for sale at ``restocked_at``, a place of the shop.
    """

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="lines", db_index=False)
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="settlement_lines", db_index=False
    )
    quantity = models.PositiveIntegerField()
    gross_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    taxes = models.JSONField(default=dict)
    restocked_quantity = models.PositiveIntegerField(default=0)
    restocked_at = models.CharField(max_length=60, blank=True)

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
            models.CheckConstraint(
                condition=Q(restocked_quantity__lte=F("quantity")),
                name="settlement_line_restock",
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
