"""At the counter and on the phone: a sale without its number, goods that are here already."""

from datetime import timedelta

import pytest
from tests.api.clients import code, machine, post
from tests.world import NAME, findings, order_of, small_shop

from rebond.domain.ledger.models import Account
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.models import Order, Payment
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.clock import now, today
from rebond.outbound.notifications.models import Message

HERE = "/desk/galerie/sales/"
CREDIT = {"id": "c", "kind": "outcomes", "offered": ["refund", "store_credit"]}


@pytest.fixture
def ana(shop, at_desk):
    return at_desk(shop)


@pytest.fixture
def sold(shop):
    order_of(shop, number="2002", email="jo@client.example", name="Jo Durand")
    order = order_of(shop)
    Payment.objects.filter(order=order).update(last_four="4242")
    return order


def found(client, **asked):
    page = client.get(HERE, asked).content.decode()
    return {number for number in ("1001", "2002") if f"/orders/{number}/" in page}


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"article": "paper la"}, {"1001", "2002"}),
        ({"article": "lamp-0"}, {"1001", "2002"}),
        ({"article": "vase"}, set()),
        ({"name": "œuvrard"}, {"1001"}),
        ({"name": "durand jo"}, {"2002"}),
        ({"postcode": "75 005", "name": "jo"}, {"2002"}),
        ({"last_four": "4242"}, {"1001"}),
        ({"article": "lamp", "last_four": "4243"}, set()),
    ],
)
def test_a_sale_is_found_by_what_is_known_of_it(ana, sold, asked, numbers):
    assert found(ana, **asked) == numbers


def test_days_narrow_what_is_found(ana, sold):
    day = today("Europe/Paris") - timedelta(days=8)

    assert found(ana, article="lamp", since=day.isoformat(), until=day.isoformat())
    assert not found(ana, article="lamp", until=(day - timedelta(days=1)).isoformat())


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-01-01"},
        {"last_four": "42x2"},
        {"article": "lamp", "since": "2026-02-02", "until": "2026-01-01"},
        {"article": "lamp", "since": "soon"},
    ],
)
def test_what_says_too_little_is_asked_again(ana, sold, asked):
    answer = ana.get(HERE, asked)

    assert answer.status_code == 422
    assert b"field-error" in answer.content


def test_another_shops_sales_are_not_found(ana, sold):
    order_of(small_shop("atelier"), number="3003")

    assert b"3003" not in ana.get(HERE, {"article": "lamp"}).content


def test_finding_asks_as_much_for_sixty_orders_as_for_three(
    shop, ana, django_assert_max_num_queries
):
    for number in range(30):
        order_of(shop, number=str(5000 + number))

    with django_assert_max_num_queries(20):
        ana.get(HERE, {"article": "lamp"})


def wish(order, where, outcome="refund", **more):
    lamp = order.lines.get(sku="LAMP-01")
    return {
        f"line-{lamp.pk}-quantity": "1",
        f"line-{lamp.pk}-reason": "changed_mind",
        "where": where,
        "outcome": outcome,
        "token": "t1",
        **more,
    }


def test_goods_on_the_counter_are_received_at_once_and_refunded_after_the_look(
    shop, order, ana, run_jobs
):
    answer = ana.post("/desk/galerie/orders/1001/return/", wish(order, "counter"))
    rma = Return.objects.get()
    inspect_return(rma.pk, findings(rma), by="staff:Ana Lopes")
    run_jobs()

    assert answer.headers["Location"] == f"/desk/galerie/returns/{rma.number}/inspection/"
    assert (rma.origin, rma.request_state) == ("counter", "approved")
    assert rma.lines.get().received_quantity == 1
    assert Settlement.objects.get(rma=rma).gross_minor == 3333
    subjects = " ".join(Message.objects.values_list("subject", flat=True))
    assert "acceptée" not in subjects and "accepté" not in subjects


def test_store_credit_chosen_at_the_counter_says_so(shop, order, ana, run_jobs):
    publish_policy(shop, {"rules": [CREDIT, *GENEROUS["rules"]]}, note="", by="test")
    Order.objects.update(ordered_at=now())
    ana.post("/desk/galerie/orders/1001/return/", wish(order, "counter", "store_credit"))
    rma = Return.objects.get()

    inspect_return(rma.pk, findings(rma), by="staff:Ana Lopes")
    run_jobs()

    yes = Settlement.objects.get(rma=rma).consents.get()
    assert yes.channel == "counter"
    assert Account.objects.get(shop=shop, kind="store_credit").balance_minor == 3333


def test_what_the_policy_declines_is_not_received(shop, at_desk, ana):
    late = order_of(shop, number="1003", days_since_delivery=200)

    ana.post("/desk/galerie/orders/1003/return/", wish(late, "counter"))

    rma = Return.objects.get()
    assert (rma.request_state, rma.inspection_state) == ("declined", "awaiting")


def test_who_may_not_receive_takes_nothing_at_the_counter(shop, order, at_desk):
    tom = at_desk(shop, Role.AGENT, name="Tom Weber")
    from rebond.domain.shops.models import OwnRole, Staff  # noqa: PLC0415

    own = OwnRole.objects.create(
        shop=shop, title="Phone", based_on=Role.AGENT, rights=["see", "decide"]
    )
    Staff.objects.filter(shop=shop, user__name="Tom Weber").update(own_role=own)

    page = tom.get("/desk/galerie/orders/1001/return/").content.decode()
    answer = tom.post("/desk/galerie/orders/1001/return/", wish(order, "counter"))

    assert 'value="counter"' not in page
    assert answer.status_code == 422
    assert not Return.objects.exists()


def test_a_till_takes_goods_over_the_api(shop, order):
    lamp = order.lines.get(sku="LAMP-01")
    line = {"order_line": str(lamp.pk), "quantity": 1, "reason": "changed_mind"}
    told = {"order": "1001", "lines": [line], "at_counter": True}

    made = post(machine(shop), "returns", told, key="k1")
    narrow = machine(shop, scopes=[Scope.RETURNS_WRITE])

    assert made.json()["inspection_state"] == "received"
    assert code(post(narrow, "returns", told, key="k2")) == (403, "scope_missing")


def test_orders_are_found_over_the_api_as_at_the_desk(shop, sold):
    def numbers(**asked):
        answer = machine(shop).get("/api/v1/orders", asked)
        return [one["number"] for one in answer.json()["items"]]

    assert numbers(name=NAME) == ["1001"]
    assert numbers(last_four="4242", postcode="75005") == ["1001"]
    assert numbers(article="nothing") == []
