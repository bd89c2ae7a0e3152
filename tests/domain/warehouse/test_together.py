"""Two workers at once: the same scan, the same piece, the same shelf."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections
from tests.world import findings, order_of, received_return, requested_return, small_shop

from rebond.domain.warehouse.actions import (
    NewScan,
    add_location,
    inspect_return,
    place_unit,
    take_scan,
)
from rebond.domain.warehouse.errors import UnitMoved
from rebond.domain.warehouse.kinds import Command, Place
from rebond.domain.warehouse.models import Balance, Movement, Scan, Unit
from rebond.kernel.clock import now

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time in memory"),
]


def together(*calls):
    def run(call):
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [each.result() for each in [threads.submit(run, call) for call in calls]]


def test_a_scan_that_arrives_twice_at_once_counts_once():
    shop = small_shop()
    rma = requested_return(order_of(shop), {"LAMP-01": 2})
    take_scan(shop, NewScan(uuid4(), "one", Command.CODE, rma.number, now()), by="a")
    told = NewScan(uuid4(), "one", Command.CODE, "LAMP-01", now())

    made = together(*[lambda: take_scan(shop, told, by="a")] * 6)

    assert len({scan.pk for scan in made}) == 1
    assert Scan.objects.filter(heard="piece").count() == 1


def test_two_stations_at_once_count_no_more_than_is_expected():
    shop = small_shop()
    rma = requested_return(order_of(shop), {"LAMP-01": 2})
    for who in "abcd":
        take_scan(shop, NewScan(uuid4(), who, Command.CODE, rma.number, now()), by=who)

    heard = together(
        *[
            lambda who=who: (
                take_scan(shop, NewScan(uuid4(), who, Command.CODE, "LAMP-01", now()), by=who).heard
            )
            for who in "abcd"
        ]
    )

    assert sorted(heard) == ["extra", "extra", "piece", "piece"]


def test_one_piece_put_away_by_many_stands_on_the_shelf_once():
    shop = small_shop()
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="a")
    shelf = add_location(shop, "Aisle 3", Place.SELLABLE, by="a")
    unit = Unit.objects.get()

    def put():
        try:
            return place_unit(shop, unit.pk, shelf.pk, by="a")
        except UnitMoved:
            return None

    made = together(*[put] * 6)

    assert len([one for one in made if one]) == 1
    assert (Movement.objects.count(), Balance.objects.get().pieces) == (1, 1)
