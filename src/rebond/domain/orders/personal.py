"""What orders hold about people. The buyer's own row ends with their last order."""

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from rebond.domain.orders.models import Order
from rebond.domain.shoppers.holdings import DataKind, Holding, before, of_shopper

LATER = Order.objects.filter(shop_id=OuterRef("shop_id"), shopper=OuterRef("pk"))

HOLDINGS = [
    Holding(
        "orders.OrderBatchRow",
        DataKind.TECHNICAL,
        lambda who: Q(told__icontains=who.mailbox) if who.mailbox else Q(pk__in=()),
        ("told", "facts"),
        aged=before("batch__made_at"),
        is_removed=True,
    ),
    Holding(
        "orders.Delivery",
        DataKind.TRACKING,
        of_shopper("order__shopper"),
        ("tracking_number",),
        aged=before("delivered_on"),
        told=("order__number", "carrier", "dispatched_on", "delivered_on"),
    ),
    Holding(
        "orders.Order",
        DataKind.IDENTITY,
        of_shopper("shopper"),
        ("postcode_key",),
        aged=before("ordered_at"),
        told=("number", "ordered_at", "country", "currency", "total_minor", "invoice_number"),
    ),
    Holding(
        "shoppers.Shopper",
        DataKind.IDENTITY,
        of_shopper("pk"),
        (
            "name",
            "name_key",
            "email",
            "email_key",
            "phone",
            "address",
            "postcode",
            "vat_number",
            "tags",
            "tier",
            "key",
        ),
        aged=lambda moment: (
            Q(created_at__lt=moment) & ~Q(Exists(LATER.filter(ordered_at__gte=moment)))
        ),
        told=("country", "language", "is_business", "created_at"),
        emptied={"key": Concat(Value("erased:"), Cast(F("id"), CharField()))},
    ),
]
