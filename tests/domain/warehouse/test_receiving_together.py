"""Several returns out of one parcel are booked in as one, or not at all."""

import pytest
from django.db import connection
from tests.domain.shipping.test_sharing_at_once import at_once
from tests.world import order_of, requested_return, small_shop

from rebond.domain.returns.actions import cancel_return
from rebond.domain.returns.errors import ChangedMeanwhile
from rebond.domain.shipping.actions import announce_parcel, join_parcel
from rebond.domain.shipping.errors import NotTogether
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import Arrival, receive_together
from rebond.domain.warehouse.errors import CountImpossible, NotExpected
from rebond.domain.warehouse.models import Receipt


def in_one_parcel():
    shop = small_shop()
    host, guest = (requested_return(order_of(shop, number=n)) for n in ("1001", "1002"))
    way = {"carrier": "own_carrier", "carrier_name": "DHL", "tracking_number": "J1"}
    announce_parcel(host.pk, **way, by="shopper")
    join_parcel(guest.pk, host.pk, by="shopper")
    for rma in (host, guest):
        rma.refresh_from_db()
    return host, guest


def arrival(rma, *, pieces=None, version=None):
    counts = {line.pk: line.quantity if pieces is None else pieces for line in rma.lines.all()}
    return Arrival(rma.pk, counts, version)


def receive(*arrivals):
    return receive_together(Shop.objects.get(), arrivals, note="one box", by="staff:Karim")


def nothing_is_booked_in(*returns):
    for rma in returns:
        rma.refresh_from_db()
    assert not Receipt.objects.exists()
    assert {rma.inspection_state for rma in returns} == {"awaiting"}
    assert not any(line.received_quantity for rma in returns for line in rma.lines.all())


@pytest.mark.django_db
class TestOneParcel:
    @pytest.mark.parametrize("first", [0, 1], ids=["the one with the label", "the other"])
    def test_each_return_gets_a_receipt_in_the_order_asked_for(self, first):
        both = in_one_parcel()
        asked = [both[first], both[1 - first]]

        made = receive(*(arrival(rma, version=rma.version) for rma in asked))

        assert [one.rma_id for one in made] == [rma.pk for rma in asked]
        assert {one.note for one in made} == {"one box"}
        for rma in both:
            rma.refresh_from_db()
        assert {(rma.parcel_state, rma.inspection_state) for rma in both} == {
            ("received", "received")
        }

    def test_one_impossible_count_books_in_none(self):
        host, guest = in_one_parcel()
        with pytest.raises(CountImpossible):
            receive(arrival(host), arrival(guest, pieces=99))
        nothing_is_booked_in(host, guest)

    def test_one_changed_meanwhile_books_in_none_and_is_named(self):
        host, guest = in_one_parcel()
        with pytest.raises(ChangedMeanwhile) as refused:
            receive(arrival(host), arrival(guest, version=guest.version - 1))
        assert refused.value.facts["number"] == guest.number
        nothing_is_booked_in(host, guest)

    def test_a_return_of_another_parcel_is_refused(self):
        host, guest = in_one_parcel()
        other = requested_return(order_of(host.shop, number="1003"))
        with pytest.raises(NotTogether):
            receive(arrival(host), arrival(other))
        nothing_is_booked_in(host, guest, other)

    def test_a_return_that_was_called_off_is_refused(self):
        host, guest = in_one_parcel()
        cancel_return(guest.pk, by="shopper")
        with pytest.raises((NotTogether, NotExpected)):
            receive(arrival(host), arrival(guest))
        nothing_is_booked_in(host, guest)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time in memory")
def test_two_workers_with_one_parcel_book_it_in_once():
    host, guest = in_one_parcel()

    def booked(*returns):
        try:
            return receive(*(arrival(rma, version=rma.version) for rma in returns))
        except ChangedMeanwhile:
            return None

    done = at_once(*[lambda: booked(host, guest), lambda: booked(guest, host)] * 3)

    assert len([one for one in done if one]) == 1
    assert Receipt.objects.count() == 2
