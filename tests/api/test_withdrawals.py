"""Statements of withdrawal and what is due by law, as a machine reads and answers them."""

import pytest
from tests.api.clients import code, machine, post
from tests.world import EMAIL, NAME, order_of, requested_return, run_jobs, small_shop

from rebond.domain.returns.models import Return
from rebond.domain.withdrawals.actions import submit_statement
from rebond.domain.withdrawals.models import WithdrawalCase
from rebond.domain.withdrawals.sealing import Declared
from rebond.kernel.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return order_of(small_shop())


@pytest.fixture
def said(order):
    """A statement that names no order that we know."""
    made = submit_statement(
        order.shop, Declared("fr", NAME, "je ne sais plus", EMAIL, note="Merci"), key=uuid7()
    )
    run_jobs()
    return made


def page_of(said, verb=""):
    return f"withdrawals/{said.reference}" + (f"/{verb}" if verb else "")


def test_a_statement_is_read_word_for_word(order, said):
    client = machine(order.shop)

    (listed,) = client.get("/api/v1/withdrawals?state=submitted").json()["items"]

    assert listed == client.get(f"/api/v1/{page_of(said)}").json()
    assert (listed["text"], listed["sha256"]) == (said.text, said.sha256)
    assert (listed["question"], listed["order"], listed["email"]) == ("order", None, EMAIL)
    assert client.get("/api/v1/withdrawals?state=assessed").json()["items"] == []


def test_it_is_matched_and_made_a_return(order, said):
    client = machine(order.shop)
    lamp = order.lines.get(sku="LAMP-01")
    pieces = {"lines": [{"order_line": str(lamp.pk), "quantity": 1}]}

    assert code(post(client, page_of(said, "returns"), pieces, key="a")) == (422, "order_needed")
    assert code(post(client, page_of(said, "matches"), {"order": "77"}, key="b")) == (
        422,
        "order_unknown",
    )
    matched = post(client, page_of(said, "matches"), {"order": order.number}, key="c").json()
    made = post(client, page_of(said, "returns"), pieces, key="d")
    again = post(client, page_of(said, "returns"), pieces, key="d")

    assert (matched["state"], matched["order"]) == ("matched", order.number)
    assert (made.status_code, again.content) == (201, made.content)
    rma = Return.objects.get()
    assert made.json()["return_number"] == rma.number and rma.is_withdrawal
    assert [(line.order_line_id, line.quantity) for line in rma.lines.all()] == [(lamp.pk, 1)]


def test_a_no_has_its_article_and_words(order, said):
    client = machine(order.shop)
    wanted = {"reason": "no_consumer", "note": "Facture au nom de votre société."}

    assert code(post(client, page_of(said, "answers"), wanted | {"note": " "}, key="a")) == (
        422,
        "answer_needed",
    )
    told = post(client, page_of(said, "answers"), wanted, key="b").json()

    assert (told["state"], told["answer_basis"]) == ("assessed", "C. conso. L221-3")
    assert WithdrawalCase.objects.get().assessed_by == "api:till"
    assert code(post(client, page_of(said, "answers"), wanted, key="c")) == (
        409,
        "already_assessed",
    )


def test_another_shops_statement_does_not_exist(said):
    client = machine(small_shop("autre"))

    assert code(client.get(f"/api/v1/{page_of(said)}"))[0] == 404
    assert client.get("/api/v1/withdrawals").json()["items"] == []


def test_what_is_due_comes_with_its_day_and_article(order):
    statement = submit_statement(
        order.shop, Declared("fr", NAME, order.number, EMAIL, order_id=order.pk), key=uuid7()
    )
    run_jobs()
    client = machine(order.shop)

    held = client.get("/api/v1/duties?withheld=true").json()["items"]

    rma = statement.cases.get().rma
    assert [(one["kind"], one["return_number"]) for one in held] == [("refund", rma.number)]
    assert held[0]["due_on"] is None and held[0]["sum_minor"] > 0
    assert held[0]["jurisdiction"] == "FR" and held[0]["articles"]
    assert client.get("/api/v1/duties?kind=conformity").json() == {"items": [], "next": ""}


def test_the_board_goes_on_where_it_ended(order):
    for number in range(3):
        sold = order_of(order.shop, number=f"20{number}")
        requested_return(sold, {"LAMP-01": 1}, reason="damaged")
    run_jobs()
    client = machine(order.shop)
    whole = client.get("/api/v1/duties").json()["items"]
    assert len(whole) >= 3

    seen, place = [], ""
    while True:
        page = client.get("/api/v1/duties", {"limit": 1, "after": place}).json()
        seen += page["items"]
        place = page["next"]
        if not place:
            break

    assert seen == whole
    assert all(one["days_left"] is not None for one in seen)
    assert code(client.get("/api/v1/duties?after=yesterday")) == (422, "cursor_unreadable")
