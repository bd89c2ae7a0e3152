"""Refunds straight from an order, what waits for somebody, limits: at the desk."""

import re

import pytest
from tests.world import order_of, requested_return, small_shop, staff_of

from rebond.domain.machines.errors import KeyRefused
from rebond.domain.machines.models import ApiKey
from rebond.domain.machines.queries import key_behind
from rebond.domain.refunds import actions
from rebond.domain.refunds.limits import LimitKind
from rebond.domain.refunds.models import (
    Approval,
    Consent,
    LimitChange,
    MoneyLimit,
    MoneyTask,
    Refund,
    Settlement,
)
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shops.access import Role
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db


def page(order, more=""):
    return f"/desk/{order.shop.slug}/orders/{order.number}/refund/{more}"


def typed(order, **more):
    lamp = order.lines.get(sku="LAMP-01").pk
    values = {f"line-{lamp}-quantity": "1", "reason": "late", "tells_shopper": "on"}
    return values | {"way": "original", "token": "t1"} | more


def shown(answer):
    return re.search(r'name="shown_minor" value="(\d+)"', answer.content.decode()).group(1)


def test_the_sum_and_its_reasons_are_shown_before_anything_is_sent(order, at_desk):
    client = at_desk(order.shop, Role.AGENT)

    answer = client.post(page(order, "preview/"), typed(order))
    body = answer.content.decode()

    assert shown(answer) == "3333"
    assert "You paid €33.33 for 1 of 3 pieces." in body
    assert not Settlement.objects.filter(order=order).exists()


def test_the_shown_amount_is_sent_once_however_often_it_is_clicked(order, at_desk):
    client = at_desk(order.shop, Role.AGENT)
    looked = client.post(page(order), typed(order, step="look"))
    send = typed(order, step="send", shown_minor=shown(looked))

    first = client.post(page(order), send)
    client.post(page(order), send)

    assert first.status_code == 302
    assert Refund.objects.get(settlement__order=order).amount_minor == 3333


def test_an_amount_that_changed_meanwhile_is_shown_again(order, at_desk):
    client = at_desk(order.shop, Role.AGENT)

    answer = client.post(page(order), typed(order, step="send", shown_minor="3334"))

    assert answer.status_code == 200
    assert shown(answer) == "3333"
    assert not Settlement.objects.filter(order=order).exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": ""}, 422),
        ({"way": "store_credit"}, 422),
        ({"way": "swag"}, 422),
        ({"amount": "12.345"}, 422),
        ({"amount": "-1"}, 422),
        ({"amount": "999"}, 409),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(order, at_desk, change, status):
    client = at_desk(order.shop, Role.AGENT)

    answer = client.post(page(order), typed(order, step="look", **change))

    assert answer.status_code == status
    assert not Settlement.objects.filter(order=order).exists()


def test_store_credit_needs_the_customers_yes_and_keeps_it(order, at_desk, run_jobs):
    client = at_desk(order.shop, Role.AGENT)
    way = {"way": "store_credit", "yes": "on", "channel": "phone"}
    looked = client.post(page(order), typed(order, step="look", **way))

    client.post(page(order), typed(order, step="send", shown_minor=shown(looked), **way))
    run_jobs()

    refund = Refund.objects.get(settlement__order=order)
    assert (refund.provider, refund.state) == ("store_credit", "succeeded")
    assert Consent.objects.get(settlement=refund.settlement).money_minor == 3333


def test_the_customer_is_told_only_if_somebody_wants_that(order, at_desk, run_jobs):
    client = at_desk(order.shop, Role.AGENT)
    way = {"way": "gift_card", "yes": "on", "channel": "counter"}
    values = typed(order, **way)
    del values["tells_shopper"]
    looked = client.post(page(order), values | {"step": "look"})

    client.post(page(order), values | {"step": "send", "shown_minor": shown(looked)})
    run_jobs()

    assert Refund.objects.get(settlement__order=order).state == "succeeded"
    assert not Message.objects.filter(shop=order.shop, kind="refunded").exists()


def test_who_may_not_refund_sees_neither_button_nor_page(order, at_desk):
    client = at_desk(order.shop, Role.ACCOUNTANT)

    seen = client.get(f"/desk/{order.shop.slug}/orders/{order.number}/").content.decode()

    assert "/refund/" not in seen
    assert client.get(page(order)).status_code == 403


@pytest.fixture
def waiting(shop):
    """A refund above an agent's limit."""
    owner = staff_of(shop, name="Olga Owner")
    actions.change_limit(
        shop,
        role=Role.AGENT,
        kind=LimitKind.REFUND,
        currency="EUR",
        amount_minor=1000,
        staff=owner,
        by="staff:Olga",
    )
    order = order_of(shop, number="3001")
    pieces = (WantedPieces(order.lines.get(sku="LAMP-01").pk, 1),)
    agent = staff_of(shop, Role.AGENT, name="Bea Agent")
    wish = OrderRefund(pieces, reason="late")
    return actions.refund_order(order.pk, wish, by="staff:Bea", who=agent)


def test_a_manager_approves_in_the_list_of_what_waits(waiting, at_desk):
    client = at_desk(waiting.shop, Role.MANAGER)
    approval = Approval.objects.get(settlement=waiting)
    assert "€33.33" in client.get("/desk/galerie/money/").content.decode()

    client.post(f"/desk/galerie/money/approvals/{approval.pk}/", {"answer": "yes"})

    approval.refresh_from_db()
    assert approval.is_granted is True
    assert not MoneyTask.objects.filter(settlement=waiting, closed_at=None).exists()


def test_the_list_asks_the_database_as_often_for_one_as_for_many(
    waiting, at_desk, django_assert_max_num_queries
):
    client = at_desk(waiting.shop, Role.MANAGER)
    client.get("/desk/galerie/money/")
    for number in range(4000, 4012):
        order = order_of(waiting.shop, number=str(number))
        wish = OrderRefund(amount_minor=100, reason="late")
        actions.refund_order(order.pk, wish, by="staff:Bea")
        about = {"order": order, "opened_at": order.ordered_at, "subject": order.pk}
        MoneyTask.objects.create(shop=order.shop, kind="no_way", **about)

    with django_assert_max_num_queries(12):
        client.get("/desk/galerie/money/")


def test_a_limit_is_set_lowered_and_raised_by_two(shop, at_desk):
    client = at_desk(shop, Role.OWNER)
    rules = "/desk/galerie/money/rules/"
    about = {"role": "agent", "kind": "refund"}

    client.post(rules, about | {"amount": "150"})
    client.post(rules, about | {"amount": "200,50"})

    assert MoneyLimit.objects.get(shop=shop).amount_minor == 15000
    change = LimitChange.objects.get(shop=shop, is_granted=None)
    assert change.amount_minor == 20050
    alone = client.post(f"/desk/galerie/money/limits/{change.pk}/", {"answer": "yes"})
    assert alone.status_code == 403
    second = at_desk(shop, Role.MANAGER, name="Mia Manager")
    second.post(f"/desk/galerie/money/limits/{change.pk}/", {"answer": "yes"})
    assert MoneyLimit.objects.get(shop=shop).amount_minor == 20050


def test_the_ways_of_paying_are_put_in_order(shop, at_desk):
    order_of(shop, number="1", method="card")
    order_of(shop, number="2", method="gift_card")
    client = at_desk(shop, Role.OWNER)

    client.post(
        "/desk/galerie/money/rules/", {"methods": "", "place-card": "2", "place-gift_card": "1"}
    )

    shop.refresh_from_db()
    assert shop.tender_order == ["gift_card", "card"]


def test_the_proof_that_a_parcel_was_sent_is_noted(order, at_desk):
    rma = requested_return(order)
    parcel = announce_parcel(
        rma.pk, carrier="own_carrier", carrier_name="La Poste", tracking_number="6A1", by="shopper"
    )

    at_desk(order.shop, Role.WAREHOUSE).post(
        f"/desk/galerie/parcels/{parcel.pk}/", {"moment": "handed_in"}
    )

    parcel.refresh_from_db()
    assert parcel.state == "in_transit" and parcel.handed_in_at


def test_another_shop_sees_none_of_it(waiting, at_desk):
    stranger = at_desk(small_shop("atelier"), Role.OWNER)
    refund = waiting.refunds.get()

    assert stranger.get(f"/desk/atelier/money/refunds/{refund.pk}/way/").status_code == 404
    assert "3001" not in stranger.get("/desk/atelier/money/").content.decode()


def test_a_key_is_shown_once_and_revoked_at_once(shop, at_desk):
    client = at_desk(shop, Role.OWNER)
    keys = "/desk/galerie/money/keys/"

    made = client.post(keys, {"title": "Till", "scopes": ["credit:read", "everything"]})

    text = re.search(r"rbk_[0-9a-f]{32}_[\w-]+", made.content.decode()).group(0)
    key = ApiKey.objects.get(shop=shop)
    assert key.scopes == ["credit:read"]
    assert text not in client.get(keys).content.decode()
    assert key_behind(text) == key
    client.post(f"{keys}{key.pk}/")
    with pytest.raises(KeyRefused):
        key_behind(text)


@pytest.mark.parametrize("typed", [{"title": ""}, {"title": "Till"}, {"scopes": ["credit:read"]}])
def test_a_key_needs_a_name_and_a_permission(shop, at_desk, typed):
    answer = at_desk(shop, Role.OWNER).post("/desk/galerie/money/keys/", typed)

    assert answer.status_code == 422
    assert not ApiKey.objects.exists()
