"""What one customer bought and gave back, in figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.models import Shopper


@dataclass(frozen=True)
class Figures:
    """Sums are minor units of the shop's currency; ``other_currencies`` are not among them."""

    orders: int
    returns: int
    bought_minor: int
    refunded_minor: int
    other_currencies: bool

    @property
    def percent(self) -> int:
        """Returns for a hundred orders, in whole percent."""
        return self.returns * 100 // self.orders if self.orders else 0


def figures_of(shopper: Shopper) -> Figures:
    """The figures of ``shopper``, returns that are off left out; three queries."""
    currency = shopper.shop.currency
    bought = Order.objects.filter(shop=shopper.shop_id, shopper=shopper).aggregate(
        many=Count("pk"),
        here=Count("pk", filter=Q(currency=currency)),
        total=Sum("total_minor", filter=Q(currency=currency)),
    )
    refunded = Settlement.objects.filter(
        shop=shopper.shop_id,
        order__in=Order.objects.filter(shop=shopper.shop_id, shopper=shopper).values("pk"),
        currency=currency,
        called_off_at=None,
    ).aggregate(total=Sum("gross_minor"))
    standing = Return.objects.requests().standing()
    returns = standing.filter(shop=shopper.shop_id, shopper=shopper).count()
    return Figures(
        orders=bought["many"],
        returns=returns,
        bought_minor=bought["total"] or 0,
        refunded_minor=refunded["total"] or 0,
        other_currencies=bought["many"] != bought["here"],
    )
