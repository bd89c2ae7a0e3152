"""Returns of several orders in one call: all of them, or none."""

import pytest
from tests.api.clients import code, machine, post
from tests.domain.shipping.test_methods import labelled, policy
from tests.world import order_of, small_shop

from rebond.domain.returns.models import Return
from rebond.domain.shipping.methods import chosen_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return labelled(small_shop(policy=policy("prepaid_label", "own_carrier", label_fee_minor=490)))


def lamps_of(*orders, pieces=1, **more):
    return {
        "orders": [
            {
                "order": order.number,
                "lines": [
                    {
                        "order_line": str(order.lines.get(sku="LAMP-01").pk),
                        "quantity": pieces,
                        "reason": "changed_mind",
                    }
                ],
            }
            for order in orders
        ],
        **more,
    }


def test_all_are_filed_with_one_way_and_one_fee(shop):
    orders = [order_of(shop, number=number) for number in ("1003", "1001", "1002")]
    body = lamps_of(*orders, method="prepaid_label")
    client = machine(shop)

    answer = post(client, "return-baskets", body, key="k1")
    again = post(client, "return-baskets", body, key="k1")

    made = answer.json()["returns"]
    assert (answer.status_code, again.content) == (201, answer.content)
    assert [one["order"] for one in made] == ["1003", "1001", "1002"]
    assert {one["origin"] for one in made} == {"machine"}
    rows = Return.objects.filter(shop=shop)
    assert rows.count() == 3 and len(set(rows.values_list("basket", flat=True))) == 1
    assert sorted(chosen_of(one).fee_minor for one in rows) == [0, 0, 490]


def test_one_that_cannot_be_is_named_and_leaves_nothing(shop):
    orders = [order_of(shop, number=number) for number in ("1001", "1002")]
    body = lamps_of(*orders)
    body["orders"][1]["lines"][0]["quantity"] = 9
    answer = post(machine(shop), "return-baskets", body, key="k1")

    assert code(answer) == (409, "basket_refused")
    assert answer.json()["facts"] == {
        "order": "1002",
        "limit": 10,
        "why": "quantity_exceeds_bought",
    }
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda body: body["orders"].append(body["orders"][0]), (409, "basket_refused")),
        (lambda body: body["orders"][0].update(order="nope"), (404, "not_found")),
        (lambda body: body.update(orders=[]), (422, "invalid_body")),
        (lambda body: body.update(orders=body["orders"] * 11), (422, "invalid_body")),
        (lambda body: body.update(method="pigeon"), (422, "invalid_body")),
    ],
)
def test_what_is_no_basket_is_refused(shop, change, refusal):
    body = lamps_of(order_of(shop, number="1001"))
    change(body)

    assert code(post(machine(shop), "return-baskets", body, key="k1")) == refusal
    assert not Return.objects.exists()


def test_another_shops_order_is_none(shop):
    other = order_of(small_shop("autre"), number="9001")

    assert code(post(machine(shop), "return-baskets", lamps_of(other), key="k1"))[0] == 404


def test_orders_of_two_customers_are_refused_for_nobody_may_read_of_the_other(shop):
    orders = [
        order_of(shop, number=number, email=email)
        for number, email in (("1001", "a@client.example"), ("1002", "b@client.example"))
    ]
    answer = post(machine(shop), "return-baskets", lamps_of(*orders), key="k1")

    assert code(answer) == (409, "basket_refused")
    assert answer.json()["facts"]["why"] == "person"
    assert not Return.objects.exists()
