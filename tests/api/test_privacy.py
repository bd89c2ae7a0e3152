"""Personal data and audit by a machine with a key."""

import pytest
from tests.api.clients import code, machine, post
from tests.world import EMAIL, order_of, requested_return, run_jobs, small_shop

from rebond.domain.audit.models import AuditEntry
from rebond.domain.machines.scopes import Scope
from rebond.domain.privacy.actions import keep_for
from rebond.domain.returns.states import RequestState
from rebond.domain.shoppers.holdings import DataKind
from rebond.domain.shoppers.models import DataRequest, Shopper
from rebond.insights.verification.audit import AT_ONCE, check_piece, heads_of
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db
ASKED = {"email": EMAIL, "note": "By phone; knew the last order"}


@pytest.fixture
def shop(db):
    return small_shop()


def note(client, kind, key="k1", **more):
    return post(client, "data-requests", ASKED | {"kind": kind} | more, key=key)


def test_a_copy_is_asked_for_and_handed_to_the_person_alone(shop):
    order_of(shop)
    client = machine(shop)

    asked = note(client, "copy")
    assert (asked.status_code, note(client, "copy").content) == (201, asked.content)
    told = asked.json()
    assert (told["state"], told["is_proven"], told["email"]) == ("open", False, EMAIL)
    assert code(note(client, "copy", key="k2")) == (409, "data_request_open")

    page = f"data-requests/{told['id']}"
    done = post(client, f"{page}/fulfilments", key="k3")
    assert (done.status_code, done.json()["state"]) == (201, "done")
    assert post(client, f"{page}/fulfilments", key="k3").content == done.content
    assert code(post(client, f"{page}/fulfilments", key="k4")) == (409, "data_request_answered")
    assert "file" not in done.json() and DataRequest.objects.get().file
    assert client.get(f"/api/v1/{page}").json()["state"] == "done"


def test_an_erasure_waits_for_what_is_open_and_then_empties_the_person(shop):
    rma = requested_return(order_of(shop), {"MUG-07": 1})
    client = machine(shop)
    page = f"data-requests/{note(client, 'erase').json()['id']}"

    refused = post(client, f"{page}/fulfilments", key="k2")
    assert code(refused) == (409, "matters_open")
    assert rma.number in refused.json()["facts"]["numbers"]
    assert Shopper.objects.filter(shop=shop, email=EMAIL).exists()

    rma.request_state = RequestState.CANCELLED
    rma.save(update_fields=["request_state"])
    done = post(client, f"{page}/fulfilments", key="k3").json()
    run_jobs()

    assert (done["state"], done["kind"]) == ("done", "erase")
    assert done["kept"] == DataRequest.objects.get().kept
    assert not Shopper.objects.filter(shop=shop, email=EMAIL).exists()


def test_a_refusal_has_words(shop):
    order_of(shop)
    client = machine(shop)
    page = f"data-requests/{note(client, 'erase').json()['id']}"

    assert code(post(client, f"{page}/refusals", {"answer": " "}, key="k2")) == (
        422,
        "words_needed",
    )
    done = post(client, f"{page}/refusals", {"answer": "It was not them"}, key="k3").json()

    assert (done["state"], done["answer"]) == ("refused", "It was not them")
    assert Event.objects.filter(name="data_request.ended", actor="api:till").count() == 1
    listed = client.get("/api/v1/data-requests", {"state": "refused"}).json()
    assert [one["id"] for one in listed["items"]] == [done["id"]]
    assert client.get("/api/v1/data-requests", {"state": "open"}).json()["items"] == []


def test_nobody_unknown_and_nothing_without_a_word(shop):
    order_of(shop)
    client = machine(shop)

    stranger = note(client, "copy", email="nobody@mailbox.example")
    assert code(stranger) == (404, "unknown_mailbox")
    assert code(note(client, "copy", key="k2", note="   ")) == (422, "words_needed")
    assert code(note(client, "all", key="k3")) == (422, "invalid_body")
    assert not DataRequest.objects.exists()


def test_how_long_things_are_kept(shop):
    keep_for(shop, DataKind.PHOTOS, 3, by="test")

    told = machine(shop).get("/api/v1/retention").json()

    kinds = {one["kind"]: one for one in told["kinds"]}
    assert list(kinds) == [kind.value for kind in DataKind]
    photos = kinds["photos"]
    assert (photos["months"], photos["usual"], photos["least"]) == (3, 6, 1)
    assert told["last_purge"] is None


def test_requests_of_another_shop_and_reading_keys(shop):
    order_of(shop)
    asked = note(machine(shop), "copy").json()["id"]
    twin, reader = machine(small_shop("autre")), machine(shop, scopes=(Scope.PRIVACY_READ,))

    assert twin.get("/api/v1/data-requests").json()["items"] == []
    assert code(twin.get(f"/api/v1/data-requests/{asked}")) == (404, "not_found")
    assert code(post(twin, f"data-requests/{asked}/fulfilments", key="k")) == (404, "not_found")
    assert code(note(reader, "erase", key="k")) == (403, "scope_missing")
    assert DataRequest.objects.get().state == "open"


@pytest.fixture
def three(shop):
    """A shop whose key noted three requests."""
    client = machine(shop)
    for n in range(3):
        order_of(shop, number=f"200{n}")
    requests = [note(client, "copy").json()["id"]]
    post(client, f"data-requests/{requests[0]}/fulfilments", key="k2")
    note(client, "erase", key="k3")
    return client


def test_the_audit_is_read_in_pages_and_filtered(shop, three):
    other = machine(small_shop("autre"))

    first = three.get("/api/v1/audit-entries", {"limit": 2}).json()
    rest = three.get("/api/v1/audit-entries", {"limit": 2, "cursor": first["older"]}).json()

    entries = [*first["items"], *rest["items"]]
    assert [one["number"] for one in entries] == [3, 2, 1]
    assert {(one["who_kind"], one["who"]) for one in entries} == {("key", str(three.key.pk))}
    ended = three.get("/api/v1/audit-entries", {"verb": "data_request.ended"}).json()["items"]
    assert [one["number"] for one in ended] == [2]
    subject = three.get("/api/v1/audit-entries", {"subject": ended[0]["subject"]}).json()["items"]
    assert [one["number"] for one in subject] == [2, 1]
    late = three.get("/api/v1/audit-entries", {"at_from": "2100-01-01T00:00:00Z"}).json()
    assert late["items"] == []
    assert other.get("/api/v1/audit-entries").json()["items"] == []
    assert code(three.get("/api/v1/audit-entries", {"whom": "x"})) == (422, "unknown_parameter")
    assert code(three.get("/api/v1/audit-entries", {"cursor": "x"})) == (422, "cursor_unreadable")
    reader = machine(shop, scopes=(Scope.EVENTS_READ,))
    assert code(reader.get("/api/v1/audit-entries")) == (403, "scope_missing")


def test_the_chain_is_checked_piece_by_piece(shop, three):
    whole = three.get("/api/v1/audit-entries/verification").json()
    rest = three.get("/api/v1/audit-entries/verification", {"after": 2}).json()
    beyond = three.get("/api/v1/audit-entries/verification", {"after": 99}).json()

    assert whole == {"checked": 3, "breaches": [], "next": None}
    assert rest == {"checked": 1, "breaches": [], "next": None}
    assert beyond == {"checked": 0, "breaches": [], "next": None}
    first = check_piece(shop.pk, heads_of(shop.pk), after=0, most=2)
    assert (first.checked, first.last, first.is_last, first.breaches) == (2, 2, False, [])
    assert AT_ONCE == 500


def test_a_chain_that_was_changed_says_so_in_each_piece(shop, three, without_guards):
    entries = AuditEntry.objects.filter(shop=shop)
    entries.filter(number=2).update(verb="looked.nothing")
    changed = three.get("/api/v1/audit-entries/verification").json()["breaches"]
    assert [text for text in changed if "entry 2 of shop" in text]

    entries.filter(number=2).delete()
    gap = three.get("/api/v1/audit-entries/verification").json()["breaches"]
    assert any("entry 2 is missing" in text for text in gap)
    after = three.get("/api/v1/audit-entries/verification", {"after": 2}).json()
    assert after["checked"] == 1 and "entry 2 is missing" in after["breaches"][0]
    entries.filter(number=3).delete()
    short = three.get("/api/v1/audit-entries/verification", {"after": 1}).json()["breaches"]
    assert any("3 entries were written, 1 are there" in text for text in short)
