"""What asked for a second look at a person, for twelve months (GD-03, GD-07)."""

from django.db.models import Exists, OuterRef, Q

from rebond.domain.orders.models import Order
from rebond.domain.returns.personal import of_return
from rebond.domain.shoppers.holdings import DataKind, Holding, before, of_shopper

BOUGHT = Order.objects.filter(shop_id=OuterRef("shop_id"), shopper=OuterRef("shopper"))

HOLDINGS = [
    Holding(
        "signals.Mark",
        DataKind.IDENTITY,
        of_shopper("shopper"),
        ("mark",),
        aged=lambda moment: (
            Q(shopper__created_at__lt=moment) & ~Q(Exists(BOUGHT.filter(ordered_at__gte=moment)))
        ),
        told=("kind",),
        is_removed=True,
    ),
    Holding(
        "signals.Verdict",
        DataKind.SIGNALS,
        of_return("rma"),
        ("note",),
        aged=before("at"),
        told=("rma__number", "found", "category", "at"),
    ),
    Holding(
        "signals.Signal",
        DataKind.SIGNALS,
        of_return("assessment__rma"),
        ("numbers",),
        aged=before("assessment__at"),
        told=("assessment__rma__number", "detector", "strength"),
        is_removed=True,
    ),
    Holding(
        "signals.Assessment",
        DataKind.SIGNALS,
        of_return("rma"),
        ("level", "points"),
        aged=before("at"),
        told=("rma__number", "occasion", "at"),
        is_removed=True,
    ),
]
