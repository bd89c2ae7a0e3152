"""Requests under keys, sent, broken and repeated in any order: one effect and one answer for each.

What a request does and the answer it gets are one transaction. The model is the table of the
standard: the same key and body get the same answer, another body 422, and while the first is at
work 409.
Source: IETF draft-ietf-httpapi-idempotency-key-header-07.
"""

import json
import logging
import os
from collections import Counter
from itertools import count
from threading import Event, Thread

import pytest
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.api.clients import machine, post
from tests.world import order_of, requested_return, small_shop

from rebond.api import repeats
from rebond.api.v1 import refunds
from rebond.domain.machines import actions
from rebond.domain.machines.actions import make_key
from rebond.domain.machines.models import GivenAnswer
from rebond.domain.machines.scopes import Scope
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.errors import ChangedMeanwhile
from rebond.domain.returns.models import Note
from rebond.insights.verification.promises import PROMISES

pytestmark = pytest.mark.django_db
NUMBERS = count(1)
EXAMPLES = int(os.environ.get("REPEATS_EXAMPLES", "50"))
ORDERS, KEYS = ("1001", "1002"), ("k1", "k2")
# Two that are paid, and one that asks for too much.
BODIES = ({"amount_minor": 100}, {"amount_minor": 200}, {"amount_minor": 10**9})
PATIENCE = 20
either = st.integers(0, 1)
STEPS = st.lists(
    st.tuples(
        either,
        either,
        either,
        st.sampled_from([0, 0, 0, 1, 2]),
        st.sampled_from(["", "", "", "before", "after"]),
    ),
    min_size=4,
    max_size=20,
)


class OurError(Exception):
    """An error of ours in the middle of a request."""


class Door:
    """One door for two machines, and what the model says of each of their keys."""

    def __init__(self) -> None:
        self.shop = small_shop(f"door-{next(NUMBERS)}")
        for number in ORDERS:
            order_of(self.shop, number=number)
        self.machines = [self._machine(title) for title in ("till", "helpdesk")]
        self.known: dict[tuple, tuple[int, tuple[int, bytes]]] = {}
        self.fault = ""

    def _machine(self, title: str) -> Client:
        scopes = [scope.value for scope in Scope]
        _key, text = make_key(self.shop, title=title, scopes=scopes, by="staff:Ana")
        headers = {"authorization": f"Bearer {text}"}
        return Client(headers=headers, raise_request_exception=False)

    def send(self, who: int, order: int, key: int, body: int, fault: str) -> None:
        """A request comes in; ``fault`` breaks it before its work, or after it."""
        scope, self.fault = (who, order, key), fault
        came = self._post(scope, body)
        known = self.known.get(scope)
        if known is None and fault:
            assert came[0] == 500
        elif known is None:
            assert came[0] == (409 if body == 2 else 201)
            self.known[scope] = body, came
        elif known[0] != body:
            assert came[0] == 422
        else:
            assert came == known[1]

    def holds(self) -> None:
        """As many refunds as keys under which one was answered."""
        made = Counter(Settlement.objects.filter(shop=self.shop).values_list("order__number"))
        wanted = Counter(
            (ORDERS[order],)
            for (_, order, _), (_, (status, _)) in self.known.items()
            if status == 201
        )
        assert made == wanted

    def _post(self, scope: tuple, body: int) -> tuple[int, bytes]:
        who, order, key = scope
        answer = self.machines[who].post(
            f"/api/v1/orders/{ORDERS[order]}/refunds",
            json.dumps(BODIES[body] | {"reason": "late"}),
            content_type="application/json",
            headers={"idempotency-key": KEYS[key]},
        )
        return answer.status_code, answer.content


@pytest.fixture
def breaks(monkeypatch, caplog):
    """Lets the request of a door fail on our side, where the door says so."""
    caplog.set_level(logging.CRITICAL, "django.request")
    plain, refund = repeats._kept, refunds.refund_order
    doors: list[Door] = []

    def kept(answer):
        if doors and doors[-1].fault == "after":
            raise OurError
        return plain(answer)

    def decide(*args, **more):
        if doors and doors[-1].fault == "before":
            raise OurError
        return refund(*args, **more)

    monkeypatch.setattr(repeats, "_kept", kept)
    monkeypatch.setattr("rebond.api.v1.refunds.refund_order", decide)
    return doors


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
@example(steps=[(0, 0, 0, 0, "after"), (0, 0, 0, 0, ""), (0, 0, 0, 0, ""), (0, 0, 0, 1, "")])
@example(steps=[(0, 0, 0, 2, ""), (0, 0, 0, 2, "after"), (0, 0, 0, 0, ""), (1, 0, 0, 0, "")])
def test_a_key_has_one_effect_and_one_answer_whatever_comes_between(steps, breaks):
    door = Door()
    breaks.append(door)
    for step in steps:
        door.send(*step)
        door.holds()
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_what_failed_after_its_work_is_undone_and_may_be_tried_again(shop_order, monkeypatch):
    client = machine(shop_order.shop)
    client.raise_request_exception = False
    rma = requested_return(shop_order, {"LAMP-01": 1})
    page = f"returns/{rma.number}/notes"
    with monkeypatch.context() as broken:
        broken.setattr("rebond.api.v1.return_verbs._note_out", None)
        failed = post(client, page, {"text": "Box is torn."}, key="k1")
    assert (failed.status_code, Note.objects.count(), GivenAnswer.objects.count()) == (500, 0, 0)

    first, again = (post(client, page, {"text": "Box is torn."}, key="k1") for _ in range(2))

    assert (first.status_code, first.content) == (201, again.content)
    assert Note.objects.count() == 1


def test_a_refusal_undoes_what_was_begun_and_is_the_answer_from_then_on(shop_order, monkeypatch):
    client = machine(shop_order.shop)
    rma = requested_return(shop_order, {"LAMP-01": 1})
    page = f"returns/{rma.number}/notes"

    def refuse(_):
        raise ChangedMeanwhile(number=rma.number)

    with monkeypatch.context() as late:
        late.setattr("rebond.api.v1.return_verbs._note_out", refuse)
        first = post(client, page, {"text": "Box is torn."}, key="k1")
    again = post(client, page, {"text": "Box is torn."}, key="k1")

    assert (first.status_code, first.content) == (412, again.content)
    assert Note.objects.count() == 0


def test_who_was_refused_late_hears_what_another_sender_was_told_meanwhile(shop_order, monkeypatch):
    """The same was sent again between the undoing of the refusal and its keeping."""
    client = machine(shop_order.shop)
    rma = requested_return(shop_order, {"LAMP-01": 1})
    page, body = f"returns/{rma.number}/notes", {"text": "Box is torn."}
    keep, told = actions._keep_refusal, []

    def refuse(_):
        raise ChangedMeanwhile(number=rma.number)

    def keep_late(request, given):
        late.undo()
        told.append(post(client, page, body, key="k1"))
        return keep(request, given)

    late = pytest.MonkeyPatch()
    monkeypatch.setattr(actions, "_keep_refusal", keep_late)
    late.setattr("rebond.api.v1.return_verbs._note_out", refuse)
    first = post(client, page, body, key="k1")
    again = post(client, page, body, key="k1")

    assert [one.status_code for one in (*told, first, again)] == [201, 201, 201]
    assert told[0].content == first.content == again.content
    assert Note.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_at_work_the_second_is_told_to_come_again(shop_order, monkeypatch):
    """On SQLite it waits for the first: there only one transaction writes at a time."""
    client, page = machine(shop_order.shop), f"orders/{shop_order.number}/refunds"
    body = {"amount_minor": 100, "reason": "late"}
    is_at_work, may_end, first = Event(), Event(), []
    plain = repeats._kept

    def kept(answer):
        is_at_work.set()
        assert may_end.wait(PATIENCE)
        return plain(answer)

    def send() -> None:
        try:
            first.append(post(client, page, body, key="k1"))
        finally:
            connections.close_all()

    monkeypatch.setattr(repeats, "_kept", kept)
    sender = Thread(target=send)
    sender.start()
    assert is_at_work.wait(PATIENCE)
    second = post(client, page, body, key="k1")
    may_end.set()
    sender.join(PATIENCE)
    again = post(client, page, body, key="k1")

    assert (second.status_code, second.json()["code"]) == (409, "still_being_answered")
    assert (again.status_code, again.content) == (201, first[0].content)
    assert Settlement.objects.count() == 1


@pytest.fixture
def shop_order(db):
    return order_of(small_shop(f"door-{next(NUMBERS)}"), number="1001")
