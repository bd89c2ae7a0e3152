"""What the receiving desk scans: taken once, in order, whoever else is scanning."""

from uuid import uuid4

import pytest
from tests.world import order_of, requested_return, small_shop

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.warehouse.actions import NewScan, match_parcel, receive_return, take_scan
from rebond.domain.warehouse.errors import ParcelMatched, ParcelUnmatched
from rebond.domain.warehouse.kinds import Command, Heard
from rebond.domain.warehouse.models import LooseParcel, Scan
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = small_shop()
    keep_products(shop, [NewProduct("VASE-03", "Tall vase")], by="test")
    return shop


@pytest.fixture
def rma(shop):
    return requested_return(order_of(shop), {"LAMP-01": 2, "MUG-07": 1})


def scan(shop, code="", *, command=Command.CODE, station="one", key=None):
    told = NewScan(key or uuid4(), station, command, code, now())
    return take_scan(shop, told, by="staff:Karim")


def book_in(shop, station="one", key=None):
    return scan(shop, command=Command.BOOK_IN, station=station, key=key)


def test_the_return_then_its_pieces_are_booked_in_together(shop, rma):
    heard = [scan(shop, code).heard for code in (rma.number, "LAMP-01", " lamp-01 ", "MUG-07")]

    closed = book_in(shop)

    assert heard == [Heard.OPENED, Heard.PIECE, Heard.PIECE, Heard.PIECE]
    assert closed.heard == Heard.BOOKED_IN
    assert sorted(rma.lines.values_list("sku", "received_quantity")) == [
        ("LAMP-01", 2),
        ("MUG-07", 1),
    ]


def test_a_scan_that_is_sent_twice_counts_once(shop, rma):
    scan(shop, rma.number)
    key, last = uuid4(), uuid4()

    first, again = scan(shop, "LAMP-01", key=key), scan(shop, "LAMP-01", key=key)
    book_in(shop, key=last)
    book_in(shop, key=last)

    assert first.pk == again.pk
    assert rma.lines.get(sku="LAMP-01").received_quantity == 1
    assert rma.receipts.count() == 1


def test_one_piece_too_many_is_extra_and_another_article_is_wrong(shop, rma):
    scan(shop, rma.number)
    for _ in range(2):
        scan(shop, "LAMP-01")

    heard = [scan(shop, code).heard for code in ("LAMP-01", "VASE-03", "4006381333931")]
    receipt = book_in(shop).receipt

    assert heard == [Heard.EXTRA, Heard.WRONG_ITEM, Heard.UNKNOWN]
    assert rma.lines.get(sku="LAMP-01").received_quantity == 2
    assert "1 × VASE-03 (wrong_item)" in receipt.note
    assert "1 × LAMP-01 (extra)" in receipt.note


def test_two_people_at_one_return_never_count_more_than_is_expected(shop, rma):
    for station in ("one", "two"):
        scan(shop, rma.number, station=station)

    heard = [scan(shop, "LAMP-01", station=who).heard for who in ("one", "two", "one")]
    book_in(shop, "one")
    empty = book_in(shop, "two")

    assert heard == [Heard.PIECE, Heard.PIECE, Heard.EXTRA]
    assert rma.lines.get(sku="LAMP-01").received_quantity == 2
    assert empty.heard == Heard.NOTHING


def test_pieces_typed_in_meanwhile_are_not_counted_again(shop, rma):
    scan(shop, rma.number)
    scan(shop, "MUG-07")
    receive_return(rma.pk, {rma.lines.get(sku="MUG-07").pk: 1}, note="", by="staff:Lea")

    closed = book_in(shop)

    assert closed.heard == Heard.NOTHING
    assert rma.lines.get(sku="MUG-07").received_quantity == 1


def test_the_last_piece_can_be_taken_back(shop, rma):
    scan(shop, rma.number)
    scan(shop, "MUG-07")

    taken = scan(shop, command=Command.TAKE_BACK)

    assert (taken.heard, taken.code) == (Heard.TAKEN_BACK, "MUG-07")
    assert book_in(shop).heard == Heard.NOTHING


def test_a_product_code_before_its_return_is_not_counted(shop, rma):
    assert scan(shop, "VASE-03").heard == Heard.RETURN_FIRST
    assert scan(shop, "nobody knows").heard == Heard.UNKNOWN


def test_a_tracking_number_opens_its_return(shop, rma):
    rma.parcels.create(
        shop=shop, position=1, carrier="other", tracking_number="8R 42", tracking_key="8r42"
    )

    heard = scan(shop, "8R42")

    assert (heard.heard, heard.rma_id) == (Heard.OPENED, rma.pk)


def test_a_parcel_nobody_announced_is_set_aside_and_matched_later(shop, rma):
    scan(shop, "LP001", command=Command.SET_ASIDE)
    parcel = LooseParcel.objects.get()

    with pytest.raises(ParcelUnmatched):
        match_parcel(shop, parcel.pk, "no such number", by="staff:Karim")
    found = match_parcel(shop, parcel.pk, "1001", by="staff:Karim")

    assert found.order.number == "1001"
    with pytest.raises(ParcelMatched):
        match_parcel(shop, parcel.pk, rma.number, by="staff:Lea")


def test_the_codes_of_another_shop_are_unknown(shop, rma):
    atelier = small_shop("atelier")

    assert scan(atelier, rma.number).heard == Heard.UNKNOWN
    assert Scan.objects.get(shop=atelier).rma is None
