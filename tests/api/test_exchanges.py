"""Other goods instead of money, agreed on and ended by a machine."""

import pytest
from tests.api.clients import code, machine, post
from tests.world import findings, order_of, requested_return, run_jobs, small_shop

from rebond.domain.exchanges.models import Exchange
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.models import Order
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Return
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.insights.verification.promises import PROMISES

pytestmark = pytest.mark.django_db
CONSENT = {"channel": "phone", "given_by": "Camille Œuvrard"}


@pytest.fixture
def shop():
    shop = small_shop()
    lamp = {"family": "lamp", "price_minor": 4000}
    keep_products(
        shop,
        [
            NewProduct("LAMP-01", "Paper lamp", option="white", stock=3, **lamp),
            NewProduct("LAMP-02", "Paper lamp", option="red", stock=2, **lamp),
            NewProduct("VASE-01", "Vase", price_minor=5000, tax_rate="0.20", stock=5),
        ],
        by="staff:Ana",
    )
    return shop


@pytest.fixture
def rma(shop):
    return requested_return(order_of(shop), {"LAMP-01": 1})


def agree(client, rma, sku="LAMP-02", key="a1", **more):
    line = {"line": str(rma.lines.get().pk), "sku": sku, "quantity": 1} | more
    body = {"lines": [line], "consent": CONSENT}
    return post(client, f"returns/{rma.number}/exchanges", body, key=key)


def come_back(rma):
    receive_return(rma.pk, {line.pk: 1 for line in rma.lines.all()}, note="", by="staff:Ana")
    inspect_return(rma.pk, findings(rma), by="staff:Ana")


def test_another_colour_is_held_settled_and_becomes_an_order(shop, rma):
    client = machine(shop)

    made = agree(client, rma)
    again = agree(client, rma)
    told = made.json()

    assert (made.status_code, again.content) == (201, made.content)
    assert (told["state"], told["lines"][0]["unit_minor"]) == ("agreed", None)
    assert Product.objects.get(sku="LAMP-02").stock_held == 1
    come_back(rma)
    settled = post(client, f"exchanges/{told['id']}/settlements", key="s1")
    assert settled.json()["state"] == "settled"
    assert settled.json()["due_minor"] == 0
    run_jobs()
    (over,) = client.get(f"/api/v1/exchanges?return_number={rma.number}").json()["items"]
    assert over["state"] == "released"
    assert over["new_order"] == Order.objects.get(source="exchange").number
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_a_difference_is_noted_to_the_cent_or_refused(shop, rma):
    client = machine(shop)
    told = agree(client, rma, "VASE-01").json()
    assert told["lines"][0]["unit_minor"] == 5000
    come_back(rma)
    run_jobs()
    page = f"exchanges/{told['id']}"

    due = Exchange.objects.get().due_minor
    assert Exchange.objects.get().state == "unpaid" and due == 5000 - 3333
    wrong = post(client, f"{page}/differences", {"amount_minor": due - 1, "way": "card"}, key="d1")
    paid = post(client, f"{page}/differences", {"amount_minor": due, "way": "card"}, key="d2")
    run_jobs()

    assert code(wrong) == (422, "not_the_difference")
    assert paid.json()["due_way"] == "card"
    assert client.get("/api/v1/exchanges?state=released").json()["items"][0]["id"] == told["id"]
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_it_is_called_off_and_the_goods_are_free(shop, rma):
    client = machine(shop)
    told = agree(client, rma).json()

    ended = post(client, f"exchanges/{told['id']}/endings", key="e1").json()

    assert (ended["state"], ended["ended_why"]) == ("cancelled", "called_off")
    assert Product.objects.get(sku="LAMP-02").stock_held == 0
    assert code(post(client, f"exchanges/{told['id']}/endings", key="e2")) == (
        409,
        "exchange_moved",
    )


def test_what_cannot_be_had_is_refused_and_nothing_is_held(shop, rma):
    client = machine(shop)

    assert code(agree(client, rma, "NONE-01")) == (422, "unknown_product")
    assert code(agree(client, rma, key="a2", quantity=9))[0] in {409, 422}
    assert not Exchange.objects.exists()
    assert Return.objects.get(pk=rma.pk).lines.get().outcome == "refund"


def test_money_takes_the_scope_of_money(shop, rma):
    told = agree(machine(shop), rma).json()
    clerk = machine(shop, scopes=[Scope.RETURNS_READ, Scope.RETURNS_WRITE])

    assert code(post(clerk, f"exchanges/{told['id']}/settlements", key="s")) == (
        403,
        "scope_missing",
    )
