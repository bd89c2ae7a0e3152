"""A shopper's way through the portal, page by page, without JavaScript."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import EMAIL, POSTCODE, order_of, small_shop

from rebond.domain.returns.models import Return

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return order_of(small_shop())


def found(order, client=None, proof=EMAIL):
    client = client or Client()
    client.post(
        reverse("portal:start", args=[order.shop.slug]), {"number": order.number, "proof": proof}
    )
    return client


def choice(**more):
    return {"l1-chosen": "1", "l1-quantity": "1", "l1-reason": "changed_mind"} | more


def choose(client, order, **more):
    return client.post(
        reverse("portal:order", args=[order.shop.slug, order.number]), choice(**more)
    )


def send(client, preview_url):
    return client.post(preview_url.replace("/preview/", "/send/"))


def test_the_whole_way_from_number_to_status_page(order):
    client = found(order)
    page = client.get(reverse("portal:order", args=["galerie", "1001"]))
    assert page.status_code == 200

    preview = choose(client, order)
    assert preview.status_code == 302
    seen = client.get(preview.url)
    assert seen.status_code == 200
    sent = send(client, preview.url)
    assert sent.status_code == 302
    status = client.get(sent.url)

    rma = Return.objects.get()
    assert status.status_code == 200
    assert rma.number in status.content.decode()
    assert rma.request_state == "approved"
    assert [line.quantity for line in rma.lines.all()] == [1]
