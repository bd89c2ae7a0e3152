"""The withdrawal function as a browser without anything speaks to it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from tests.world import BOWL, EMAIL, LAMP, MUG, order_of, requested_return, run_jobs, small_shop

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.shops.addresses import statement_page
from rebond.domain.withdrawals.actions import declared_in
from rebond.domain.withdrawals.links import statement_token
from rebond.domain.withdrawals.models import Statement, WithdrawalCase
from rebond.domain.withdrawals.sealing import digest_of
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
FUNCTION = "/s/galerie/withdraw/"
SAID = {"name": "Camille Œuvrard", "contract": "1001", "email": EMAIL}


@pytest.fixture
def order(db):
    cache.clear()
    return order_of(small_shop("galerie"), lines=(LAMP, MUG))


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def sealed_in(page) -> str:
    return re.search(r'name="sealed" value="([^"]+)"', page.content.decode())[1]


def key_in(page) -> str:
    return re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]


def withdraw(client, *, language="fr", **said) -> Statement:
    """From the first page to the proof, as a browser without cookies would go."""
    page = client.get(f"{FUNCTION}?lang={language}")
    typed = SAID | said | {"key": key_in(page), "lang": language}
    recap = client.post(FUNCTION, typed)
    assert recap.status_code == 200, recap.content.decode()
    done = client.post(f"{FUNCTION}confirmation/", {"sealed": sealed_in(recap)})
    assert done.status_code == 302
    client.cookies.clear()
    proof = client.get(done["Location"])
    assert proof.status_code == 200
    return Statement.objects.order_by("-submitted_at").first()


def test_a_withdrawal_becomes_a_return_by_itself(order, client):
    statement = withdraw(client)
    run_jobs()

    case = statement.cases.get()
    assert (case.state, case.question, case.is_late) == ("assessed", "", False)
    assert case.rma.ground == "statutory_withdrawal"
    assert case.rma.request_state == "approved"
    assert case.rma.requested_at == statement.submitted_at
    assert sorted(case.rma.lines.values_list("sku", "quantity")) == [("LAMP-01", 3), ("MUG-07", 2)]
    assert case.rma.terms["terms"]["restocking_fee_percent"] == 0
    assert case.rma.terms["terms"]["refunds_shipping"] is True


def test_the_acknowledgement_has_the_words_the_date_and_the_time(order, client):
    statement = withdraw(client)
    run_jobs()

    letter = Message.objects.get(kind="withdrawal_received")
    assert letter.to_address == EMAIL
    assert statement.text in letter.text
    assert statement.local_time in letter.text
    assert statement.sha256 in letter.text


@pytest.mark.parametrize(
    "said", [{"contract": "9999"}, {"contract": "une lampe, en novembre"}, {"email": "x@y.example"}]
)
def test_a_statement_about_an_unknown_order_is_received_all_the_same(order, client, said):
    known = client.post(FUNCTION, SAID)
    unknown = client.post(FUNCTION, SAID | said)
    withdraw(client, **said)
    run_jobs()

    case = WithdrawalCase.objects.get()
    assert (case.state, case.question, case.order) == ("submitted", "order", None)
    assert known.status_code == unknown.status_code == 200
    assert Message.objects.filter(kind="withdrawal_received").count() == 1
    assert not Return.objects.exists()


def test_a_late_statement_is_received_and_marked(db, client):
    order_of(small_shop("galerie"), days_since_delivery=40)
    withdraw(client)
    run_jobs()

    case = WithdrawalCase.objects.get()
    assert (case.state, case.question, case.is_late) == ("matched", "late", True)
    assert case.last_day is not None


def test_the_function_has_no_last_day(order, client):
    with time_machine.travel(now() + timedelta(days=14 + 366), tick=True):
        withdraw(client)

    assert Statement.objects.count() == 1


def test_twice_the_same_click_is_one_statement(order, client):
    recap = client.post(FUNCTION, SAID | {"key": key_in(client.get(FUNCTION))})

    first = client.post(f"{FUNCTION}confirmation/", {"sealed": sealed_in(recap)})
    again = client.post(f"{FUNCTION}confirmation/", {"sealed": sealed_in(recap)})

    assert Statement.objects.count() == 1
    assert first["Location"] == again["Location"]


def test_other_words_under_the_same_key_are_added_not_changed(order, client):
    key = key_in(client.get(FUNCTION))
    for note in ("", "seulement la lampe"):
        recap = client.post(FUNCTION, SAID | {"key": key, "note": note})
        client.post(f"{FUNCTION}confirmation/", {"sealed": sealed_in(recap)})

    first, second = Statement.objects.order_by("submitted_at")
    assert (first.note, second.note) == ("", "seulement la lampe")
    assert second.corrects == first


def test_a_statement_is_never_changed_and_its_hash_says_so(order, client):
    statement = withdraw(client)

    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(name="Somebody else")

    said = declared_in(statement)
    assert statement.sha256 == digest_of(
        statement.reference, said, statement.text, statement.local_time
    )


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("contract", " "), ("email", "camille"), ("name", "x" * 201)]
)
def test_only_three_fields_are_required_and_a_mistake_loses_nothing(order, client, field, value):
    page = client.post(FUNCTION, SAID | {field: value, "lang": "de"})

    assert page.status_code == 422
    kept = set(SAID) - {field}
    assert all(SAID[name] in page.content.decode() for name in kept)
    assert 'lang="de"' in page.content.decode()
    assert page.content.decode().count(" required ") == 3


def test_a_seal_of_another_hand_sends_nothing(order, client):
    page = client.post(f"{FUNCTION}confirmation/", {"sealed": "forged", "lang": "fr"})

    assert page.status_code == 422
    assert "rien n’a encore été envoyé" in page.content.decode()
    assert not Statement.objects.exists()


def test_part_of_an_order_that_was_found(order):
    client = Client()
    client.post("/s/galerie/", {"number": "1001", "proof": EMAIL})
    page = client.get(f"{FUNCTION}?order=1001&lang=fr")
    assert "Paper lamp" in page.content.decode()
    typed = SAID | {"key": key_in(page), "order": str(order.pk), "pieces_1": 1, "pieces_2": 0}

    recap = client.post(f"{FUNCTION}?order=1001", typed)
    client.post(f"{FUNCTION}confirmation/", {"sealed": sealed_in(recap)})
    run_jobs()

    rma = WithdrawalCase.objects.get().rma
    assert list(rma.lines.values_list("sku", "quantity")) == [("LAMP-01", 1)]
    assert rma.terms["terms"]["refunds_shipping"] is False


def test_a_stranger_never_sees_an_order(order, client):
    for query in ("?order=1001", "?order=9999", f"?r={'x' * 40}"):
        page = client.get(FUNCTION + query)
        assert page.status_code == 200
        assert "Paper lamp" not in page.content.decode()
    recap = client.post(FUNCTION, SAID | {"order": str(order.pk), "pieces_1": 1})
    assert "Paper lamp" not in recap.content.decode()


def test_the_link_of_a_return_fills_in_who_and_what(order, client):
    rma = requested_return(order, {"MUG-07": 1})

    page = client.get(f"{FUNCTION}?r={token_for(rma)}").content.decode()

    assert 'value="Camille Œuvrard"' in page and f'value="{EMAIL}"' in page
    assert 'value="1001"' in page


def test_many_statements_from_one_place_are_all_received(order, client):
    for count in range(23):
        withdraw(client, contract=f"bestellung {count}", email=f"k{count}@x.example")
    run_jobs()

    assert Statement.objects.count() == 23
    assert WithdrawalCase.objects.filter(is_flood=True).count() == 3
    assert Message.objects.filter(kind="withdrawal_received").count() == 23


def test_a_statement_that_names_articles_waits_for_a_person(order, client):
    withdraw(client, note="seulement la lampe")
    run_jobs()

    assert WithdrawalCase.objects.get().question == "pieces"


def test_what_the_law_excludes_is_a_persons_question(db, client):
    order = order_of(small_shop("galerie"), lines=(BOWL,))
    order.lines.update(is_returnable=False)
    withdraw(client)
    run_jobs()

    assert WithdrawalCase.objects.get().question == "exception"


def test_the_proof_can_be_downloaded_at_once(order, client):
    statement = withdraw(client, language="de")
    page = client.get(re.search(r"/s/galerie/withdraw/[^/]+/", _proof_of(statement))[0] + "file/")

    assert page["Content-Disposition"] == f'attachment; filename="{statement.reference}.html"'
    assert "Hiermit widerrufe ich" in page.content.decode()
    assert statement.sha256 in page.content.decode()


def _proof_of(statement) -> str:

    return statement_page(statement.shop, statement_token(statement))
