"""The audit: every change by people and keys, every look; a chain that shows tampering."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from tests.world import EMAIL, NAME, PASSWORD, order_of, requested_return, small_shop, staff_of

from rebond.domain.audit.jobs import write_shop_head
from rebond.domain.audit.models import FIRST, AuditEntry
from rebond.domain.machines.actions import make_key
from rebond.domain.machines.scopes import Scope
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Role
from rebond.domain.shops.models import Staff
from rebond.insights.verification.audit import audit_chain
from rebond.insights.verification.documents import heads_hold
from rebond.kernel.actions import action, before_commit
from rebond.kernel.clock import now
from rebond.kernel.models import Event

AUDIT = "/desk/galerie/settings/audit/"


@pytest.fixture
def ana(shop, at_desk):
    return at_desk(shop)


@pytest.fixture
def waiting(order):
    return requested_return(order, {"MUG-07": 2}, reason="damaged")


def entries(shop):
    return list(AuditEntry.objects.filter(shop=shop).order_by("number"))


def test_a_change_by_staff_is_named_by_who_what_and_from_where(shop, ana, waiting):
    path = f"/desk/galerie/returns/{waiting.number}/approval/"
    ana.post(path, headers={"x-forwarded-for": "192.0.2.7"})

    entry = entries(shop)[0]
    assert (entry.number, entry.verb, entry.subject) == (1, "return.approved", waiting.pk)
    assert entry.who == str(Staff.objects.get(shop=shop).pk)
    assert (entry.who_kind, entry.network) == ("staff", "192.0.2.0/24")
    assert entry.hash == entry.sealed_after(FIRST)
    assert list(audit_chain()) == []


def test_what_shoppers_and_the_house_do_is_no_entry(shop, order, run_jobs):
    requested_return(order)
    run_jobs()

    assert Event.objects.exists()
    assert entries(shop) == []


def test_what_a_machine_does_is_named_by_its_key(client, shop, order):
    owner = "staff:Ana"
    key, text = make_key(shop, title="Till", scopes=[Scope.RETURNS_WRITE], by=owner)
    rma = requested_return(order, {"MUG-07": 2}, reason="damaged")

    client.post(
        f"/api/v1/returns/{rma.number}/approvals",
        "{}",
        content_type="application/json",
        headers={
            "authorization": f"Bearer {text}",
            "idempotency-key": "one",
            "if-match": f'"{rma.version}"',
        },
    )

    assert [(e.who_kind, e.who, e.verb) for e in entries(shop)] == [
        ("key", str(key.pk), "return.approved")
    ]


def test_opening_a_customers_data_is_one_entry_an_hour(shop, ana, order):
    path = f"/desk/galerie/orders/{order.number}/"
    ana.get(path), ana.get(path)
    with time_machine.travel(now() + timedelta(minutes=61)):
        ana.get(path)

    assert [(e.verb, e.subject) for e in entries(shop)] == [
        ("looked.customer", order.shopper_id)
    ] * 2


def test_who_sees_no_people_has_not_looked_at_any(shop, order, at_desk):
    at_desk(shop, Role.WAREHOUSE).get(f"/desk/galerie/orders/{order.number}/")

    assert entries(shop) == []


def test_an_export_is_an_entry(shop, ana):
    ana.get("/desk/galerie/documents/exports/archive/?from=2026-01-01&to=2026-01-31")

    assert [entry.verb for entry in entries(shop)] == ["looked.export"]


def test_no_personal_data_stands_in_it(shop, ana, waiting):
    ana.get(f"/desk/galerie/returns/{waiting.number}/")
    ana.post(f"/desk/galerie/returns/{waiting.number}/notes/", {"text": f"{NAME}, {EMAIL}"})

    rows = list(AuditEntry.objects.values())
    kept = json.dumps(rows, default=str, ensure_ascii=False)
    assert len(rows) >= 2
    assert all(word not in kept for word in (NAME, EMAIL, "Ana", "127.0.0.1"))


def test_an_action_that_fails_leaves_no_entry_and_no_gap(shop, ana, waiting):
    path = f"/desk/galerie/returns/{waiting.number}/"
    ana.post(f"{path}approval/"), ana.post(f"{path}approval/"), ana.post(f"{path}cancellation/")

    assert [entry.number for entry in entries(shop)] == list(range(1, len(entries(shop)) + 1))
    assert list(audit_chain()) == []


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_written_when_everything_else_of_the_action_is():
    done = []

    @action
    def do():
        before_commit(done.extend, "chain")
        done.append("rest")

    do()

    assert done == ["rest", "chain"]


@pytest.mark.parametrize("words", ["UPDATE {table} SET verb = 'x'", "DELETE FROM {table}"])
def test_nobody_changes_or_removes_an_entry(shop, ana, order, words):
    statement = words.format(table="audit_auditentry")
    ana.get(f"/desk/galerie/orders/{order.number}/")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def three(shop, ana, order, waiting, without_guards):
    ana.get(f"/desk/galerie/orders/{order.number}/")
    ana.post(f"/desk/galerie/returns/{waiting.number}/approval/")
    ana.get("/desk/galerie/documents/exports/archive/?from=2026-01-01&to=2026-01-31")
    assert len(entries(shop)) == 3
    return AuditEntry.objects.filter(shop=shop)


def test_a_changed_entry_is_found(three):
    three.filter(number=1).update(verb="looked.nothing")

    assert "audit entry 1" in next(iter(audit_chain()))


def test_a_missing_entry_is_found_in_the_middle_and_at_the_end(three, shop):
    three.filter(number=2).delete()
    assert any("entry 2 is missing" in text for text in audit_chain())

    three.filter(number=3).delete()
    assert any("3 entries were written, 1 are there" in text for text in audit_chain())


def test_an_event_that_was_changed_afterwards_is_found(three):
    Event.objects.filter(name="return.approved").update(actor="staff:Somebody Else")

    assert any("is not what entry 2 saw" in text for text in audit_chain())


def test_a_chain_rewritten_whole_is_found_by_its_head_outside(three, shop, run_jobs):
    write_shop_head(str(shop.pk))
    before = FIRST
    for entry in three.order_by("number"):
        entry.who = ""
        entry.hash = before = entry.sealed_after(before)
        entry.save()

    assert [text for text in audit_chain() if "chain rewritten" in text]
    assert list(heads_hold()) == []


def test_the_head_is_said_to_the_owners_mailbox_and_address(three, shop):
    write_shop_head(str(shop.pk)), write_shop_head(str(shop.pk))

    said = Event.objects.filter(name="document_heads.written")
    assert [json.loads(e.payload["heads"])["number"] for e in said] == [3]


def test_entries_are_found_by_person_number_step_and_day(shop, ana, order, waiting):
    ana.post(f"/desk/galerie/returns/{waiting.number}/approval/")
    ana.get(f"/desk/galerie/orders/{order.number}/")
    who = entries(shop)[0].who

    def found(query):
        return ana.get(f"{AUDIT}?{query}").content.decode().count("Entry ")

    assert found("") == found(f"who={who}") == 2
    assert found("who=nobody") == found("to=2020-01-01") == 0
    assert found(f"q={waiting.number}") == found("q=approved") == found(f"q={order.number}") == 1
    assert found("from=2020-01-01&to=9999-12-31") == 2


def test_the_page_tells_in_words_and_the_file_in_hashes(shop, ana, order):
    ana.get(f"/desk/galerie/orders/{order.number}/")

    page = ana.get(AUDIT).content.decode()
    file = b"".join(ana.get(f"{AUDIT}csv/").streaming_content).decode()

    assert "Opened a customer’s data" in page and "Ana Lopes" in page
    assert entries(shop)[0].hash in file
    assert [entry.verb for entry in entries(shop)] == ["looked.customer", "looked.export"]


def test_another_shop_has_a_chain_of_its_own(shop, ana, order, at_desk):
    twin = small_shop("atelier")
    zoe = at_desk(twin, name="Zoe Zimmer")
    other = order_of(twin)
    ana.get(f"/desk/galerie/orders/{order.number}/")
    zoe.get(f"/desk/atelier/orders/{other.number}/")

    assert [e.number for e in entries(shop)] == [e.number for e in entries(twin)] == [1]
    assert b"Ana Lopes" not in zoe.get("/desk/atelier/settings/audit/").content


def test_the_page_asks_as_often_for_many_entries_as_for_few(
    shop, ana, django_assert_num_queries, django_assert_max_num_queries
):
    def add(count):
        for _ in range(count):
            order = order_of(shop, number=f"N{Event.objects.count()}-{AuditEntry.objects.count()}")
            ana.get(f"/desk/galerie/orders/{order.number}/")

    add(3)
    with django_assert_max_num_queries(60) as few:
        ana.get(AUDIT)
    asked = few.final_queries - few.initial_queries
    add(30)
    with django_assert_num_queries(asked):
        ana.get(AUDIT)


def test_a_log_in_does_not_follow_into_the_next_request(client, shop, order):
    staff_of(shop)
    client.post("/desk/login/", {"email": "ana@galerie.example", "password": PASSWORD})
    client.get(f"/desk/galerie/orders/{order.number}/")
    before = len(entries(shop))

    requested_return(order)

    assert Return.objects.exists() and len(entries(shop)) == before
