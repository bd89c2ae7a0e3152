"""A policy tried on the past by a machine; versions called off, brought back, thrown away."""

from datetime import timedelta

import pytest
from tests.api.clients import code, machine, post
from tests.insights.test_trials import STRICT
from tests.world import order_of, requested_return, run_jobs, small_shop

from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import version_in_force
from rebond.insights.trials.models import Trial
from rebond.kernel.clock import now, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = small_shop()
    for number, days in (("1001", 5), ("1002", 20), ("1003", 25)):
        requested_return(order_of(shop, number=number, days_since_delivery=days), {"LAMP-01": 1})
    return shop


@pytest.fixture
def client(shop):
    return machine(shop)


def drafted(client, document=STRICT, key="d1"):
    return post(client, "policies", {"document": document}, key=key).json()["number"]


def days():
    last = today("Europe/Paris")
    return {"first": (last - timedelta(days=90)).isoformat(), "last": last.isoformat()}


@pytest.mark.django_db(transaction=True)
def test_a_trial_runs_in_the_background_and_tells_who_loses(client):
    number = drafted(client)

    begun = post(client, f"policies/{number}/trials", days(), key="t1")
    again = post(client, f"policies/{number}/trials", days(), key="t1")
    run_jobs()

    assert (begun.status_code, again.content) == (202, begun.content)
    assert Trial.objects.count() == 1
    told = client.get(f"/api/v1/policies/{number}/trials/{begun.json()['id']}").json()
    assert (told["state"], told["done"]) == ("done", told["total"])
    whole = told["returns"]["whole"]
    assert (whole["cases"], whole["kinder"]) == (3, 0) and whole["stricter"] == 2
    assert whole["money"][0]["after"] < whole["money"][0]["before"]
    listed = client.get(f"/api/v1/policies/{number}/trials").json()["items"]
    assert [one["id"] for one in listed] == [told["id"]]


def test_a_trial_is_stopped_and_goes_on(client):
    number = drafted(client)
    page = f"policies/{number}/trials"
    begun = post(client, page, days(), key="t1").json()

    assert post(client, f"{page}/{begun['id']}/stops").json()["state"] == "stopped"
    assert post(client, f"{page}/{begun['id']}/resumptions").json()["state"] == "running"


def test_days_the_wrong_way_round_and_unknown_trials_are_refused(client):
    number = drafted(client)
    page = f"policies/{number}/trials"
    wrong = {"first": "2026-02-01", "last": "2026-01-01"}

    assert code(post(client, page, wrong, key="t1"))[0] == 422
    assert code(post(client, "policies/99/trials", days(), key="t2"))[0] == 404
    nowhere = "01a3d2b8-0000-7000-8000-000000000000"
    assert code(post(client, f"{page}/{nowhere}/stops"))[0] == 404
    assert not Trial.objects.exists()


def test_a_planned_version_is_called_off_and_is_a_draft_again(shop, client):
    number = drafted(client, GENEROUS)
    at = (now() + timedelta(days=3)).isoformat()
    post(client, f"policies/{number}/publication", {"revision": 1, "at": at}, key="p1")

    called = post(client, f"policies/{number}/callings-off", key="c1")
    late = post(client, f"policies/{number}/callings-off", key="c2")

    assert called.json()["standing"] == "draft" and called.json()["published_at"] is None
    assert code(late) == (409, "policy_already_published")


def test_an_old_version_comes_back_as_a_new_one(shop, client):
    first = version_in_force(shop, now())
    number = drafted(client, GENEROUS)
    post(client, f"policies/{number}/publication", {"revision": 1}, key="p1")

    back = post(client, f"policies/{first.number}/rollbacks", {"note": "Too kind"}, key="r1")
    again = post(client, f"policies/{first.number}/rollbacks", {"note": "Too kind"}, key="r1")

    assert (back.status_code, again.content) == (201, back.content)
    held = version_in_force(shop, now())
    assert (held.number, held.document) == (back.json()["number"], first.document)
    assert back.json()["based_on"] == first.number and back.json()["note"] == "Too kind"


def test_a_draft_is_thrown_away_unless_somebody_wrote_it_since(shop, client):
    number = drafted(client)
    page = f"policies/{number}/discards"

    assert code(post(client, page, {"revision": 2}, key="x1")) == (409, "policy_changed_meanwhile")
    gone = post(client, page, {"revision": 1}, key="x2")
    assert (gone.status_code, gone.json()["number"]) == (201, number)
    assert not PolicyVersion.objects.filter(shop=shop, number=number).exists()
    assert code(post(client, page, {"revision": 1}, key="x3"))[0] == 404
    in_force = version_in_force(shop, now()).number
    assert code(post(client, f"policies/{in_force}/discards", {"revision": 1}, key="x4")) == (
        409,
        "policy_already_published",
    )
