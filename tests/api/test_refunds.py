"""Refunds and redemptions by a machine with a key."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.world import EMAIL, order_of, small_shop, staff_of

from rebond.domain.gift_cards.actions import issue_card
from rebond.domain.machines.actions import make_key, revoke_key
from rebond.domain.machines.jobs import forget_old_answers
from rebond.domain.machines.models import ApiKey, GivenAnswer
from rebond.domain.machines.scopes import Scope
from rebond.domain.refunds.actions import answer_approval, change_limit
from rebond.domain.refunds.limits import LimitKind, Spender
from rebond.domain.refunds.models import Approval, Refund, Settlement
from rebond.domain.shops.access import Role
from rebond.domain.store_credit.actions import give_credit
from rebond.kernel.clock import now
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db
ALL = [scope.value for scope in Scope]


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def order(shop):
    return order_of(shop)


def machine(shop, scopes=ALL, **more):
    key, text = make_key(shop, title="till", scopes=scopes, by="staff:Ana", **more)
    client = Client(headers={"authorization": f"Bearer {text}", "accept-language": "en"})
    client.key = key
    return client


def post(client, page, body, key=None):
    headers = {"idempotency-key": key} if key else {}
    return client.post(
        f"/api/v1/{page}", json.dumps(body), content_type="application/json", headers=headers
    )


def lamp(order, **more):
    line = str(order.lines.get(sku="LAMP-01").pk)
    return {"lines": [{"order_line": line, "quantity": 1}], "reason": "late"} | more


def code(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_what_is_left_then_the_preview_then_the_refund_are_one_sum(order):
    client = machine(order.shop)

    left = client.get(f"/api/v1/orders/{order.number}/refundable").json()
    seen = post(client, f"orders/{order.number}/refunds/preview", lamp(order)).json()
    made = post(client, f"orders/{order.number}/refunds", lamp(order), key="k1")

    assert {row["amount_minor"] for row in left} == {10000, 2590, 490}
    assert made.status_code == 201
    told = made.json()
    assert told["total_minor"] == seen["total_minor"] == 3333
    assert told["payouts"][0]["state"] == "reserved"
    assert any("€33.33" in why["sentence"] for why in told["why"])
    assert client.get(f"/api/v1/refunds/{told['id']}").json() == told
    assert client.get(f"/api/v1/orders/{order.number}/refunds").json() == [told]


def test_the_reasons_come_in_the_readers_language(order):
    client = machine(order.shop)

    answer = client.post(
        f"/api/v1/orders/{order.number}/refunds/preview",
        json.dumps(lamp(order)),
        content_type="application/json",
        headers={"accept-language": "fr"},
    )

    assert any("Vous avez payé" in why["sentence"] for why in answer.json()["why"])


def test_the_same_key_pays_once_and_answers_the_same(order):
    client, page = machine(order.shop), f"orders/{order.number}/refunds"

    first, second = (post(client, page, lamp(order), key="k1") for _ in range(2))

    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert Refund.objects.filter(settlement__order=order).count() == 1


def test_a_refusal_is_an_answer_too(order):
    client, page = machine(order.shop), f"orders/{order.number}/refunds"
    too_much = lamp(order, amount_minor=99999)

    first, second = (post(client, page, too_much, key="k1") for _ in range(2))

    assert code(first) == code(second) == (409, "quote_refused")
    assert first.json()["facts"]["max_refundable_minor"] == 13080


def limit_of_machines(shop, kind, amount_minor):
    change_limit(
        shop,
        role=Spender.MACHINE,
        kind=kind,
        currency="EUR",
        amount_minor=amount_minor,
        staff=staff_of(shop, name="Olga Owner"),
        by="staff:Olga",
    )


def test_above_the_limit_of_machines_a_person_has_to_agree(order, run_jobs):
    limit_of_machines(order.shop, LimitKind.REFUND, 3000)
    client = machine(order.shop)

    told = post(client, f"orders/{order.number}/refunds", lamp(order), key="k1").json()
    run_jobs()

    approval = Approval.objects.get(settlement=told["id"])
    assert told["waits_for_approval"]
    assert (approval.asked_by, approval.asked_by_key) == (None, client.key)
    assert Refund.objects.get().state == "reserved"
    boss = staff_of(order.shop, Role.MANAGER, name="Mia Manager")
    answer_approval(approval.pk, grants=True, staff=boss, by="staff:Mia")
    run_jobs()
    assert Refund.objects.get().state == "requires_action"  # paper: a person pays by hand


def test_the_sum_of_a_day_is_counted_for_each_key(order):
    limit_of_machines(order.shop, LimitKind.DAY, 4000)
    page = f"orders/{order.number}/refunds"
    first, second = machine(order.shop), machine(order.shop)

    answers = [
        post(first, page, lamp(order), key="a"),
        post(first, page, lamp(order), key="b"),
        post(second, page, lamp(order), key="c"),
    ]

    assert [one.json()["waits_for_approval"] for one in answers] == [False, True, False]


def test_another_body_under_the_same_key_is_refused(order):
    client, page = machine(order.shop), f"orders/{order.number}/refunds"
    post(client, page, lamp(order), key="k1")

    answer = post(client, page, lamp(order, reason="other"), key="k1")

    assert code(answer) == (422, "idempotency_key_reused")


def test_a_key_is_each_machines_own(order):
    page = f"orders/{order.number}/refunds"
    post(machine(order.shop), page, lamp(order), key="k1")

    post(machine(order.shop), page, lamp(order), key="k1")

    assert Settlement.objects.filter(order=order).count() == 2


def test_without_a_key_of_its_own_no_money_moves(order):
    answer = post(machine(order.shop), f"orders/{order.number}/refunds", lamp(order))

    assert code(answer) == (400, "idempotency_key_needed")
    assert not Settlement.objects.filter(order=order).exists()


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Bearer rbk_1_2", "Basic YTpi", "Bearer rbk_" + "0" * 32 + "_x"],
)
def test_without_a_good_key_nothing_is_told(order, header):
    answer = Client(headers={"authorization": header}).get(f"/api/v1/orders/{order.number}/refunds")

    assert code(answer) == (401, "key_refused")


def test_a_revoked_or_old_key_is_shut_out(order):
    client = machine(order.shop)
    revoke_key(order.shop, client.key.pk, by="staff:Ana")
    old = machine(order.shop, expires_at=now() - timedelta(seconds=1))

    for one in (client, old):
        assert code(one.get(f"/api/v1/orders/{order.number}/refunds")) == (401, "key_refused")


def test_a_key_does_what_its_scopes_say(order):
    reader = machine(order.shop, ["refunds:read"])

    answer = post(reader, f"orders/{order.number}/refunds", lamp(order), key="k1")

    assert code(answer) == (403, "scope_missing")


def test_another_shops_order_is_not_there(order):
    stranger = machine(small_shop("atelier"))
    made = post(machine(order.shop), f"orders/{order.number}/refunds", lamp(order), key="k1")

    theirs = stranger.get(f"/api/v1/orders/{order.number}/refunds")
    nobodys = stranger.get("/api/v1/orders/NOBODY/refunds")
    refund = stranger.get(f"/api/v1/refunds/{made.json()['id']}")

    assert theirs.status_code == nobodys.status_code == refund.status_code == 404
    assert theirs.content == nobodys.content


def test_the_secret_is_kept_nowhere(shop):
    _key, text = make_key(shop, title="till", scopes=ALL, by="staff:Ana")
    secret = text.split("_", 2)[2]

    row = ApiKey.objects.get(shop=shop)

    assert secret not in "".join(str(value) for value in vars(row).values())


@pytest.mark.parametrize(
    "broken",
    [
        {"lines": [{"order_line": "x", "quantity": 1}]},
        {"amount_minor": -5},
        {"amount_minor": 1.5},
        {"way": "cash"},
        {"lines": "all"},
        [],
    ],
)
def test_a_body_that_cannot_be_read_is_refused_and_nothing_is_kept(order, broken):
    answer = post(machine(order.shop), f"orders/{order.number}/refunds", broken, key="k1")

    assert answer.status_code == 422
    assert not Settlement.objects.filter(order=order).exists()


def test_store_credit_by_the_api_needs_the_shoppers_yes(order):
    client, page = machine(order.shop), f"orders/{order.number}/refunds"

    without = post(client, page, lamp(order, way="store_credit"), key="k1")
    yes = {"channel": "link", "given_by": EMAIL}
    with_yes = post(client, page, lamp(order, way="store_credit", consent=yes), key="k2")

    assert code(without) == (422, "consent_needed")
    assert with_yes.json()["payouts"][0]["provider"] == "store_credit"


# --- at the checkout ------------------------------------------------------------------------


def test_a_card_is_looked_at_held_captured_and_released(shop):
    client = machine(shop)
    made = issue_card(
        shop, Money(5000, "EUR"), is_cash=True, key="k", reason="sold", by="staff:Ana"
    )
    card = {"card_code": made.code, "currency": "EUR"}

    free = post(client, "credit/balance", card).json()
    wanted = card | {"amount_minor": 3000, "reference": "cart-1"}
    held, again = (post(client, "credit/holds", wanted) for _ in range(2))
    used = post(client, "credit/holds/cart-1/capture", {"reference": "p-1", "amount_minor": 1000})
    post(client, "credit/holds/cart-1/capture", {"reference": "p-1", "amount_minor": 1000})
    done = post(client, "credit/holds/cart-1/release", {})

    assert free == {"currency": "EUR", "free_minor": 5000, "held_minor": 0}
    assert held.status_code == again.status_code == 201 and held.json() == again.json()
    assert used.json()["captured_minor"] == 1000
    assert done.json()["released_minor"] == 2000
    assert post(client, "credit/balance", card).json()["free_minor"] == 4000


def test_more_than_there_is_cannot_be_held(order):
    client = machine(order.shop)
    shopper = order.shopper
    give_credit(shopper, Money(1000, "EUR"), is_cash=True, key="k", reason="owed", by="staff:Ana")
    whose = {"shopper_key": shopper.email, "currency": "EUR", "reference": "c1"}

    answer = post(client, "credit/holds", whose | {"amount_minor": 1001})

    assert code(answer) == (409, "insufficient_balance")


def test_a_code_that_does_not_exist_is_refused_kindly(shop):
    answer = post(machine(shop), "credit/balance", {"card_code": "ABCD-EFGH", "currency": "EUR"})

    assert answer.status_code in {404, 409, 422}
    assert answer.json()["code"] == "gift_card_not_usable"


def test_an_error_of_ours_may_be_tried_again_under_the_same_key(order, monkeypatch):
    client, page = machine(order.shop), f"orders/{order.number}/refunds"
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("rebond.api.v1.refunds.refund_order", None)
        assert post(client, page, lamp(order), key="k1").status_code == 500

    answer = post(client, page, lamp(order), key="k1")

    assert answer.status_code == 201


def test_old_answers_are_forgotten_after_thirty_days(order):
    post(machine(order.shop), f"orders/{order.number}/refunds", lamp(order), key="k1")

    with time_machine.travel(now() + timedelta(days=29)):
        forget_old_answers()
        assert GivenAnswer.objects.count() == 1
    with time_machine.travel(now() + timedelta(days=31)):
        forget_old_answers()
        assert not GivenAnswer.objects.exists()
