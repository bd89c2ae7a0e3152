"""Questions without a return, from a contact form of the shop's own."""

from uuid import uuid4

import pytest
from tests.api.clients import code, machine, post
from tests.world import order_of, requested_return, small_shop

pytestmark = pytest.mark.django_db


TOLD = {"email": "zoe@client.example", "text": "Where to?", "order": "1001", "language": "en"}


def send(client, page, body):
    return post(client, page, body, key=uuid4().hex)


@pytest.fixture
def shop():
    shop = small_shop()
    order_of(shop)
    return shop


def test_a_question_is_handed_over_answered_and_turned(shop):
    client = machine(shop)
    made = send(client, "enquiries", TOLD).json()
    page = f"enquiries/{made['id']}"

    answered = send(client, f"{page}/answer", {"text": "To Lyon"}).json()
    rma = requested_return(order_of(shop, number="1002"))
    turned = send(client, f"{page}/return", {"number": rma.number}).json()
    listed = client.get("/api/v1/enquiries?state=turned").json()

    assert (made["state"], made["order"]) == ("open", "1001")
    assert [one["side"] for one in answered["messages"]] == ["shopper", "shop"]
    assert turned["return_number"] == rma.number
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    assert code(send(client, f"{page}/answer", {"text": "More"})) == (409, "enquiry_over")


def test_an_address_that_is_none_is_refused(shop):
    answer = send(machine(shop), "enquiries", {"email": "zoe", "text": "Hello"})

    assert code(answer) == (422, "sender_unreadable")
