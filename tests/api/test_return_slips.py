"""Return slips for a packing system."""

import pytest
from tests.api.clients import code, machine, post
from tests.world import order_of, small_shop

from rebond.domain.shipping.models import ReturnSlip
from rebond.domain.shipping.slip_codes import printed

pytestmark = pytest.mark.django_db
ROUTE = "return-slips"


@pytest.fixture
def shop():
    shop = small_shop()
    order_of(shop)
    order_of(shop, number="1002")
    return shop


def test_codes_are_made_once_and_printed(shop):
    client = machine(shop)

    first = post(client, ROUTE, {"orders": ["1001", "1002"]})
    again = post(client, ROUTE, {"orders": ["1002"]})
    pdf = client.get(f"/api/v1/{ROUTE}/pdf?orders=1002,1001")

    slips = {one.order.number: one for one in ReturnSlip.objects.select_related("order")}
    assert (first.status_code, again.status_code) == (201, 201)
    assert [row["code"] for row in first.json()["items"]] == [
        printed(slips[number].code) for number in ("1001", "1002")
    ]
    assert again.json()["items"] == first.json()["items"][1:]
    assert first.json()["items"][0]["url"].endswith(f"/s/galerie/?code={slips['1001'].code}")
    assert pdf.content.startswith(b"%PDF-")


def test_an_unknown_order_is_refused_with_its_number(shop):
    answer = post(machine(shop), ROUTE, {"orders": ["1001", "4711"]})

    assert code(answer) == (422, "orders_unknown")
    assert not ReturnSlip.objects.exists()


@pytest.mark.parametrize("orders", ["1001", "4711", ","])
def test_what_has_no_slip_is_not_printed(shop, orders):
    assert machine(shop).get(f"/api/v1/{ROUTE}/pdf?orders={orders}").status_code == 404
