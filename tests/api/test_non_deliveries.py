"""Goods that never arrived, over the API."""

from uuid import uuid4

import pytest
from tests.api.clients import code, machine, post
from tests.world import order_of, small_shop

from rebond.domain.machines.scopes import Scope
from rebond.kernel.clock import today

pytestmark = pytest.mark.django_db


HERE = "non-deliveries"


def send(client, page, body):
    return post(client, page, body, key=uuid4().hex)


@pytest.fixture
def order():
    return order_of(small_shop())


def told(order, quantity=2):
    lamp = order.lines.get(sku="LAMP-01")
    return {
        "order": "1001",
        "lines": [{"order_line": str(lamp.pk), "quantity": quantity}],
        "tracking_said": "delivered",
        "text": "Nothing there",
        "language": "en",
    }


def test_a_report_is_made_answered_and_paid(order):
    client = machine(order.shop)
    made = send(client, HERE, told(order)).json()
    page = f"{HERE}/{made['id']}"
    day = today("Europe/Paris").isoformat()

    announced = send(client, f"{page}/announcements", {"announced_on": day}).json()
    sent = send(client, f"{page}/replacements", {"tracking_number": "6A1"}).json()
    one = [told(order, 1)["lines"][0]]
    arrived = send(client, f"{page}/arrivals", {"lines": one}).json()
    ended = send(client, f"{page}/termination", {"ground": "shop_cannot"}).json()
    paid = send(client, f"{page}/refunds", {"shown_minor": 3333}).json()

    assert (made["state"], made["order"], made["lines"][0]["open"]) == ("open", "1001", 2)
    assert announced["announced_on"] == day
    assert sent["answers"][-1]["tracking_number"] == "6A1"
    assert arrived["lines"][0]["arrived"] == 1
    assert ended["refund_by"] is not None
    assert (paid["state"], paid["lines"][0]["refunded"]) == ("closed", 1)
    refund = client.get(f"/api/v1/refunds/{paid['answers'][-1]['refund']}").json()
    assert (refund["origin"], refund["total_minor"]) == ("missing", 3333)
    listed = client.get(f"/api/v1/{HERE}?state=closed").json()
    assert [row["id"] for row in listed["items"]] == [made["id"]]
    assert client.get(f"/api/v1/{page}").json() == paid


def test_the_same_pieces_and_another_sum_are_refused(order):
    client = machine(order.shop)
    made = send(client, HERE, told(order)).json()

    assert code(send(client, HERE, told(order))) == (409, "pieces_not_missing")
    answer = send(client, f"{HERE}/{made['id']}/refunds", {"shown_minor": 1})
    assert code(answer) == (409, "sum_has_changed")
    assert answer.json()["facts"]["total_minor"] == 6667


def test_an_unknown_order_and_a_strange_body_are_refused(order):
    client = machine(order.shop)

    assert send(client, HERE, told(order) | {"order": "404"}).status_code == 404
    assert send(client, HERE, told(order) | {"tracking_said": "eaten"}).status_code == 422
    assert send(client, HERE, told(order) | {"lines": []}).status_code == 422


def test_money_takes_the_scope_of_money(order):
    made = send(machine(order.shop), HERE, told(order)).json()
    writer = machine(order.shop, scopes=[Scope.RETURNS_READ, Scope.RETURNS_WRITE])

    answer = send(writer, f"{HERE}/{made['id']}/refunds", {})

    assert code(answer) == (403, "scope_missing")
