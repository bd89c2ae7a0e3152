"""Promises about goods that take the place of money."""

from __future__ import annotations

from django.db.models import Count, F, Max, Min, OuterRef, Q, Sum, Window
from django.db.models.functions import Coalesce, Lag

from rebond.domain.credit_notes.content import hash_of
from rebond.domain.exchanges.models import Exchange, ExchangeLine, ExchangePayment, SaleDocument
from rebond.domain.exchanges.states import ExchangeState
from rebond.domain.products.models import Product
from rebond.insights.verification.table import Breaches, promise, sum_of
from rebond.kernel.models import Counter

HOLDING = [ExchangeState.AGREED, ExchangeState.UNPAID, ExchangeState.SETTLED]


@promise("I31", "every piece that is promised is promised to somebody")
def held_stock() -> Breaches:
    """What each product holds is what open exchanges wait for, and never more than is there."""
    waiting = sum_of(
        ExchangeLine.objects.filter(
            shop=OuterRef("shop"), product=OuterRef("pk"), exchange__state__in=HOLDING
        ),
        "product",
        "quantity",
    )
    some = Product.objects.filter(
        Q(stock_held__gt=0)
        | Q(pk__in=ExchangeLine.objects.filter(exchange__state__in=HOLDING).values("product_id"))
    )
    for product in some.annotate(waiting=waiting).exclude(stock_held=F("waiting")).iterator():
        yield f"product {product.sku}: {product.stock_held} held, {product.waiting} waited for"


@promise("I32", "goods were released for what the return paid, once")
def released_once() -> Breaches:
    """A released exchange was paid to the cent, and its order costs what was paid for it."""
    paid = sum_of(
        ExchangePayment.objects.filter(shop=OuterRef("shop"), exchange=OuterRef("pk")),
        "exchange",
        "amount_minor",
    )
    rows = Exchange.objects.annotate(paid=paid)
    released = rows.filter(state=ExchangeState.RELEASED)
    for exchange in released.exclude(paid=F("applied_minor")).iterator():
        yield f"exchange {exchange.pk}: paid {exchange.paid}, not {exchange.applied_minor}"
    for exchange in released.filter(new_order=None).iterator():
        yield f"exchange {exchange.pk}: released without an order"
    early = rows.exclude(state=ExchangeState.RELEASED).exclude(new_order=None)
    for exchange in early.iterator():
        yield f"exchange {exchange.pk}: {exchange.state}, but its order is there"
    whole = released.annotate(came_in=Coalesce(Sum("new_order__payments__captured_minor"), 0))
    for exchange in whole.exclude(came_in=F("new_order__total_minor")).iterator():
        yield f"exchange {exchange.pk}: its order is not paid in full"


@promise("I33", "documents of exchanged goods are numbered without a gap and never changed")
def sale_documents() -> Breaches:
    """Each series counts 1, 2, 3 … up to its counter, and each hash covers the one before it."""
    found = SaleDocument.objects.values("shop_id", "series").annotate(
        many=Count("id"), first=Min("number"), last=Max("number")
    )
    ends = {}
    for row in found.order_by().iterator():
        ends[(row["shop_id"], f"sale:{row['series']}")] = row["last"]
        if row["many"] != row["last"] or row["first"] != 1:
            yield f"series {row['series']}: {row['many']} documents, last number {row['last']}"
    for counter in Counter.objects.filter(series__startswith="sale:").iterator():
        if counter.last != ends.get((counter.shop_id, counter.series), 0):
            yield f"series {counter.series}: the counter says {counter.last}"
    chain = SaleDocument.objects.annotate(
        before=Window(
            Lag("hash"),
            partition_by=[F("shop"), F("series")],
            order_by=F("number").asc(),
        )
    )
    for note in chain.order_by("shop_id", "series", "number").iterator():
        previous = note.before or ""
        is_sound = note.hash == hash_of(previous, note.content)
        if not is_sound or note.previous_hash != previous:
            yield f"document {note.label} ({note.pk}): its content or its place was changed"
