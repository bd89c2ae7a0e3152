"""A desk for the tests: a shop with people, and a browser for each of them."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from tests.world import order_of, small_shop, staff_of

from rebond.domain.orders.models import Order
from rebond.domain.shops.access import Role
from rebond.domain.shops.models import Shop
from rebond.domain.sign_in.sessions import begin_session
from rebond.web.backoffice.sessions import KEY


@pytest.fixture(autouse=True)
def _forget_guesses():
    cache.clear()


@pytest.fixture
def shop(db) -> Shop:
    return small_shop()


@pytest.fixture
def order(shop) -> Order:
    return order_of(shop)


@pytest.fixture
def at_desk(db) -> Callable[..., Client]:
    """Somebody of a shop, logged in, reading English."""

    def enter(shop: Shop, role: Role = Role.OWNER, *, name: str = "Ana Lopes") -> Client:
        client = Client(headers={"accept-language": "en"})
        user = staff_of(shop, role, name=name).user
        client.force_login(user)
        begun = begin_session(user, device="Test", address="127.0.0.1", with_factor=False)
        session = client.session
        session[KEY] = str(begun.pk)
        session.save()
        return client

    return enter
