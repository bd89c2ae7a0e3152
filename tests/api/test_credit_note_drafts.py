"""Credit notes by hand over the API: from what is left to a number, and copies of documents."""

import pytest
from tests.api.clients import code, machine, post
from tests.world import order_of, small_shop

from rebond.domain.credit_notes.models import CreditNote, CreditNoteDraft
from rebond.domain.machines.scopes import Scope
from rebond.insights.verification.promises import PROMISES
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return order_of(small_shop())


def wanted(order, amount=500, **more):
    lamp = str(order.lines.get(sku="LAMP-01").pk)
    body = {"lines": [{"source": lamp, "gross_minor": amount}], "reason": "Agreed on the phone"}
    return body | more


def draft(client, order, key="d1", **more):
    return post(client, f"orders/{order.number}/credit-note-drafts", wanted(order, **more), key=key)


def put(client, page, body):
    return client.put(f"/api/v1/{page}", body, content_type="application/json")


def test_from_what_is_left_to_a_number(order):
    client = machine(order.shop)
    left = client.get(f"/api/v1/orders/{order.number}/creditable").json()
    assert {row["left_minor"] for row in left} == {10000, 2590, 490}

    made = draft(client, order)
    again = draft(client, order)
    told = made.json()
    assert (made.status_code, again.content) == (201, made.content)
    assert (told["state"], told["gross_minor"], told["credit_note"]) == ("open", 500, None)
    assert told["findings"] == [] and told["made_by"] == "api:till"
    page = client.get(f"/api/v1/credit-note-drafts/{told['id']}/pdf")
    assert page.content.startswith(b"%PDF") and page["Content-Type"] == "application/pdf"
    assert not CreditNote.objects.exists()

    note = post(client, f"credit-note-drafts/{told['id']}/issues", {"version": 1}, key="i1")
    twice = post(client, f"credit-note-drafts/{told['id']}/issues", {"version": 1}, key="i1")

    assert (note.status_code, twice.content) == (201, note.content)
    assert note.json()["gross_minor"] == 500 and CreditNote.objects.count() == 1
    over = client.get(f"/api/v1/credit-note-drafts/{told['id']}").json()
    assert (over["state"], over["credit_note"]) == ("issued", note.json()["label"])
    assert code(client.get(f"/api/v1/credit-note-drafts/{told['id']}/pdf"))[0] == 404
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_a_draft_is_changed_on_the_version_that_was_read(order):
    client = machine(order.shop)
    page = f"credit-note-drafts/{draft(client, order).json()['id']}"

    changed = put(client, page, wanted(order, 700, version=1))
    late = put(client, page, wanted(order, 900, version=1))

    assert (changed.json()["gross_minor"], changed.json()["version"]) == (700, 2)
    assert code(late) == (409, "draft_changed")
    assert code(post(client, f"{page}/issues", {"version": 1}, key="i")) == (409, "draft_changed")


def test_a_draft_is_given_up_without_a_number(order):
    client = machine(order.shop)
    page = f"credit-note-drafts/{draft(client, order).json()['id']}/discards"
    assert len(client.get("/api/v1/credit-note-drafts").json()["items"]) == 1

    assert post(client, page, key="x1").json()["state"] == "discarded"

    assert code(post(client, page, key="x2")) == (409, "draft_closed")
    assert client.get("/api/v1/credit-note-drafts").json()["items"] == []
    assert not CreditNote.objects.exists()


def test_more_than_was_charged_is_not_credited(order):
    client = machine(order.shop)

    assert code(draft(client, order, amount=10_001)) == (409, "credits_exceed_invoice")
    assert not CreditNoteDraft.objects.exists()


def test_a_copy_goes_out_once_for_each_request(order):
    client = machine(order.shop)
    told = draft(client, order).json()
    note = post(client, f"credit-note-drafts/{told['id']}/issues", {"version": 1}, key="i").json()
    before = Message.objects.count()

    assert post(client, f"credit-notes/{note['label']}/copies", key="c").json() == note
    post(client, f"credit-notes/{note['label']}/copies", key="c")

    assert Message.objects.count() == before + 1


def test_only_documents_between_businesses_are_handed_over(order):
    client = machine(order.shop)
    told = draft(client, order).json()
    note = post(client, f"credit-note-drafts/{told['id']}/issues", {"version": 1}, key="i").json()

    answer = post(
        client, f"credit-notes/{note['label']}/transmissions", {"reference": "P-1"}, key="t"
    )

    assert code(answer) == (409, "not_to_transmit")


def test_reading_documents_takes_no_right_to_write_them(order):
    reader = machine(order.shop, scopes=[Scope.DOCUMENTS_READ])

    assert reader.get("/api/v1/credit-note-drafts").status_code == 200
    assert code(draft(reader, order)) == (403, "scope_missing")
