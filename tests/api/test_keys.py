"""What a key is good for beside its scopes: from where, how often."""

import pytest
from tests.api.clients import machine
from tests.world import small_shop

from rebond.domain.machines.actions import make_key
from rebond.domain.machines.errors import NetworkUnreadable

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return small_shop()


def test_a_key_is_good_from_its_own_addresses_only(shop):
    client = machine(shop, networks=["192.0.2.0/24"])

    inside = client.get("/api/v1/policies", REMOTE_ADDR="192.0.2.7")
    outside = client.get("/api/v1/policies", REMOTE_ADDR="203.0.113.9")
    lied = client.get(
        "/api/v1/policies", REMOTE_ADDR="203.0.113.9", headers={"x-forwarded-for": "192.0.2.7"}
    )

    assert [answer.status_code for answer in (inside, outside, lied)] == [200, 401, 401]


def test_what_is_no_address_is_refused(shop):
    with pytest.raises(NetworkUnreadable):
        make_key(shop, title="till", scopes=[], networks=["here"], by="staff:Ana")


def test_a_key_hears_what_is_left_of_its_minute_and_has_to_wait(shop):
    client = machine(shop, per_minute=2)

    first, _, third = (client.get("/api/v1/policies") for _ in range(3))

    assert first.headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert first.headers["RateLimit"].startswith('"minute";r=1;t=')
    assert (third.status_code, third.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(third.headers["Retry-After"]) <= 60
