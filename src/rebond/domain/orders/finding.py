"""A sold order looked for without its number: by what, when, where and to whom it was sold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from rebond.domain.orders.models import Order, OrderLine, Payment
from rebond.domain.products.models import Product
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.kernel.search import begins_with

MOST_ARTICLES = 500


@dataclass(frozen=True)
class Sought:
    """What is known of a sale; each part that is empty says nothing.

    ``article`` is the beginning of a stock code or words of a name, ``name`` words of the
    customer's, ``since`` and ``until`` days in the shop's time zone, both inside, ``last_four``
    the end of the card's number.
    """

    article: str = ""
    since: date | None = None
    until: date | None = None
    postcode: str = ""
    name: str = ""
    last_four: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything but days is known, so that not everything is listed."""
        return any((self.article, self.postcode, self.name, self.last_four))


def orders_like(shop: Shop, sought: Sought) -> QuerySet[Order]:
    """The orders of ``shop`` that fit everything that is known, in no order."""
    rows = Order.objects.filter(shop=shop)
    zone = ZoneInfo(shop.time_zone)
    if sought.since:
        rows = rows.filter(ordered_at__gte=datetime.combine(sought.since, time(), zone))
    if sought.until:
        after = sought.until + timedelta(days=1)
        rows = rows.filter(ordered_at__lt=datetime.combine(after, time(), zone))
    if sought.postcode:
        rows = rows.filter(postcode_key="".join(sought.postcode.split()).lower())
    if sought.article:
        lines = OrderLine.objects.filter(shop=shop, sku__in=articles_like(shop, sought.article))
        rows = rows.filter(pk__in=lines.values("order_id"))
    if sought.name:
        people = Shopper.objects.filter(shop=shop)
        for word in sought.name.lower().split():
            people = people.filter(name_key__contains=word)
        rows = rows.filter(shopper_id__in=people.values("id"))
    if sought.last_four:
        cards = Payment.objects.filter(shop=shop, last_four=sought.last_four)
        rows = rows.filter(pk__in=cards.values("order_id"))
    return rows


def articles_like(shop: Shop, text: str) -> list[str]:
    """Stock codes of the catalogue that begin with ``text`` or whose name holds its words."""
    words = Q()
    for word in text.split():
        words &= Q(title__icontains=word)
    codes = begins_with("sku", text) | begins_with("sku", text.upper())
    rows = Product.objects.filter(words | codes, shop=shop)
    return list(rows.order_by("sku").values_list("sku", flat=True)[:MOST_ARTICLES])
