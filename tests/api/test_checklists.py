"""Checklists over the API: written, read for a return, answered with an inspection."""

import pytest
from tests.api.clients import code, machine, post
from tests.world import order_of, received_return, small_shop

from rebond.domain.warehouse.models import Checklist, Inspection

pytestmark = pytest.mark.django_db
QUESTION = {"words": {"en": "Is it whole?", "fr": "Est-ce entier ?"}, "at_best": "c"}


@pytest.fixture
def client():
    return machine(small_shop())


def test_a_machine_writes_reads_answers_and_takes_away(client):
    rma = received_return(order_of(client.key.shop), {"LAMP-01": 1})
    told = {"grades": {"a": {"en": "As new"}}, "questions": [QUESTION]}

    written = post(client, "checklists", told, key="k1")
    asked = client.get(f"/api/v1/returns/{rma.number}/checklists").json()
    finding = {
        "line": asked[0]["line"],
        "quantity": 1,
        "grade": "c",
        "disposition": "resell",
    }
    page = f"returns/{rma.number}/inspections"
    silent = post(client, page, {"findings": [finding]}, key="k2", version="*")
    finding |= {"answers": {asked[0]["questions"][0]["key"]: "no"}}
    kept = post(client, page, {"findings": [finding]}, key="k3", version="*")
    listed = client.get("/api/v1/checklists").json()
    gone = post(client, "checklist-removals", {}, key="k4")

    assert written.status_code == 201
    assert asked[0]["questions"] == [{"key": "q1", **QUESTION}]
    assert code(silent) == (422, "checklist_open")
    assert kept.status_code == 201
    assert Inspection.objects.get().answers[0]["answer"] == "no"
    assert listed[0]["grades"] == {"a": {"en": "As new"}}
    assert gone.status_code == 201
    assert not Checklist.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"questions": [{"words": {}}]},
        {"questions": [{"words": {"en": "x" * 201}}]},
        {"questions": [QUESTION | {"at_best": "a"}]},
        {"grades": {"missing": {"en": "Nowhere"}}},
    ],
)
def test_what_cannot_be_is_refused(client, told):
    assert post(client, "checklists", told, key="k1").status_code == 422
