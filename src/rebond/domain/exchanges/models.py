"""Exchanges, the goods in them, what paid for them, and the document of the sale."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rebond.domain.exchanges.states import OPEN, ExchangeState
from rebond.domain.orders.models import Order
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Exchange(ShopRow):
    """An agreement on other goods for what a return brings back.

    Until it is settled its goods are held in stock, at most up to ``expires_at``: then the money
    goes back. ``sale_minor`` is what the goods cost, ``applied_minor`` what the return pays of it,
    ``due_minor`` the difference that the shopper owes: paid by ``due_way`` ("card", "cash" …)
    under ``due_reference``, or "waived". All three are minor units of ``currency`` and None until
    the goods came back and were looked at. ``given_by`` and ``channel`` keep the shopper's yes.
    ``new_order`` is the sale of the new goods.
    """

    rma = models.ForeignKey(Return, models.PROTECT, related_name="exchanges", db_index=False)
    state = models.CharField(max_length=12, choices=choices_of(ExchangeState))
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=10)
    given_by = models.CharField(max_length=254)
    agreed_by = models.CharField(max_length=120)
    agreed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sale_minor = models.BigIntegerField(null=True)
    applied_minor = models.BigIntegerField(null=True)
    due_minor = models.BigIntegerField(null=True)
    due_way = models.CharField(max_length=30, blank=True)
    due_reference = models.CharField(max_length=120, blank=True)
    new_order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="made_by_exchange", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=40, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "rma"],
                condition=~Q(state__in=["lapsed", "cancelled"]),
                name="exchange_one_for_each_return",
            ),
            models.UniqueConstraint(fields=["shop", "new_order"], name="exchange_order_once"),
            models.CheckConstraint(
                condition=Q(sale_minor=None)
                | Q(
                    applied_minor__gte=0,
                    due_minor__gte=0,
                    sale_minor=F("applied_minor") + F("due_minor"),
                ),
                name="exchange_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "rma"], name="exchange_by_return"),
            models.Index(
                fields=["shop", "expires_at"],
                name="exchange_to_lapse",
                condition=Q(state__in=["agreed", "unpaid"]),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether the return waits for it."""
        return ExchangeState(self.state) in OPEN

    @property
    def owes(self) -> bool:
        """Whether the shopper still has to pay the difference."""
        return bool(self.due_minor) and not self.due_way


class ExchangeLine(ShopRow):
    """Pieces of one product for pieces of one line of the return.

    ``is_even``: the same thing in another size or colour, so it costs what the shopper paid for
    what comes back. Else ``unit_minor`` is its price on the day of the agreement, tax inside.
    ``quantity`` is what was agreed, ``settled_quantity`` what the accepted pieces pay for.
    ``gross_minor`` is what those cost.
    """

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    return_line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_index=False)
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    is_even = models.BooleanField(default=False)
    unit_minor = models.BigIntegerField(default=0)
    tax_rate = models.CharField(max_length=12)
    settled_quantity = models.PositiveIntegerField(null=True)
    gross_minor = models.BigIntegerField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "exchange", "position"], name="exchange_line_position"
            ),
            models.UniqueConstraint(
                fields=["shop", "exchange", "return_line"], name="exchange_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & Q(unit_minor__gte=0), name="exchange_line_positive"
            ),
            models.CheckConstraint(
                condition=Q(settled_quantity=None) | Q(settled_quantity__lte=F("quantity")),
                name="exchange_line_at_most_agreed",
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=None) | Q(gross_minor__gte=0),
                name="exchange_line_gross_not_negative",
            ),
        ]


class ExchangePayment(ShopRow):
    """A part of a refund that paid for the goods: one row for each refund, added once.

    ``payment_reference`` is that of the payment whose money it was.
    """

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="payments", db_index=False)
    refund_id = models.UUIDField()
    payment_reference = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "refund_id"], name="exchange_paid_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="exchange_payment_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "exchange"], name="exchange_payment_by_exchange"),
            models.Index(fields=["shop", "payment_reference"], name="exchange_payment_by_ref"),
        ]


class SaleDocument(ShopRow):
    """The numbered document of the sale of new goods; never changed once it is issued.

    ``content`` is everything that is printed. Numbers have no gap in a ``series``; each
    ``hash`` covers the content and the hash of the document before it.
    """

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="documents", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False)
    series = models.CharField(max_length=20)
    number = models.PositiveBigIntegerField()
    label = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    content = models.JSONField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "series", "number"], name="sale_document_number"
            ),
            models.UniqueConstraint(fields=["shop", "exchange"], name="sale_document_once"),
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0)
                & Q(number__gt=0)
                & Q(gross_minor=F("net_minor") + F("tax_minor")),
                name="sale_document_adds_up",
            ),
        ]
