"""A NUL is no text: neither in an address nor in a form, on either database."""

from base64 import urlsafe_b64encode

import pytest
from tests.world import EMAIL, order_of, small_shop, staff_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/s/galerie/order/1001%00/",
        "/s/galerie/r/%00/",
        "/desk/galerie/returns/R%00/",
        "/desk/galerie/documents/%00/",
    ],
)
def test_an_address_with_a_nul_is_refused(client, path):
    client.force_login(staff_of(small_shop()).user)

    assert client.get(path).status_code == 400


def test_a_form_with_a_nul_is_refused_whatever_the_field(client):
    order = order_of(small_shop())
    client.post("/s/galerie/", {"number": order.number, "proof": EMAIL})

    answer = client.post("/s/galerie/order/1001/", {"comment": "a\0b"})

    assert answer.status_code == 400


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_cursor_from_the_end_of_time_gives_the_first_page(client, year):
    client.force_login(staff_of(small_shop()).user)
    cursor = urlsafe_b64encode(f"o|{year}|01a2002c-3a18-7bab-a319-9f36e6b68ce8".encode()).decode()

    assert client.get("/desk/galerie/returns/", {"at": cursor}).status_code == 200
