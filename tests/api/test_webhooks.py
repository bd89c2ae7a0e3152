"""Webhooks over the API: made, shown once, looked at, sent again."""

import pytest
from tests.api.clients import code, machine, post
from tests.world import order_of, requested_return, small_shop

from rebond.domain.machines.models import GivenAnswer
from rebond.outbound.webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db
URL = "https://client.example/hook"


@pytest.fixture
def shop(db):
    return small_shop()


def test_a_secret_is_shown_once_and_kept_in_no_answer(shop):
    client = machine(shop)
    body = {"url": URL, "types": ["return.requested"]}

    first = post(client, "webhook-endpoints", body, key="k1").json()
    again = post(client, "webhook-endpoints", body, key="k1").json()
    rotated = post(client, f"webhook-endpoints/{first['id']}/secrets", key="k2").json()

    assert first["secret"].startswith("whsec_")
    assert (again["id"], again["secret"]) == (first["id"], "")
    assert rotated["secret"] not in {"", first["secret"]}
    kept = " ".join(GivenAnswer.objects.values_list("body", flat=True))
    assert "whsec_" not in kept
    assert "secret" not in client.get("/api/v1/webhook-endpoints").json()[0]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"url": "http://client.example/"}, "address_refused"),
        ({"url": "https://169.254.169.254/"}, "address_refused"),
        ({"url": URL, "types": ["return.nonsense"]}, "unknown_event"),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused(shop, body, expected):
    assert code(post(machine(shop), "webhook-endpoints", body, key="k1")) == (422, expected)
    assert not Endpoint.objects.filter(shop=shop).exists()


def test_a_delivery_is_read_with_its_body_and_sent_again(shop):
    client = machine(shop)
    made = post(client, "webhook-endpoints", {"url": URL}, key="k1").json()
    requested_return(order_of(shop), {"LAMP-01": 1})

    page = f"/api/v1/webhook-endpoints/{made['id']}/deliveries"
    listed = client.get(page, {"limit": 200}).json()["items"]
    wanted = next(one for one in listed if one["type"] == "return.requested")
    Delivery.objects.filter(pk=wanted["id"]).update(state="dead", attempts=10)
    again = post(client, f"webhook-deliveries/{wanted['id']}/replays", key="k2").json()

    assert again["body"].startswith('{"actor":')
    assert (again["state"], again["attempts"]) == ("waiting", 0)
    assert client.get(page, {"state": "dead"}).json()["items"] == []


def test_an_endpoint_is_turned_off_and_nothing_is_queued(shop):
    client = machine(shop)
    made = post(client, "webhook-endpoints", {"url": URL}, key="k1").json()
    off = client.put(
        f"/api/v1/webhook-endpoints/{made['id']}",
        {"url": URL, "types": [], "is_active": False},
        content_type="application/json",
    ).json()
    before = Delivery.objects.filter(shop=shop).count()

    requested_return(order_of(shop), {"LAMP-01": 1})

    assert (off["is_active"], off["why_off"]) == (False, "by_hand")
    assert Delivery.objects.filter(shop=shop).count() == before
