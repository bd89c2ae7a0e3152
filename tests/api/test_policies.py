"""Policies by a machine with a key."""

import json

import pytest
from tests.api.test_refunds import code, machine, post
from tests.world import small_shop

from rebond.domain.policies.models import PolicyVersion

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
