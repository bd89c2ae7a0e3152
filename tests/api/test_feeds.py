"""What can be read without end: events, documents, parcels, stock."""

from datetime import timedelta

import pytest
from tests.api.clients import code, machine
from tests.world import findings, order_of, received_return, requested_return, small_shop

from rebond.api.v1 import events as feed
from rebond.domain.refunds.actions import pay_by_hand, settle_return
from rebond.domain.refunds.models import Refund
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.warehouse.actions import add_location, adjust_stock, inspect_return
from rebond.domain.warehouse.kinds import Place
from rebond.kernel.clock import today
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(feed, "SETTLED_AFTER", timedelta(0))


def test_the_feed_serves_every_event_once_in_order(shop, at_once):
    other = small_shop("autre")
    requested_return(order_of(shop), {"LAMP-01": 1})
    requested_return(order_of(other), {"LAMP-01": 1})
    client, seen, after = machine(shop), [], None

    while True:
        page = client.get("/api/v1/events", {"limit": 2} | ({"after": after} if after else {}))
        seen += page.json()["items"]
        if not (after := page.json()["next"]):
            break

    rows = Event.objects.filter(shop_id=shop.pk).order_by("pk")
    assert [one["id"] for one in seen] == [str(row.pk) for row in rows]
    assert {"return.requested", "return.approved"} <= {one["type"] for one in seen}


def test_the_feed_can_be_narrowed_to_what_is_wanted(shop, at_once):
    requested_return(order_of(shop), {"LAMP-01": 1})

    page = machine(shop).get("/api/v1/events", {"types": "return.approved"}).json()

    assert [one["type"] for one in page["items"]] == ["return.approved"]


def test_what_may_still_get_a_neighbour_comes_later(shop):
    requested_return(order_of(shop), {"LAMP-01": 1})

    assert machine(shop).get("/api/v1/events").json() == {"items": [], "next": ""}


def test_a_document_is_listed_read_and_fetched(shop, run_jobs):
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Ana")
    run_jobs()
    if not Refund.objects.filter(shop=shop).exists():
        settle_return(rma.pk, by="test")
        run_jobs()
    refund = Refund.objects.get(shop=shop)
    pay_by_hand(refund.pk, reference="V", paid_on=today(shop.time_zone), by="staff:Ana")
    run_jobs()
    client = machine(shop)

    (note,) = client.get("/api/v1/credit-notes", {"order": "1001"}).json()["items"]

    page = f"/api/v1/credit-notes/{note['label']}"
    assert client.get(page).json() == note
    assert client.get(f"{page}/pdf").content.startswith(b"%PDF-")
    assert b"CrossIndustryInvoice" in client.get(f"{page}/xml").content
    assert code(client.get("/api/v1/credit-notes/AV-none")) == (404, "not_found")


def test_parcels_are_walked_with_the_number_of_their_return(shop):
    rma = requested_return(order_of(shop), {"LAMP-01": 1})
    announce_parcel(rma.pk, carrier="manual", carrier_name="", tracking_number="1Z", by="test")

    page = machine(shop).get("/api/v1/parcels", {"state": "announced"}).json()

    assert [(one["return_number"], one["carrier"]) for one in page["items"]] == [
        (rma.number, "manual")
    ]


def test_stock_shows_what_stands_where_and_what_moved(shop):
    shelf = add_location(shop, "A1", Place.SELLABLE, by="staff:Ana")
    adjust_stock(shop, shelf.pk, "LAMP-01", 4, why="counted", by="staff:Ana")
    client = machine(shop)

    stands = client.get("/api/v1/stock/balances").json()["items"]
    moved = client.get("/api/v1/stock/movements", {"sku": "LAMP-01"}).json()["items"]

    assert [(one["location"], one["pieces"]) for one in stands] == [("A1", 4)]
    assert [(one["pieces"], one["why"]) for one in moved] == [(4, "counted")]
