"""Every order of events that two workers, a network and a provider can make of one refund."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.domain.refunds.protocol_model import (
    KEYS,
    Rules,
    Step,
    World,
    explore,
    follow,
    problem,
    way_to,
)
from tests.integrations.conftest import provider  # noqa: F401  (a fixture)
from tests.integrations.test_refund_protocol import post_hook
from tests.world import order_of, small_shop

from rebond.domain.refunds import actions, doubts, jobs
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.refunds.states import UNDECIDED
from rebond.domain.refunds.wishes import OrderRefund
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now


@pytest.fixture(scope="module")
def ways():
    """Every world there is, each with its shortest way."""
    return explore()


@pytest.mark.once
def test_no_world_that_can_be_reached_pays_twice_or_is_stuck(ways):
    wrong = [(problem(world), way_to(ways, world)) for world in ways if problem(world)]

    assert wrong == []
    assert len(ways) > 20_000
    ends = {(str(w.row.state), w.booked) for w in ways if w.row.state not in UNDECIDED}
    assert {("succeeded", ("succeeded",)), ("failed", ()), ("failed", ("failed",))} <= ends


@pytest.mark.once
def test_from_every_world_there_is_a_way_to_an_end(ways):
    """An end, a person, or the last key, where the model stops looking."""
    before: dict[World, set[World]] = {}
    for world in ways:
        for _, after in follow(world, Rules()):
            before.setdefault(after, set()).add(world)
    reach = {w for w in ways if has_ended(w)}
    waiting = list(reach)
    while waiting:
        fresh = before.get(waiting.pop(), set()) - reach
        reach |= fresh
        waiting += fresh

    assert [way_to(ways, world) for world in ways if world not in reach] == []


def has_ended(world: World) -> bool:
    row = world.row
    return row.state not in UNDECIDED or row.needs_person or row.generation >= KEYS - 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (Rules(looks=False), "paid twice"),
        (Rules(key_per_attempt=True), "paid twice"),
        (Rules(key_after_silence=True), "paid twice"),
        (Rules(fences=False), "a late worker wrote"),
    ],
)
def test_a_broken_rule_is_found(broken, found):
    ways = explore(broken)

    assert {problem(world) for world in ways} == {"", found}


class Stage:
    """Does the steps of the model with the real actions and the rehearsal provider."""

    def __init__(self, provider, client, number: int) -> None:  # noqa: F811
        shop = small_shop(f"model-{number}")
        order = order_of(shop, provider="simulator", number=str(number))
        self.provider, self.client, self.number = provider, client, number
        self.payment = order.payments.get().reference
        provider.opens(self.payment, 13080)
        wish = OrderRefund(amount_minor=1000, reason="model")
        self.refund = actions.refund_order(order.pk, wish, by="staff:Ana").refunds.get()
        self.hands: dict[int, tuple] = {}
        self.answers: dict[int, Answer] = {}
        self.order = None
        self.plug = None

    def play(self, steps: list[Step]) -> None:
        fails_later = any(name == "becomes" and more == "failed" for name, _, more in steps)
        for count, (name, who, more) in enumerate(steps):
            if name == "arrives":
                self._arrives(who, f"{more}_then_failed" if fails_later else more)
            elif name == "hook":
                item = self._booked()[who]
                event = f"evt-{self.number}-{count}"
                assert post_hook(self.client, self.refund, item, event=event).status_code == 204
            elif name == "becomes":
                self.provider.advance()
            else:
                getattr(self, f"_{name}")(who, more)

    def _booked(self) -> list[dict]:
        return [one for one in self.provider.refunds() if one["payment"] == self.payment]

    def _take(self, who: int, armed) -> None:
        assert armed is not None
        self.order, self.plug = armed.order, armed.provider
        self.hands[who] = (armed, int(armed.order.idempotency_key.rpartition(":")[2]), None)

    def _arm(self, who: int, _: str) -> None:
        self._take(who, actions.arm_refund(self.refund.pk))

    def _check(self, who: int, _: str) -> None:
        past = now() - timedelta(seconds=1)
        Refund.objects.filter(pk=self.refund.pk).update(next_check_at=past)
        self._take(who, actions.begin_check(self.refund.pk))

    def _send(self, who: int, _: str) -> None: ...

    def _arrives(self, key: int, mode: str) -> None:
        if mode.partition("_then")[0] == "pending" or mode not in {"ok", "ok_then_failed"}:
            planned = mode if mode.startswith("pending") else mode.removesuffix("_then_failed")
            self.provider.plan(planned, payment=self.payment)
        wish = replace(self.order, idempotency_key=f"{self.refund.pk}:{key}")
        self.answers[key] = self.plug.refund(wish)

    def _lose(self, who: int, _: str) -> None:
        self._hear(who, Answer(Outcome.NO_ANSWER))

    def _reply(self, who: int, _: str) -> None:
        self._hear(who, self.answers[self.hands[who][1]])

    def _verify(self, who: int, _: str) -> None:
        _, found = jobs._look(self.plug, self.hands[who][0])
        self._hear(who, found or self.hands[who][2])

    def _look(self, who: int, away: str) -> None:
        found = (False, None) if away else jobs._look(self.plug, self.hands[who][0])
        self._hear(who, found)

    def _hear(self, who: int, heard) -> None:
        self.hands[who] = (*self.hands[who][:2], heard)

    def _crash(self, who: int, _: str) -> None:
        del self.hands[who]

    def _settle(self, who: int, _: str) -> None:
        armed, _, heard = self.hands.pop(who)
        if armed.kind == "send":
            actions.settle_refund(self.refund.pk, armed.token, heard)
            return
        reached, found = heard
        again = actions.settle_look(self.refund.pk, armed.token, found, reached=reached)
        if again is not None:
            self._take(who, again)


def shortest_to_each_kind(ways: dict[World, tuple]) -> list[World]:
    """One world, the nearest, for each state of the refund, of the provider and of the key."""
    found: dict[tuple, World] = {}
    for world in ways:
        kind = (world.row.state, world.booked, world.row.generation, world.row.needs_person)
        found.setdefault(kind, world)
    return list(found.values())


@pytest.mark.django_db
def test_the_real_actions_end_where_the_model_ends(
    ways,
    provider,  # noqa: F811
    client,
    monkeypatch,
    run_jobs,
):
    monkeypatch.setattr(doubts, "QUIET_PERIOD", timedelta(0))
    worlds = shortest_to_each_kind(ways)
    assert len(worlds) >= 15

    for number, world in enumerate(worlds):
        stage = Stage(provider, client, number)
        steps = way_to(ways, world)
        stage.play(steps)

        refund = Refund.objects.get(pk=stage.refund.pk)
        there = tuple(sorted(item["status"] for item in stage._booked()))
        real = (refund.state, there, refund.generation, refund.needs_person)
        row = world.row
        assert real == (row.state, world.booked, row.generation, row.needs_person), steps
    run_jobs()
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []
