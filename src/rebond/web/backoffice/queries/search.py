"""What people type into the desk's search box, looked up in every index that it may begin.

Few hits are gathered first and then put in order; many hits are met while the newest rows are
read. So neither a rare nor a common beginning reads the whole table.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.shipping.models import Parcel
from rebond.domain.shoppers.models import Shopper, email_key
from rebond.domain.shops.models import Shop
from rebond.kernel.search import begins_with

FEW = 3000
LONGEST = 80


def cleaned(text: str) -> str:
    """``text`` as it is looked for: no blanks around it, one blank inside, no control signs."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())[:LONGEST]


def returns_that_match(shop: Shop, text: str, *, people: bool) -> QuerySet[Return]:
    """Returns by number, order, stock code or tracking number; with ``people`` also by whom."""
    returns = Return.objects.filter(shop=shop)
    try:
        found = set(_returns_by_their_own(shop, text))
        orders = _few(Order.objects.filter(_number(text), shop=shop), "pk")
        found.update(_few(returns.filter(order_id__in=orders), "pk"))
        if people:
            shoppers = _few(Shopper.objects.filter(_person(text), shop=shop), "pk")
            found.update(_few(returns.filter(shopper_id__in=shoppers), "pk"))
    except _TooMany:
        return returns.filter(_any_return(text, people=people))
    return returns.filter(pk__in=found)


def orders_that_match(shop: Shop, text: str, *, people: bool) -> QuerySet[Order]:
    """Orders by number or stock code; with ``people`` also by e-mail address or name."""
    orders = Order.objects.filter(shop=shop)
    lines = OrderLine.objects.filter(_code(text), shop=shop)
    try:
        found = set(_few(orders.filter(_number(text)), "pk"))
        found.update(_few(lines, "order_id"))
        if people:
            shoppers = _few(Shopper.objects.filter(_person(text), shop=shop), "pk")
            found.update(_few(orders.filter(shopper_id__in=shoppers), "pk"))
    except _TooMany:
        of_order = OrderLine.objects.filter(shop=shop, order_id=OuterRef("pk"))
        holds = Exists(_beside_index(of_order, "sku").filter(_code(text, "beside_index")))
        any_of = _number(text) | Q(holds)
        return orders.filter(any_of | _person(text, "shopper__") if people else any_of)
    return orders.filter(pk__in=found)


class _TooMany(Exception):
    """More hits than are worth gathering."""


def _few(rows: QuerySet[Any], column: str) -> list[Any]:
    found = list(rows.order_by().values_list(column, flat=True)[: FEW + 1])
    if len(found) > FEW:
        raise _TooMany
    return found


def _returns_by_their_own(shop: Shop, text: str) -> Iterator[Any]:
    yield from _few(Return.objects.filter(_number(text), shop=shop), "pk")
    yield from _few(ReturnLine.objects.filter(_code(text), shop=shop), "rma_id")
    yield from _few(Parcel.objects.filter(_tracking(text), shop=shop), "rma_id")


def _any_return(text: str, *, people: bool) -> Q:
    of_return = ReturnLine.objects.filter(shop_id=OuterRef("shop_id"), rma_id=OuterRef("pk"))
    lines = _beside_index(of_return, "sku").filter(_code(text, "beside_index"))
    sent = Parcel.objects.filter(shop_id=OuterRef("shop_id"), rma_id=OuterRef("pk"))
    parcels = _beside_index(sent, "tracking_key").filter(_tracking(text, "beside_index"))
    any_of = _number(text) | _number(text, "order__") | Q(Exists(lines)) | Q(Exists(parcels))
    return any_of | _person(text, "shopper__") if people else any_of


def _number(text: str, path: str = "") -> Q:
    return begins_with(f"{path}number_key", text.lower())


def _person(text: str, path: str = "") -> Q:
    by_address = begins_with(f"{path}email_key", email_key(text))
    if "@" in text:
        return by_address
    return by_address | begins_with(f"{path}name_key", text.lower())


def _beside_index(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    """``rows`` with ``column`` under another name that no index knows.

    For a question about the few lines of one order the order's index is right; the index of the
    codes would be read from end to end for every order.
    """
    return rows.alias(beside_index=Coalesce(column, Value("")))


def _code(text: str, column: str = "sku") -> Q:
    """A stock code as typed, or in capitals, as most are."""
    typed, capitals = begins_with(column, text), begins_with(column, text.upper())
    return typed if text == text.upper() else typed | capitals


def _tracking(text: str, column: str = "tracking_key") -> Q:
    return begins_with(column, text.replace(" ", "").lower())
