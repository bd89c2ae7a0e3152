"""Questions whose SQL is worked out once answer like the querysets they are made of."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import world

from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.orders.reading import read_money_of
from rebond.domain.products.models import Product
from rebond.kernel.clock import now
from rebond.kernel.ids import uuid7
from rebond.kernel.models import Event, Job
from rebond.kernel.prepared import Prepared, lay_beside
from rebond.kernel.writing import insert_all, update_columns

pytestmark = pytest.mark.django_db

LINES = Prepared(
    lambda shop, order: (
        OrderLine.objects.filter(shop_id=shop, order_id=order)
        .select_related("order__shop", "product")
        .order_by("-position")
    ),
    UUID,
    UUID,
)


def test_rows_are_those_of_the_queryset_with_everything_in_them():
    shop = world.small_shop()
    orders = [world.order_of(shop, number=number) for number in ("A-1", "A-2")]
    for order in orders:
        asked = OrderLine.objects.filter(shop_id=shop.pk, order_id=order.pk).order_by("-position")
        found, wanted = LINES.all(shop.pk, order.pk), list(asked)
        assert found == wanted and len(wanted) == 2
        for one, other in zip(found, wanted, strict=True):
            for field in OrderLine._meta.concrete_fields:
                assert getattr(one, field.attname) == getattr(other, field.attname), field.name
            assert not one._state.adding
    with CaptureQueriesContext(
        connection,
    ) as asked_again:
        lines = LINES.all(shop.pk, orders[0].pk)
        assert lines[0].order.number == "A-1" and lines[0].order.shop == shop
    assert len(asked_again) == 1


def test_what_select_related_does_not_find_is_none():
    shop = world.small_shop()
    order = world.order_of(shop)
    OrderLine.objects.filter(shop=shop, order=order).update(product=None)
    assert [line.product for line in LINES.all(shop.pk, order.pk)] == [None, None]
    assert LINES.all(uuid7(), order.pk) == []
    assert LINES.first(shop.pk, uuid7()) is None


def test_each_kind_of_value_finds_its_place():
    shop = world.small_shop()
    order = world.order_of(shop, number="A-1")
    asked = Prepared(
        lambda shop, key, since, position: OrderLine.objects.filter(
            shop_id=shop,
            order__shop_id=shop,
            order__number_key=key,
            order__ordered_at__gte=since,
            position__lte=position,
        ),
        UUID,
        str,
        type(now()),
        int,
    )
    since, late = now() - timedelta(days=400), now() + timedelta(days=1)
    assert len(asked.all(shop.pk, "a-1", since, 99)) == 2
    assert len(asked.all(shop.pk, "a-1", since, 1)) == 1
    assert asked.all(shop.pk, "a-1", late, 99) == []
    assert asked.all(shop.pk, "%s' OR 1=1 --", since, 99) == []
    assert order.number_key == "a-1"


def test_a_value_that_would_change_the_question_is_refused():
    shop = world.small_shop()
    with pytest.raises(TypeError):
        LINES.all(shop.pk, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Prepared(lambda number: Order.objects.filter(number__startswith=number), str).all("A")
    with pytest.raises(TypeError):
        Prepared(lambda pk: Order.objects.filter(pk=pk).values("number"), UUID).all(shop.pk)
    with pytest.raises(TypeError):
        Prepared(lambda pk: Order.objects.filter(pk=pk).prefetch_related("lines"), UUID).all(
            shop.pk
        )


@pytest.mark.django_db(transaction=True)
def test_a_question_that_locks_needs_a_transaction():
    shop = world.small_shop()
    order = world.order_of(shop)
    locked = Prepared(lambda pk: Order.objects.select_for_update().filter(pk=pk), UUID)
    with transaction.atomic():
        assert locked.first(order.pk) == order
    if connection.features.has_select_for_update:
        with pytest.raises(transaction.TransactionManagementError):
            locked.all(order.pk)


def test_what_was_laid_beside_answers_all_and_nothing_else():
    shop = world.small_shop()
    order, other = (world.order_of(shop, number=number) for number in ("A-1", "A-2"))
    with CaptureQueriesContext(connection) as asked:
        read_money_of(order)
    assert len(asked) == 3
    with CaptureQueriesContext(connection) as asked:
        lines = list(order.lines.all())
        assert {line.order for line in lines} == {order}
        assert [payment.order for payment in order.payments.all()] == [order]
    assert not asked.captured_queries
    assert list(order.lines.order_by("-position")) == lines[::-1]
    assert order.lines.filter(order=other).count() == 0
    assert order.lines.exclude(pk=lines[0].pk).count() == 1
    lay_beside(order, "lines", [])
    assert list(order.lines.all()) == [] and order.lines.count() == 0


def test_many_rows_are_inserted_with_what_the_database_fills_in():
    rows = [
        Job(path="x", arguments=[number, {"a": "é"}], key=f"job {number}", run_at=now())
        for number in range(205)
    ]
    with CaptureQueriesContext(connection) as asked:
        insert_all(rows)
    assert len(asked) == 3
    kept = {job.key: job for job in Job.objects.filter(key__startswith="job ")}
    assert len(kept) == 205
    assert kept["job 204"].arguments == [204, {"a": "é"}] and kept["job 204"].created_at
    assert all(not row._state.adding for row in rows)
    insert_all([])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all([Job(path="x", arguments=[], key="job 1", run_at=now())])


def test_columns_are_updated_and_a_row_that_went_is_missed():
    product = Product(shop=world.small_shop(), sku="X-1", title="X")
    product.save()
    product.title, product.sku = "Éclair", "not written"
    update_columns(product, "title")
    product.refresh_from_db()
    assert (product.title, product.sku) == ("Éclair", "X-1")
    Product.objects.filter(pk=product.pk).delete()
    with pytest.raises(Product.DoesNotExist):
        update_columns(product, "title")


def test_an_event_keeps_what_it_says():
    row = Event(
        shop_id=uuid7(), subject=uuid7(), sequence=1, name="x", payload={"a": [1]}, actor="system"
    )
    insert_all([row])
    kept = Event.objects.get(shop_id=row.shop_id)
    assert kept.payload == {"a": [1]} and kept.at is not None
