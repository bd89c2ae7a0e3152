"""Orders as the shop told us, with what was charged, paid and delivered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now

from rebond.domain.products.models import Product
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow


class OrderState(models.TextChoices):
    """Whether the order stands. A cancelled order has nothing left to give back."""

    OPEN = "open"
    CANCELLED = "cancelled"


class Order(ShopRow):
    """A sale. We never change what the shopper bought.

    Amounts are minor units of ``currency`` and are what was charged at the sale:
    ``total_minor`` is gross, ``tax_minor`` the tax inside it. ``invoice_number``
    is empty where the shop issued none. ``derived`` names the fields that were
    made up for data that lacked them (``email``, ``vat``, ``delivered_on`` …).
    ``number_key`` is the number in lower case, for searching.
    """

    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    shopper = models.ForeignKey(Shopper, models.PROTECT, related_name="orders", db_index=False)
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.OPEN)
    channel = models.CharField(max_length=30, default="web")
    country = models.CharField(max_length=2, blank=True)
    postcode_key = models.CharField(max_length=20, blank=True)
    ordered_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField(default=True)
    total_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    invoice_number = models.CharField(max_length=40, blank=True)
    invoice_date = models.DateField(null=True)
    derived = models.JSONField(default=list)
    imported_at = models.DateTimeField(db_default=Now())

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "number_key"],
                opclasses=["uuid_ops", "varchar_pattern_ops"],
                name="order_number_once",
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0) & Q(tax_minor__lte=F("total_minor")),
                name="order_tax_within_total",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-ordered_at", "-id"], name="order_newest"),
            models.Index(fields=["shop", "shopper"], name="order_by_shopper"),
            models.Index(fields=["shop", "postcode_key"], name="order_by_postcode"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(ShopRow):
    """One line of a sale.

    ``total_minor`` is what was charged for the whole line after its own and the
    order's discounts, tax inside; ``tax_minor`` the stored tax in it; ``taxes``
    lists ``{"id", "rate", "total_minor"}`` with the rate as a fraction in a
    string ("0.20"). ``unit_price`` is the printed price, for display only.
    ``returned_quantity`` counts pieces in returns that stand; it is moved by a
    conditional update and guarded by the constraint below. So is ``missing_quantity``: pieces that
    are said never to have arrived, or were paid back as such; they are not among the delivered.
    ``piece_guarantees`` is one ISO day for each piece whose legal guarantee a repair prolonged,
    the latest first; the other pieces run as the law counts from delivery. ``serials`` are the
    serial numbers that were sold, at most one for each piece; none where the shop told none.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="+", null=True, db_index=False
    )
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    delivered_quantity = models.PositiveIntegerField()
    returned_quantity = models.PositiveIntegerField(default=0)
    missing_quantity = models.PositiveIntegerField(default=0, db_default=0)
    unit_price = models.CharField(max_length=20)
    discount_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    taxes = models.JSONField(default=list)
    is_returnable = models.BooleanField(default=True)
    is_final_sale = models.BooleanField(default=False)
    piece_guarantees = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    serials = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "order", "position"], name="order_line_position"
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0)
                & Q(tax_minor__lte=F("total_minor"))
                & Q(discount_minor__gte=0),
                name="order_line_tax_within_total",
            ),
            models.CheckConstraint(
                condition=Q(returned_quantity__lte=F("delivered_quantity")),
                name="order_line_returned_at_most_delivered",
            ),
            models.CheckConstraint(
                condition=Q(delivered_quantity__lte=F("quantity")),
                name="order_line_delivered_at_most_ordered",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("delivered_quantity") + F("missing_quantity")),
                name="order_line_missing_not_delivered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "sku"],
                opclasses=["uuid_ops", "varchar_pattern_ops"],
                name="order_line_by_sku",
            )
        ]

    @property
    def left_quantity(self) -> int:
        """Pieces that were delivered and are in no return that stands."""
        return self.delivered_quantity - self.returned_quantity


class ChargeKind(models.TextChoices):
    """What was charged beside the goods."""

    SHIPPING = "shipping"
    FEE = "fee"


class OrderCharge(ShopRow):
    """Shipping or a fee, gross in minor units with its stored tax. A fee may be negative."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="charges", db_index=False)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=ChargeKind)
    title = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    tax_rate = models.CharField(max_length=12, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "order", "position"], name="order_charge_position"
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, tax_minor__lte=F("amount_minor"))
                | Q(tax_minor__lte=0, tax_minor__gte=F("amount_minor")),
                name="order_charge_tax_within_amount",
            ),
        ]


class Payment(ShopRow):
    """Money that came in for an order.

    ``refund_reserved_minor`` is what our own refunds hold or have sent; one
    conditional update moves it, the constraint guards it. ``refunded_outside_minor``
    is what we learned was refunded elsewhere: a fact, so no constraint refuses it.
    ``can_refund_partly`` False means all or nothing. While ``is_disputed``, the shopper's bank
    holds the money and nothing may be refunded. ``last_four`` is the end of the card's number,
    "" where nobody told it.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments", db_index=False)
    position = models.PositiveIntegerField()
    provider = models.CharField(max_length=30)
    method = models.CharField(max_length=30)
    reference = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    captured_minor = models.BigIntegerField()
    refund_reserved_minor = models.BigIntegerField(default=0)
    refunded_outside_minor = models.BigIntegerField(default=0)
    can_refund = models.BooleanField(default=True)
    can_refund_partly = models.BooleanField(default=True)
    is_disputed = models.BooleanField(default=False)
    last_four = models.CharField(max_length=4, blank=True, db_default="")
    paid_at = models.DateTimeField(null=True)
    derived = models.JSONField(default=list)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "order", "position"], name="payment_position"),
            models.CheckConstraint(
                condition=Q(refund_reserved_minor__gte=0)
                & Q(refund_reserved_minor__lte=F("captured_minor")),
                name="payment_refunds_at_most_captured",
            ),
            models.CheckConstraint(
                condition=Q(refunded_outside_minor__gte=0), name="payment_outside_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "provider", "reference"], name="payment_by_ref"),
            models.Index(
                fields=["shop", "last_four"], condition=~Q(last_four=""), name="payment_by_card"
            ),
        ]

    @property
    def left_minor(self) -> int:
        """What can still be refunded from this payment."""
        return max(
            0, self.captured_minor - self.refund_reserved_minor - self.refunded_outside_minor
        )


class Delivery(ShopRow):
    """Goods handed over. ``delivered_on`` is a date in the shop's time zone."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="deliveries", db_index=False)
    position = models.PositiveIntegerField()
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    dispatched_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    derived = models.JSONField(default=list)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "order", "position"], name="delivery_position"),
        ]


class ImportRun(ShopRow):
    """One file being read: how far it got, so that it can be stopped and taken up again.

    ``fingerprint`` is the SHA-256 of the file and the options; ``rows_done`` counts rows whose
    effect is committed. ``figures`` holds what the import counted so far.
    """

    fingerprint = models.CharField(max_length=64)
    source = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    rows_done = models.BigIntegerField(default=0)
    is_finished = models.BooleanField(default=False)
    figures = models.JSONField(default=dict)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "fingerprint"], name="import_run_once"),
        ]


class OrderBatch(ShopRow):
    """Orders that were sent together, entered in the background.

    ``entered`` and ``refused`` count rows of ``total``; ``finished_at`` None: still at work.
    """

    total = models.PositiveIntegerField()
    entered = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(total__gte=F("entered") + F("refused")), name="order_batch_adds_up"
            ),
        ]
        indexes = [models.Index(fields=["shop", "-made_at", "-id"], name="order_batch_newest")]


class OrderBatchRow(ShopRow):
    """One row of a batch that waits (``code`` empty) or was refused; an entered one is gone."""

    batch = models.ForeignKey(OrderBatch, models.PROTECT, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    told = models.JSONField(default=dict)
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "batch", "position"], name="batch_row_once"),
        ]
        indexes = [
            models.Index(fields=["shop", "batch", "code", "position"], name="batch_row_waiting")
        ]
