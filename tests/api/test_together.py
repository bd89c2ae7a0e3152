"""Several returns in one parcel, over the API."""

import json

import pytest
from tests.api.clients import code, machine
from tests.world import order_of, requested_return, small_shop

from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shipping.models import Parcel

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return small_shop()


@pytest.fixture
def pair(shop):
    """A return whose parcel was announced, and another one of the same shopper."""
    host, guest = (requested_return(order_of(shop, number=n)) for n in ("1001", "1002"))
    announce_parcel(
        host.pk, carrier="own_carrier", carrier_name="DHL", tracking_number="J1", by="shopper"
    )
    return host, guest


def at(rma, other=None):
    there = f"/api/v1/returns/{rma.number}/companions"
    return f"{there}/{other.number}" if other else there


def test_a_return_joins_once_is_read_and_leaves(shop, pair):
    host, guest = pair
    client = machine(shop)

    joined, again = (client.put(at(guest, host)) for _ in range(2))

    assert (joined.status_code, again.status_code) == (200, 200)
    assert joined.json() == again.json() == {"companions": [host.number]}
    assert client.get(at(host)).json() == {"companions": [guest.number]}
    assert Parcel.objects.filter(shop=shop).count() == 2

    left = client.delete(at(guest))
    assert left.json() == {"companions": []}
    assert code(client.delete(at(guest))) == (409, "not_together")


def test_what_cannot_travel_together_is_refused_with_the_why(shop, pair):
    host, _ = pair
    stranger = requested_return(order_of(shop, number="2001", email="other@example.org"))

    answer = machine(shop).put(at(stranger, host))

    assert code(answer) == (409, "not_together")
    assert '"person"' in json.dumps(answer.json())


def test_a_return_of_another_shop_is_not_there(shop, pair):
    host, guest = pair
    elsewhere = requested_return(order_of(small_shop("atelier"), number="77"))
    elsewhere.number = "R-2026-999999"

    assert machine(shop).put(at(guest, elsewhere)).status_code == 404
    assert machine(shop).put(at(elsewhere, host)).status_code == 404
