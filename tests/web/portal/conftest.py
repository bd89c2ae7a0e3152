"""What the portal's tests begin with: an order in a shop, and a visitor who has found it."""

import io
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.world import BOWL, EMAIL, LAMP, MUG, order_of, small_shop

from rebond.domain.orders.models import Order


@pytest.fixture(autouse=True)
def fresh_counters():
    """Tries are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def mail_server(settings, tmp_path) -> None:
    """Letters leave, into a folder."""
    settings.SMTP_URL = f"file://{tmp_path}/outbox"


@pytest.fixture
def order(db) -> Order:
    """Three lamps, two mugs and a bowl sold as final sale."""
    return order_of(small_shop(), lines=(LAMP, MUG, BOWL))


@pytest.fixture
def find() -> Callable[..., Client]:
    """Open an order as somebody with its number and e-mail address."""

    def open_it(order: Order, proof: str = EMAIL, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        start = reverse("portal:start", args=[order.shop.slug])
        client.post(start, {"number": order.number, "proof": proof})
        return client

    return open_it


@pytest.fixture
def visitor(order, find) -> Client:
    """Somebody who has found the order."""
    return find(order)


@pytest.fixture
def jpeg() -> bytes:
    """A small picture with the place where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at 3 rue du Puits"
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()
