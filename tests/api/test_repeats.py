"""Requests under keys, begun, interrupted and repeated in any order: one effect for each.

Every request stops between its transactions, so that any other can come in there; it may also die,
or meet an error of ours. The model is the table of the standard: the same key and body get the
same answer, another body 422, and while the first is at work 409.
Source: IETF draft-ietf-httpapi-idempotency-key-header-07.
"""

import json
import logging
import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
import time_machine
from django.test import Client
from greenlet import getcurrent, greenlet
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.world import order_of, small_shop

from rebond.api import repeats
from rebond.domain.machines.actions import BUSY, make_key
from rebond.domain.machines.scopes import Scope
from rebond.domain.refunds.models import Settlement
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db
NUMBERS = count(1)
EXAMPLES = int(os.environ.get("REPEATS_EXAMPLES", "50"))
BEGINS = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
ORDERS, KEYS = ("1001", "1002"), ("k1", "k2")
# Two that are paid, and one that asks for too much.
BODIES = ({"amount_minor": 100}, {"amount_minor": 200}, {"amount_minor": 10**9})
TAKEN, MADE = "taken", "made"
either, which = st.integers(0, 1), st.integers(0, 9)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), either, either, either, st.sampled_from([0, 0, 0, 1, 2])),
        st.tuples(st.sampled_from(["go", "go", "die", "fail"]), which),
        st.tuples(st.just("wait"), st.sampled_from([1, 3])),
    ),
    min_size=4,
    max_size=25,
)
FIRST = ("send", 0, 0, 0, 0)


class OurError(Exception):
    """An error of ours in the middle of a request."""


class Over(BaseException):
    """Ends what is left of a request that died, when the test is over."""


@dataclass
class Known:
    """What the model knows of a key: the body, who may answer until when, and the answer."""

    body: int
    holder: int
    busy_until: datetime
    answer: tuple[int, bytes] | None = None


class Door:
    """Requests under way at one door, and what the model says of each."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.shop = small_shop(f"door-{next(NUMBERS)}")
        for number in ORDERS:
            order_of(self.shop, number=number)
        self.machines = [self._machine(title) for title in ("till", "helpdesk")]
        self.known: dict[tuple, Known] = {}
        self.under_way: dict[int, tuple[greenlet, tuple, int]] = {}
        self.dead: list[greenlet] = []
        self.paid: dict[tuple, bytes] = {}
        self.sent = 0

    def _machine(self, title: str) -> Client:
        scopes = [scope.value for scope in Scope]
        _key, text = make_key(self.shop, title=title, scopes=scopes, by="staff:Ana")
        headers = {"authorization": f"Bearer {text}"}
        return Client(headers=headers, raise_request_exception=False)

    def send(self, machine: int, order: int, key: int, body: int) -> None:
        """A request comes in and is answered at once, or taken."""
        self.sent += 1
        scope, me = (machine, order, key), self.sent
        expected = self._expected(scope, body, me)
        request = greenlet(lambda: self._post(scope, body))
        came_to = request.switch()
        if expected == TAKEN:
            assert came_to == TAKEN
            self.under_way[me] = request, scope, body
        elif isinstance(expected, int):
            assert came_to[0] == expected
        else:
            assert came_to == expected

    def go(self, place: int, fault: str = "") -> None:
        """A request that is under way does its next transaction; a ``fault`` comes before it."""
        if not self.under_way:
            return
        me = list(self.under_way)[place % len(self.under_way)]
        request, scope, body = self.under_way[me]
        came_to = request.switch(fault)
        if came_to == MADE:
            if body != 2:
                self.paid.setdefault(scope, b"")
            return
        del self.under_way[me]
        self._ended(scope, me, came_to, fault)

    def fail(self, place: int) -> None:
        self.go(place, "error")

    def die(self, place: int) -> None:
        """A request that is under way is never heard of again."""
        if self.under_way:
            me = list(self.under_way)[place % len(self.under_way)]
            self.dead.append(self.under_way.pop(me)[0])

    def wait(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    def holds(self) -> None:
        """Each key has at most one effect: as many refunds as keys under which one was made."""
        made = Counter(Settlement.objects.filter(shop=self.shop).values_list("order__number"))
        wanted = Counter((ORDERS[order],) for _, order, _ in self.paid)
        assert made == wanted

    def come_to_an_end(self) -> None:
        """Everybody finishes, and asks again: then each key has its one answer."""
        while self.under_way:
            self.go(0)
        self.wait(3)
        for scope, known in list(self.known.items()):
            self.send(*scope, known.body)
            while self.under_way:
                self.go(0)
            assert known.answer is not None and known.answer[0] in {201, 409}
            self.send(*scope, known.body)

    def leave(self) -> None:
        """What died is cleared away; the rows of the test go with the test."""
        for request in [*self.dead, *(one for one, _, _ in self.under_way.values())]:
            with pytest.raises(Over):
                request.throw(Over)

    def _expected(self, scope: tuple, body: int, me: int) -> object:
        known = self.known.get(scope)
        if known is None:
            self.known[scope] = Known(body, me, now() + BUSY)
            return TAKEN
        if known.body != body:
            return 422
        if known.answer is not None:
            return known.answer
        if known.busy_until > now():
            return 409
        known.holder, known.busy_until = me, now() + BUSY
        return TAKEN

    def _ended(self, scope: tuple, me: int, came_to: tuple[int, bytes], fault: str) -> None:
        known = self.known[scope]
        is_holder = known.holder == me and known.answer is None
        assert came_to[0] == (500 if fault else 409 if known.body == 2 else 201)
        if came_to[0] == 201:
            assert self.paid[scope] in (b"", came_to[1]), "two answers for one refund"
            self.paid[scope] = came_to[1]
        if is_holder and fault:
            known.busy_until = now()
        elif is_holder:
            known.answer = came_to

    def _post(self, scope: tuple, body: int) -> tuple[int, bytes]:
        machine, order, key = scope
        answer = self.machines[machine].post(
            f"/api/v1/orders/{ORDERS[order]}/refunds",
            json.dumps(BODIES[body] | {"reason": "late"}),
            content_type="application/json",
            headers={"idempotency-key": KEYS[key]},
        )
        return answer.status_code, answer.content


@pytest.fixture
def stops(monkeypatch, caplog):
    """Lets every request stop before its work, and before its answer is kept."""
    caplog.set_level(logging.CRITICAL, "django.request")
    plain = repeats._answer

    def stop(at: str) -> None:
        if getcurrent().parent.switch(at):
            raise OurError

    def answer(do, name):
        stop(TAKEN)
        made = plain(do, name)
        stop(MADE)
        return made

    monkeypatch.setattr(repeats, "_answer", answer)


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
@example(steps=[FIRST, ("go", 0), ("fail", 0), FIRST, ("go", 0), ("go", 0)])
@example(steps=[FIRST, ("go", 0), ("die", 0), ("wait", 3), FIRST, ("fail", 0), FIRST])
@example(steps=[FIRST, FIRST, ("send", 0, 0, 0, 1), ("wait", 3), FIRST, ("go", 1), ("go", 0)])
def test_a_key_has_one_effect_and_one_answer_whatever_comes_between(steps, stops):
    with time_machine.travel(BEGINS, tick=False) as clock:
        door = Door(clock)
        try:
            for verb, *about in steps:
                getattr(door, verb)(*about)
                door.holds()
            door.come_to_an_end()
            door.holds()
        finally:
            door.leave()
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []
