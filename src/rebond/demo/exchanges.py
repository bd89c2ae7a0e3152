"""Prices and stock for the demo's articles, and two exchanges under way."""

from __future__ import annotations

from rebond.domain.exchanges.actions import agree_exchange
from rebond.domain.exchanges.models import Exchange
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.orders.models import OrderLine
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shops.models import Shop

MOST_PRICED = 400
COLOURS = ("RED", "PINK", "BLUE", "GREEN", "WHITE", "BLACK", "IVORY")


def price_articles(shop: Shop) -> None:
    """Give the articles of the newest orders a price of the day and some stock, once.

    The price is what was paid last. Articles whose names differ by a colour are one family.
    """
    if Product.objects.filter(shop=shop, price_minor__isnull=False).exists():
        return
    lines = OrderLine.objects.filter(shop=shop, total_minor__gt=0, quantity__gt=0)
    newest = lines.select_related("order").order_by("-order__ordered_at", "position")
    told: dict[str, NewProduct] = {}
    for line in newest[: MOST_PRICED * 4]:
        if len(told) == MOST_PRICED:
            break
        if line.sku not in told:
            told[line.sku] = _priced(line)
    keep_products(shop, told.values(), by="demo")


def play_exchanges(shop: Shop) -> None:
    """Two customers take something else; nothing where there are exchanges already."""
    if Exchange.objects.filter(shop=shop).exists():
        return
    open_ones = Return.objects.filter(
        shop=shop, origin="shopper", request_state=RequestState.APPROVED, money_state="none"
    )
    for rma in open_ones.select_related("shopper").order_by("number")[:2]:
        line = rma.lines.order_by("position").first()
        other = _another(shop, line.sku) if line else None
        if line is None or other is None or rma.shopper is None:
            continue
        yes = Yes(Channel.LINK, rma.shopper.email or rma.shopper.name)
        agree_exchange(rma.pk, [Instead(line.pk, other.sku, line.quantity)], yes, by="shopper")


def _priced(line: OrderLine) -> NewProduct:
    words = line.title.upper().split()
    colour = next((word for word in words if word in COLOURS), "")
    family = " ".join(word for word in words if word != colour)[:64] if colour else ""
    return NewProduct(
        line.sku,
        line.title,
        family=family or None,
        option=colour.lower() or None,
        price_minor=max(1, line.total_minor // line.quantity),
        stock=25,
    )


def _another(shop: Shop, sku: str) -> Product | None:
    """A sister of the article, or any other that has a price."""
    bought = Product.objects.filter(shop=shop, sku=sku).first()
    priced = Product.objects.filter(shop=shop, price_minor__isnull=False).exclude(sku=sku)
    if bought is not None and bought.family:
        sister = priced.filter(family=bought.family).order_by("sku").first()
        if sister is not None:
            return sister
    return priced.order_by("sku").first()
