"""One thing done to many returns over the API: each by itself, in the background."""

from datetime import timedelta

import pytest
from tests.api.clients import code, machine, post
from tests.world import findings, order_of, received_return, requested_return, small_shop, staff_of

from rebond.domain.machines.actions import revoke_key
from rebond.domain.machines.scopes import Scope
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.work.models import Assignment, BulkRun
from rebond.kernel.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return small_shop()


@pytest.fixture
def waiting(shop):
    """Three requests that nobody has decided yet."""
    made = [requested_return(order_of(shop, number=f"100{n}"), {"MUG-07": 1}) for n in range(3)]
    Return.objects.filter(shop=shop).update(request_state=RequestState.REQUESTED)
    return made


def run(client, key="k1", **body):
    return post(client, "return-runs", body, key=key)


def rows_of(client, run_id):
    told = client.get(f"/api/v1/return-runs/{run_id}").json()
    return told["state"], [(row["state"], row["code"]) for row in told["rows"]]


def test_each_is_done_by_itself_and_a_repeat_is_the_same_run(shop, waiting, run_jobs):
    client = machine(shop)
    Return.objects.filter(pk=waiting[1].pk).update(request_state=RequestState.CANCELLED)
    numbers = [rma.number for rma in waiting]

    first = run(client, kind="approve", returns=numbers)
    again = run(client, kind="approve", returns=numbers)
    run_jobs()

    assert (first.status_code, again.content) == (202, first.content)
    assert (first.json()["state"], first.json()["total"]) == ("running", 3)
    state, rows = rows_of(client, first.json()["id"])
    assert (state, [state for state, _ in rows]) == ("done", ["done", "refused", "done"])
    assert rows[1][1]
    assert BulkRun.objects.count() == 1
    approved = Return.objects.filter(request_state=RequestState.APPROVED)
    assert set(approved) == {waiting[0], waiting[2]}


def test_a_decline_needs_its_reason_and_nothing_is_begun(shop, waiting, run_jobs):
    client = machine(shop)
    wanted = {"kind": "decline", "returns": [waiting[0].number]}

    assert code(run(client, **wanted)) == (422, "decline_needs_reason")
    assert not BulkRun.objects.exists()

    made = run(client, **wanted, reason="other", text="Sold out", key="k2")
    run_jobs()
    assert rows_of(client, made.json()["id"]) == ("done", [("done", "")])
    waiting[0].refresh_from_db()
    assert (waiting[0].request_state, waiting[0].decline_note) == ("declined", "Sold out")


def test_a_colleague_is_named_by_their_address(shop, waiting, run_jobs):
    client, ana = machine(shop), staff_of(shop)
    wanted = {"kind": "assign", "returns": [waiting[0].number]}

    assert code(run(client, **wanted, assignee="nobody@galerie.example")) == (
        422,
        "unknown_colleague",
    )
    run(client, **wanted, assignee=ana.user.email.upper(), key="k2")
    run_jobs()

    assert Assignment.objects.get().staff == ana


def test_a_return_of_another_shop_is_not_there(shop, waiting):
    other = requested_return(order_of(small_shop("autre"), number="9001"))

    for numbers in ([waiting[0].number, "R-nothing"], ["R-1"]):
        assert run(machine(shop), kind="remind", returns=numbers).status_code == 404
    assert other.number and not BulkRun.objects.exists()


def test_refunds_need_the_scope_for_money_also_to_go_on(shop, run_jobs):
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    Job.objects.all().delete()  # nobody else decides it
    weak = machine(shop, scopes=[Scope.RETURNS_READ, Scope.RETURNS_WRITE])
    strong = machine(shop)
    wanted = {"kind": "refund", "returns": [rma.number]}

    assert code(run(weak, **wanted)) == (403, "scope_missing")
    made = run(strong, **wanted).json()["id"]
    assert post(weak, f"return-runs/{made}/stops").json()["state"] == "stopped"
    run_jobs()
    assert not Refund.objects.exists()
    assert code(post(weak, f"return-runs/{made}/resumptions")) == (403, "scope_missing")

    assert post(strong, f"return-runs/{made}/resumptions").json()["state"] == "running"
    run_jobs()
    assert rows_of(strong, made) == ("done", [("done", "")])
    assert Refund.objects.count() == 1


def test_a_key_that_was_revoked_does_nothing_more(shop, waiting, run_jobs):
    client, other = machine(shop), machine(shop)
    made = run(client, kind="approve", returns=[rma.number for rma in waiting]).json()["id"]
    revoke_key(shop, client.key.pk, by="staff:Ana")
    run_jobs()

    assert rows_of(other, made) == ("done", [("refused", "no_longer_allowed")] * 3)
    assert not Return.objects.filter(request_state=RequestState.APPROVED).exists()


def test_the_newest_runs_come_first(shop, waiting):
    client = machine(shop)
    made = [
        run(client, kind="remind", returns=[rma.number], key=rma.number).json()["id"]
        for rma in waiting
    ]
    BulkRun.objects.filter(pk=made[0]).update(
        started_at=BulkRun.objects.get(pk=made[0]).started_at - timedelta(days=1)
    )

    told = client.get("/api/v1/return-runs").json()["items"]
    assert [one["id"] for one in told] == [made[2], made[1], made[0]]
