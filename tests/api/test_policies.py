"""Policies by a machine with a key."""

import json

import pytest
from tests.api.clients import post as send
from tests.api.test_refunds import code, machine, post
from tests.world import order_of, requested_return, run_jobs, small_shop

from rebond.domain.policies.models import PolicyVersion
from rebond.insights.trials.models import Trial
from rebond.kernel.clock import today

pytestmark = pytest.mark.django_db
DOCUMENT = {"rules": [{"id": "window", "kind": "window", "days": 20}]}
SHORT = {"rules": [{"kind": "window", "days": 7}]}


@pytest.fixture
def client(db):
    return machine(small_shop())


def put(client, page, body):
    return client.put(f"/api/v1/{page}", json.dumps(body), content_type="application/json")


def test_a_policy_is_drafted_changed_published_and_listed(client):
    made = post(client, "policies", {"document": DOCUMENT, "note": "x"}, "k1")
    again = post(client, "policies", {"document": DOCUMENT, "note": "x"}, "k1")
    assert made.status_code == 201 and again.json() == made.json()
    assert made.json()["standing"] == "draft"

    longer = {"document": {"rules": [{"kind": "window", "days": 40}]}, "revision": 1}
    assert put(client, "policies/2", longer).json()["revision"] == 2
    done = post(client, "policies/2/publication", {"revision": 2}, "k2")

    assert done.json()["standing"] == "in_force"
    listed = client.get("/api/v1/policies").json()
    assert [(row["number"], row["standing"]) for row in listed] == [
        (2, "in_force"),
        (1, "superseded"),
    ]
    assert client.get("/api/v1/policies/2").json()["document"]["rules"][0]["days"] == 40
    assert PolicyVersion.objects.count() == 2


def test_refusals_carry_their_codes(client):
    post(client, "policies", {"document": SHORT}, "k1")

    assert code(put(client, "policies/2", {"document": SHORT, "revision": 7})) == (
        409,
        "policy_changed_meanwhile",
    )
    against = post(client, "policies/2/publication", {"revision": 1}, "k2")
    assert code(against) == (422, "policy_against_law")
    assert against.json()["facts"]["breaches"][0]["articles"]
    assert code(client.get("/api/v1/policies/99")) == (404, "unknown_policy_version")
    assert code(post(client, "policies", {"document": {"rules": 1}}, "k3")) == (
        422,
        "policy_not_readable",
    )


def test_a_reader_changes_nothing():
    reader = machine(small_shop(), ["policies:read"])

    assert code(post(reader, "policies", {"document": DOCUMENT}, "k")) == (403, "scope_missing")
    assert reader.get("/api/v1/policies").status_code == 200


def test_a_decision_is_previewed_without_storing_anything(client):
    facts = {
        "asked_on": "2026-11-30",
        "ordered_on": "2026-11-01",
        "delivered_on": "2026-11-04",
        "lines": [{"key": "1", "sku": "A", "value_minor": 5000, "reason": "size"}],
    }

    in_force = post(client, "policies/decisions", facts).json()
    drafted = post(client, "policies/decisions", facts | {"document": SHORT}).json()

    assert (in_force["verdict"], in_force["version"]) == ("approve", 1)
    assert drafted["verdict"] == "decline"
    assert drafted["findings"][0]["code"] == "window_over"
    broken = post(client, "policies/decisions", facts | {"document": {"rules": 1}})
    assert code(broken) == (422, "policy_not_readable")


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "Modèle de formulaire de rétractation"), ("en", "Model withdrawal form")],
)
def test_the_text_for_order_confirmations(client, language, said):
    answer = client.get(f"/api/v1/policies/confirmation-text?language={language}").json()

    assert answer["version"] == 1 and answer["language"] == language
    assert said in answer["text"] and "/s/galerie/withdraw/" in answer["text"]
    assert "<" not in answer["text"]


def test_a_language_we_do_not_speak_is_refused(client):
    assert client.get("/api/v1/policies/confirmation-text?language=xx").status_code == 422


def test_a_draft_is_thrown_away_unless_somebody_wrote_it_since(client):
    post(client, "policies", {"document": DOCUMENT}, "k1")

    late = post(client, "policies/2/discards", {"revision": 7}, "k2")
    gone = post(client, "policies/2/discards", {"revision": 1}, "k3")

    assert code(late) == (409, "policy_changed_meanwhile")
    assert (gone.status_code, gone.json()["number"]) == (201, 2)
    assert post(client, "policies/2/discards", {"revision": 1}, "k3").content == gone.content
    assert code(client.get("/api/v1/policies/2")) == (404, "unknown_policy_version")
    assert code(post(client, "policies/1/discards", {"revision": 1}, "k4"))[0] == 409


def test_an_old_version_is_put_in_force_again_as_a_new_one(client):
    post(client, "policies", {"document": DOCUMENT}, "k1")
    post(client, "policies/2/publication", {"revision": 1}, "k2")

    back = post(client, "policies/1/rollbacks", {"note": "Too short"}, "k3")

    again = post(client, "policies/1/rollbacks", {"note": "Too short"}, "k3")
    assert (back.status_code, again.content) == (201, back.content)
    told = back.json()
    assert (told["number"], told["based_on"], told["standing"]) == (3, 1, "in_force")
    assert told["document"] == client.get("/api/v1/policies/1").json()["document"]
    assert code(post(client, "policies/99/rollbacks", {}, "k4")) == (404, "unknown_policy_version")


def test_a_planned_version_is_called_off(client):
    post(client, "policies", {"document": DOCUMENT}, "k1")
    later = {"revision": 1, "at": "2100-01-01T00:00:00Z"}
    assert post(client, "policies/2/publication", later, "k2").json()["standing"] == "scheduled"

    off = post(client, "policies/2/callings-off", {}, "k3")

    assert off.json()["standing"] == "draft"
    assert code(post(client, "policies/1/callings-off", {}, "k4")) == (
        409,
        "policy_already_published",
    )


def test_a_version_is_tried_on_past_returns():
    shop = small_shop()
    client = machine(shop)
    requested_return(order_of(shop), {"LAMP-01": 1})
    post(client, "policies", {"document": DOCUMENT}, "k1")
    day = today(shop.time_zone).isoformat()
    wanted = {"first": day, "last": day}

    begun = post(client, "policies/2/trials", wanted, "k2")
    page = f"policies/2/trials/{begun.json()['id']}"
    assert begun.status_code == 202 and begun.json()["state"] == "running"
    assert post(client, "policies/2/trials", wanted, "k2").content == begun.content
    assert send(client, f"{page}/stops").json()["state"] == "stopped"
    run_jobs()
    assert client.get(f"/api/v1/{page}").json()["done"] == 0
    assert send(client, f"{page}/resumptions").json()["state"] == "running"
    run_jobs()

    done = client.get(f"/api/v1/{page}").json()
    assert (done["state"], done["done"]) == ("done", done["total"])
    assert done["returns"]["whole"]["cases"] == 1
    assert Trial.objects.count() == 1
    listed = client.get("/api/v1/policies/2/trials").json()["items"]
    assert [one["id"] for one in listed] == [done["id"]]
    assert code(client.get(f"/api/v1/policies/1/trials/{done['id']}"))[0] == 404
    backwards = {"first": "2026-02-01", "last": "2026-01-01"}
    assert code(post(client, "policies/2/trials", backwards, "k3")) == (422, "trial_of_nothing")
    twin = machine(small_shop("autre"))
    assert code(twin.get(f"/api/v1/{page}"))[0] == 404
    assert code(send(twin, f"{page}/stops"))[0] == 404
