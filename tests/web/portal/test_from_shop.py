"""In from the shop's own pages: one order, for a short while, in one shop."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.api.clients import code, machine, post
from tests.web.portal.steps import page_of
from tests.world import order_of, requested_return, small_shop

from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.links import Purpose, portal_token
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db


def link(order, **more):
    answer = post(machine(order.shop), "portal-links", {"order": order.number, **more})
    assert answer.status_code == 201, answer.content
    return answer.json()


def inside(url):
    return url[url.index("/s/") :]


def test_a_customer_comes_in_without_typing_anything(order, client):
    told = link(order)

    answer = client.get(inside(told["url"]))

    assert answer.url == page_of(order)
    assert client.get(answer.url).status_code == 200


def test_a_link_for_a_return_shows_the_newest_one(order, client):
    requested_return(order, {"LAMP-01": 1})
    newest = requested_return(order, {"MUG-07": 1})

    answer = client.get(inside(link(order, purpose="return")["url"]))

    assert answer.url.endswith(f"/r/{newest.number}/")
    assert client.get(answer.url).status_code == 200


def test_without_a_return_it_leads_to_the_order(order, client):
    assert client.get(inside(link(order, purpose="return")["url"])).url == page_of(order)


def test_names_and_addresses_stay_masked(order, client):
    rma = requested_return(order, {"LAMP-01": 1})
    client.get(inside(link(order, purpose="return")["url"]))

    page = client.get(f"/s/galerie/r/{rma.number}/").content.decode()

    assert "rue du Puits" not in page


def test_a_link_that_is_over_says_so_kindly(order, client):
    told = link(order, minutes=5)

    with time_machine.travel(now() + timedelta(minutes=6)):
        answer = client.get(inside(told["url"]), headers={"accept-language": "en"})

    assert answer.status_code == 410
    assert "This link has expired" in answer.content.decode()
    assert client.get(page_of(order)).status_code == 404


def test_it_opens_its_own_order_in_its_own_shop_and_nothing_else(order, client):
    other = order_of(order.shop, number="1002")
    small_shop("atelier")
    told = inside(link(order)["url"])

    assert client.get(told.replace("/galerie/", "/atelier/")).status_code == 404
    client.get(told)
    assert client.get(page_of(other)).status_code == 404


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "return" + t[5:], lambda t: "x"])
def test_a_link_that_was_changed_opens_nothing(order, client, spoil):
    token = portal_token(order, Purpose.ORDER, until=now() + timedelta(minutes=5))

    assert client.get(f"/s/galerie/in/{spoil(token)}/").status_code == 404
    assert client.get(page_of(order)).status_code == 404


def test_only_a_key_that_may_write_returns_makes_one(order):
    reader = machine(order.shop, scopes=[Scope.RETURNS_READ])

    assert code(post(reader, "portal-links", {"order": order.number})) == (403, "scope_missing")
    assert post(machine(order.shop), "portal-links", {"order": "none"}).status_code == 404
    assert (
        post(machine(order.shop), "portal-links", {"order": "1001", "minutes": 0}).status_code
        == 422
    )


def test_a_look_ahead_of_a_mail_program_opens_nothing(order):
    looker = Client()

    looker.head(inside(link(order)["url"]))

    assert looker.get(page_of(order)).status_code == 404
