"""Webhooks at the desk: what is typed is checked, long lists cost no more than short ones."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import order_of, requested_return, small_shop

from rebond.domain.shops.access import Role
from rebond.kernel.clock import now
from rebond.outbound.webhooks.actions import add_endpoint
from rebond.outbound.webhooks.models import Delivery, Endpoint
from rebond.outbound.webhooks.queries import event_names

PAGE = "/desk/galerie/money/webhooks/"


@pytest.fixture
def ana(shop, at_desk):
    return at_desk(shop, Role.OWNER)


def listening(shop, number=1):
    url = f"https://client.example/{number}"
    return add_endpoint(shop, url, ["return.requested"], known=event_names(), by="test")


@pytest.mark.parametrize(
    "typed", [{"url": "http://client.example"}, {"url": "https://a.example", "types": "x.y"}]
)
def test_what_cannot_be_is_refused_and_stays_typed(ana, typed):
    answer = ana.post(PAGE, typed)

    assert answer.status_code == 422
    assert typed["url"].encode() in answer.content
    assert not Endpoint.objects.exists()


def test_a_secret_is_shown_once(ana):
    first = ana.post(PAGE, {"url": "https://client.example/"})

    assert b"whsec_" in first.content
    assert b"whsec_" not in ana.get(PAGE).content


def test_days_that_were_missed_are_sent_again(shop, ana):
    requested_return(order_of(shop), {"LAMP-01": 1})
    endpoint = listening(shop)
    today = now().date()
    days = {"since": str(today - timedelta(days=1)), "until": str(today + timedelta(days=1))}

    ana.post(f"{PAGE}{endpoint.pk}/replay/", days)
    ana.post(f"{PAGE}{endpoint.pk}/replay/", {"since": "x", "until": "2026-13-45"})

    assert [one.name for one in Delivery.objects.filter(shop=shop)] == ["return.requested"]


def test_a_new_secret_is_shown_and_the_endpoint_turned_off(shop, ana):
    endpoint = listening(shop)

    shown = ana.post(f"{PAGE}{endpoint.pk}/secret/")
    ana.post(f"{PAGE}{endpoint.pk}/change/", {"turn": "off"})

    assert b"whsec_" in shown.content
    endpoint.refresh_from_db()
    assert (endpoint.generation, endpoint.is_active) == (2, False)


def test_long_lists_ask_no_more_than_short_ones(shop, ana):
    endpoint = listening(shop)

    def queries(page):
        with CaptureQueriesContext(connection) as seen:
            assert ana.get(page).status_code == 200
        return len(seen)

    for number in range(3):
        requested_return(order_of(shop, number=f"7{number:02}"), {"LAMP-01": 1})
    few = queries(PAGE), queries(f"{PAGE}{endpoint.pk}/")
    for number in range(2, 20):
        listening(shop, number)
    first = Delivery.objects.filter(endpoint=endpoint).first()
    Delivery.objects.bulk_create(
        Delivery(
            shop=shop,
            endpoint=endpoint,
            event_id=first.pk.__class__(int=number),
            subject=first.subject,
            sequence=number,
            name="return.requested",
            body="{}",
            next_at=now(),
            made_at=now(),
        )
        for number in range(1000, 1057)
    )

    assert (queries(PAGE), queries(f"{PAGE}{endpoint.pk}/")) == few


def test_another_shop_sees_none_of_it(shop, at_desk):
    endpoint = listening(shop)
    stranger = at_desk(small_shop("atelier"), Role.OWNER)

    assert stranger.get(f"/desk/atelier/money/webhooks/{endpoint.pk}/").status_code == 404
