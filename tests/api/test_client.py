"""The client against a running server: the example of the guide, refusals, tries again."""

import runpy
from pathlib import Path

import pytest
from tests.api.clients import machine
from tests.world import small_shop

from rebond.client import Api, NoAnswer, Refused
from rebond.client.transport import TRIES
from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import Refund

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "whole_return.py"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(db):
    return small_shop()


def test_the_example_goes_the_whole_way_of_a_return(live_server, shop):
    key = machine(shop).text
    whole_way = runpy.run_path(str(EXAMPLE))["whole_way"]

    with Api(live_server.url, key) as api:
        rma = whole_way(api, "EX-1")

        assert rma["inspection_state"] == "compliant"
        assert [one["number"] for one in api.list_returns(order="EX-1")["items"]] == [rma["number"]]
    assert Refund.objects.get(shop=shop).amount_minor == 3000


def test_a_refusal_says_what_it_is(live_server, shop):
    with Api(live_server.url, machine(shop).text) as api, pytest.raises(Refused) as refused:
        api.read_return("R-none")

    assert (refused.value.status, refused.value.code) == (404, "not_found")


def test_many_orders_are_sent_as_lines(live_server, shop):
    with Api(live_server.url, machine(shop).text) as api:
        taken = api.import_orders('{"no": "order"}')

        assert api.read_order_import(taken["id"])["refused_rows"][0]["code"] == "invalid_body"
    assert not Order.objects.filter(shop=shop).exists()


def test_without_an_answer_it_is_tried_again_and_given_up(db):
    waits = []

    with Api("http://127.0.0.1:1", "rbk_x", wait=waits.append) as api, pytest.raises(NoAnswer):
        api.list_returns()

    assert len(waits) == TRIES - 1
