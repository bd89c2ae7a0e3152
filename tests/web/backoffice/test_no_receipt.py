"""Goods without a receipt at the desk and over the API."""

from datetime import timedelta

import pytest
import time_machine
from tests.api.clients import code, machine, post
from tests.world import order_of

from rebond.domain.ledger.models import Account
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.shops.access import Role
from rebond.kernel.clock import now

HERE = "/desk/galerie/without-receipt/"
TOLD = {
    "sku": "LAMP-01",
    "quantity": "1",
    "grade": "b",
    "email": "zoe@client.example",
    "name": "Zoé Petit",
    "said": "A present from my aunt",
    "token": "01a3d2b8-0000-7000-8000-000000000001",
}


@pytest.fixture
def ana(shop, at_desk):
    rule = {"kind": "no_receipt", "cap_minor": 7000}
    publish_policy(shop, {"rules": [*GENEROUS["rules"], rule]}, note="", by="test")
    order_of(shop)
    return at_desk(shop)


@pytest.fixture
def tom(shop, at_desk, ana):
    return at_desk(shop, Role.MANAGER, name="Tom Weber")


def test_the_worth_is_said_before_anything_is_filed(ana):
    page = ana.get(f"{HERE}new/", {"sku": "LAMP-01", "email": "zoe@client.example"})

    assert "€33.33 for each piece" in page.content.decode()
    assert "€70.00 of €70.00" in page.content.decode()
    assert not NoReceiptReturn.objects.exists()


def test_one_files_and_a_colleague_declines(ana, tom):
    made = ana.post(f"{HERE}new/", TOLD)
    ana.post(f"{HERE}new/", TOLD)
    row = NoReceiptReturn.objects.get()
    page = f"{HERE}{row.pk}/"
    own = ana.get(page).content.decode()

    silent = tom.post(f"{page}decline/", {"note": ""})
    tom.post(f"{page}decline/", {"note": "Not one of ours"})

    assert made.headers["Location"] == page
    assert "a colleague decides" in own
    assert silent.status_code == 422
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("declined", "staff:Tom Weber")
    assert "Not one of ours" in tom.get(page).content.decode()
    assert row.number in tom.get(HERE).content.decode()
    assert row.number not in tom.get(HERE, {"view": "waiting"}).content.decode()


def test_money_asks_once_more_who_it_is(ana, tom):
    ana.post(f"{HERE}new/", TOLD)
    row = NoReceiptReturn.objects.get()

    with time_machine.travel(now() + timedelta(hours=1)):
        asked = tom.post(f"{HERE}{row.pk}/credit/")
    before = Account.objects.count()
    tom.post(f"{HERE}{row.pk}/credit/")

    assert (asked.status_code, before) == (403, 0)
    assert Account.objects.get(kind="store_credit").balance_minor == 3333


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sku": "VASE-99"}, "VASE-99"),
        ({"quantity": "0"}, "field-error"),
        ({"email": "nobody"}, "field-error"),
        ({"quantity": "3"}, "At most 2"),
    ],
)
def test_what_cannot_be_is_said(ana, wrong, said):
    answer = ana.post(f"{HERE}new/", TOLD | wrong)

    assert answer.status_code in {409, 422}
    assert said in answer.content.decode()
    assert not NoReceiptReturn.objects.exists()


def test_without_the_rule_the_page_says_so(shop, order, at_desk):
    client = at_desk(shop)

    assert "takes nothing back" in client.get(f"{HERE}new/").content.decode()
    assert client.post(f"{HERE}new/", TOLD).status_code == 409


def test_who_may_not_refund_decides_nothing(shop, ana, at_desk):
    ana.post(f"{HERE}new/", TOLD)
    row = NoReceiptReturn.objects.get()
    karim = at_desk(shop, Role.WAREHOUSE, name="Karim Benali")

    assert karim.post(f"{HERE}{row.pk}/credit/").status_code == 403
    assert karim.get(HERE).status_code == 403


def test_a_till_files_and_a_person_decides(shop, ana):
    client = machine(shop)
    told = {"sku": "LAMP-01", "grade": "a", "email": "zoe@client.example"}

    made = post(client, "no-receipt-returns", told, key="k1")
    again = post(client, "no-receipt-returns", told, key="k1")
    beyond = post(client, "no-receipt-returns", told | {"quantity": 2}, key="k2")
    listed = client.get("/api/v1/no-receipt-returns?state=waiting").json()["items"]
    read = client.get(f"/api/v1/no-receipt-returns/{made.json()['id']}").json()

    assert made.status_code == 201
    assert again.json() == made.json() == read == listed[0]
    assert made.json()["amount_minor"] == 3333
    assert code(beyond) == (409, "no_receipt_cap_reached")
    assert NoReceiptReturn.objects.count() == 1
