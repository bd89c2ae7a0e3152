"""Orders over the API: one by one, many at once, read again."""

import json

import pytest
from tests.api.clients import code, machine, post
from tests.world import order_of, small_shop

from rebond.domain.orders.models import Order, OrderBatchRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return small_shop()


def sale(number="W-1", **more):
    return {
        "number": number,
        "ordered_at": "2026-11-01T10:00:00+01:00",
        "currency": "EUR",
        "shopper": {"email": "camille@client.example", "name": "Camille", "country": "FR"},
        "lines": [
            {
                "sku": "LAMP-01",
                "title": "Paper lamp",
                "quantity": 2,
                "total_minor": 5000,
                "serials": ["SN-1"],
            }
        ],
        "charges": [{"title": "Shipping", "amount_minor": 490}],
        "payments": [{"provider": "paper", "reference": "p1", "captured_minor": 5490}],
        "delivered_on": "2026-11-04",
    } | more


def test_an_order_is_entered_once_and_read_again(shop):
    client = machine(shop)

    first, second = (post(client, "orders", sale(), key="k1") for _ in range(2))
    again = post(client, "orders", sale(), key="k2")

    assert first.status_code == 201, first.content
    assert first.content == second.content
    assert code(again) == (409, "order_exists")
    told = client.get("/api/v1/orders/w-1").json()
    assert told == first.json()
    assert told["lines"][0]["serials"] == ["SN-1"]
    assert (told["total_minor"], told["lines"][0]["returned_quantity"]) == (5490, 0)
    assert told["payments"][0]["left_minor"] == 5490


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "euro"},
        {"lines": []},
        {
            "lines": [
                {"sku": "A", "title": "A", "quantity": 1, "total_minor": 1, "serials": ["X", "Y"]}
            ]
        },
        {"ordered_at": "2026-11-01T10:00:00"},
        {"payments": [{"provider": "nobody", "captured_minor": 5490}]},
        {"lines": [{"sku": "A\0", "title": "A", "quantity": 1, "total_minor": 1}]},
        {"number": "../1"},
    ],
)
def test_what_is_no_order_is_refused(shop, wrong):
    assert code(post(machine(shop), "orders", sale(**wrong), key="k1")) == (422, "invalid_body")


def test_payments_that_are_not_the_sum_are_refused(shop):
    wrong = [{"provider": "paper", "captured_minor": 1}]

    answer = post(machine(shop), "orders", sale(payments=wrong), key="k1")

    assert code(answer) == (422, "order_does_not_add_up")


def test_orders_are_listed_with_the_fields_asked_for(shop):
    order_of(shop, number="1001")
    client = machine(shop)

    page = client.get("/api/v1/orders", {"fields": "number,total_minor"}).json()

    assert page["items"] == [{"number": "1001", "total_minor": 13080}]


def send(client, rows, key="k1"):
    body = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    return client.post(
        "/api/v1/order-imports",
        body,
        content_type="application/x-ndjson",
        headers={"idempotency-key": key},
    )


def test_many_orders_are_entered_in_the_background(shop, run_jobs):
    client = machine(shop)
    rows = [sale(f"W-{number}") for number in range(120)]
    rows[7] = "{no json"
    rows[8] = sale("W-8", currency="€")
    rows[9] = sale("W-0")

    taken = send(client, rows)
    waiting = client.get(f"/api/v1/order-imports/{taken.json()['id']}").json()
    run_jobs()
    done = client.get(f"/api/v1/order-imports/{taken.json()['id']}").json()

    assert (taken.status_code, waiting["state"], waiting["refused"]) == (202, "running", 2)
    assert (done["state"], done["total"], done["entered"]) == ("finished", 120, 117)
    assert [(row["row"], row["code"]) for row in done["refused_rows"]] == [
        (8, "not_json"),
        (9, "invalid_body"),
        (10, "order_exists"),
    ]
    assert Order.objects.filter(shop=shop).count() == 117
    assert OrderBatchRow.objects.filter(shop=shop).count() == 3


def test_the_same_import_is_taken_once(shop, run_jobs):
    client = machine(shop)

    first, second = send(client, [sale()]), send(client, [sale()])
    run_jobs()

    assert first.content == second.content
    assert Order.objects.filter(shop=shop).count() == 1
