"""A small world in which one refund meets everything: two workers, a network, a provider.

The refund's own rules are not written again here: `Refund_`, a row without a database, is handed
to the real actions (`arm_refund`, `begin_check`, `settle_refund`, `settle_look`) and to the real
`apply_answer`. Around them stand the parts that lose, repeat and delay. `explore` visits every
state that can be reached. Source: docs/decisions/0010-refund-protocol.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

from rebond.domain.refunds import doubts, payouts
from rebond.domain.refunds.actions import paying
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.refunds.states import UNDECIDED, RefundState
from rebond.kernel.clock import now

WORKERS = (0, 1)
TOKENS = tuple(UUID(int=n + 1) for n in WORKERS)
KEYS = 3
AGO = timedelta(hours=1)
# What a provider does with a request under a key that it has not seen: it keeps the answer for
# ever, and "after" has booked the money before it answered with an error.
MODES = {
    "ok": ("succeeded", Outcome.SUCCEEDED),
    "pending": ("pending", Outcome.PENDING),
    "refuse": ("", Outcome.REFUSED),
    "500_before": ("", Outcome.BROKEN_ANSWER),
    "500_after": ("succeeded", Outcome.BROKEN_ANSWER),
}
SEEN_AS = {
    "succeeded": Outcome.SUCCEEDED,
    "pending": Outcome.PENDING,
    "failed": Outcome.REFUSED,
}
FINAL = {Outcome.SUCCEEDED, Outcome.REFUSED}


@dataclass(frozen=True)
class Row:
    """What is stored of the refund. ``lease`` is the worker whose token counts.

    ``last`` is the outcome of the last request under the present key ("" while it is open),
    ``absent`` how many looks since then found nothing, ``open`` the kind of the open attempt.
    """

    state: RefundState = RefundState.RESERVED
    lease: int | None = None
    is_watched: bool = True
    generation: int = 0
    needs_person: bool = False
    last: str | None = None
    absent: int = 0
    open: str = ""


@dataclass(frozen=True)
class Hand:
    """What a worker has in its hands: a request of ``kind`` under key number ``key``.

    ``stage``: taken, sent, answered. ``heard`` is the answer, None for a look that found nothing.
    """

    kind: str
    key: int
    stage: str = "taken"
    heard: Outcome | None = None
    reached: bool = True


@dataclass(frozen=True)
class World:
    """Everything there is. ``booked`` are the provider's refunds, ``kept`` its answers by key."""

    row: Row = Row()
    hands: tuple[Hand | None, Hand | None] = (None, None)
    network: frozenset[int] = frozenset()
    kept: tuple[Outcome | None, ...] = (None,) * KEYS
    booked: tuple[str, ...] = ()
    wrote_late: bool = False


@dataclass(frozen=True)
class Rules:
    """Which rule of the protocol is broken on purpose; none in the plain world."""

    looks: bool = True
    fences: bool = True
    key_per_attempt: bool = False
    key_after_silence: bool = False


Step = tuple[str, int, str]
PLAIN = Rules()


def explore(rules: Rules = PLAIN, *, depth: int | None = None) -> dict[World, tuple[Step, ...]]:
    """Every world that can be reached in ``depth`` steps, or at all, by its shortest way."""
    start = World()
    ways: dict[World, tuple[Any, ...]] = {start: ()}
    waiting = deque([(start, 0)])
    while waiting:
        world, steps = waiting.popleft()
        if depth is not None and steps == depth:
            continue
        for step, after in follow(world, rules):
            if after not in ways:
                ways[after] = (ways[world], step)
                waiting.append((after, steps + 1))
                if problem(after):
                    return ways
    return ways


def way_to(ways: dict[World, Any], world: World) -> list[Step]:
    """The steps that lead to ``world``, first to last."""
    found, link = [], ways[world]
    while link:
        link, step = link
        found.append(step)
    return found[::-1]


def problem(world: World) -> str:
    """What is wrong here; empty where all is well."""
    row = world.row
    paid = [status for status in world.booked if status != "failed"]
    if len(paid) > 1:
        return "paid twice"
    if row.state in UNDECIDED and not row.is_watched and not row.needs_person:
        return "stuck without a next look"
    if world.wrote_late:
        return "a late worker wrote"
    if row.state is RefundState.FAILED and paid:
        return "believed lost, and it went"
    if row.state is RefundState.SUCCEEDED and not world.booked:
        return "believed there, and it never went"
    return ""


def follow(world: World, rules: Rules) -> Iterator[tuple[Step, World]]:
    """Each step that is possible now, with what it leads to."""
    for worker in WORKERS:
        yield from _of_worker(world, worker, rules)
    for key in sorted(world.network):
        if world.kept[key] is None:
            for mode in MODES:
                yield ("arrives", key, mode), _arrives(world, key, mode)
    for place, status in enumerate(world.booked):
        yield ("hook", place, status), replace(world, row=_hook(world.row, status))
        if status == "pending":
            for then in ("succeeded", "failed"):
                booked = tuple(sorted({**dict(enumerate(world.booked)), place: then}.values()))
                yield ("becomes", place, then), replace(world, booked=booked)


def _of_worker(world: World, me: int, rules: Rules) -> Iterator[tuple[Step, World]]:
    hand, row = world.hands[me], world.row
    if hand is None:
        for job in ("arm", "check"):
            after, taken = _take(row, me, job, rules)
            if taken is not None:
                yield (job, me, ""), _with(world, me, taken, row=after)
        return
    yield ("crash", me, ""), _with(world, me, None)
    match hand.kind, hand.stage:
        case "send", "taken":
            sent = replace(hand, stage="sent")
            yield ("send", me, ""), _with(world, me, sent, network=world.network | {hand.key})
        case "send", "sent":
            lost = replace(hand, stage="answered", heard=Outcome.NO_ANSWER)
            yield ("lose", me, ""), _with(world, me, lost)
            if (heard := world.kept[hand.key]) is not None:
                stage = "refused" if heard is Outcome.REFUSED else "answered"
                yield ("reply", me, ""), _with(world, me, replace(hand, stage=stage, heard=heard))
        case "send", "refused":
            seen = _seen(world, rules) or Outcome.REFUSED
            told = replace(hand, stage="answered", heard=seen)
            yield ("verify", me, ""), _with(world, me, told)
        case "look", "taken":
            seen = replace(hand, stage="answered", heard=_seen(world, rules))
            yield ("look", me, ""), _with(world, me, seen)
            away = replace(hand, stage="answered", reached=False)
            yield ("look", me, "away"), _with(world, me, away)
        case _:
            yield ("settle", me, ""), _settled(world, me, hand, rules)


def _seen(world: World, rules: Rules) -> Outcome | None:
    """What a look finds: a refund that lives before one that failed."""
    if not rules.looks or not world.booked:
        return None
    live = [status for status in world.booked if status != "failed"]
    return SEEN_AS[(live or list(world.booked))[0]]


def _arrives(world: World, key: int, mode: str) -> World:
    """A request reaches the provider, for the first time under its key; later ones do nothing."""
    status, answer = MODES[mode]
    kept = (*world.kept[:key], answer, *world.kept[key + 1 :])
    booked = tuple(sorted((*world.booked, status))) if status else world.booked
    return replace(world, kept=kept, booked=booked)


def _with(world: World, me: int, hand: Hand | None, **more: Any) -> World:
    hands = (hand, world.hands[1]) if me == 0 else (world.hands[0], hand)
    return replace(world, hands=hands, **more)


def _settled(world: World, me: int, hand: Hand, rules: Rules) -> World:
    was_late = world.row.lease != me
    row, taken = _settle(world.row, me, hand, rules)
    wrote_late = was_late and (row != world.row or taken is not None)
    return _with(world, me, taken, row=row, wrote_late=wrote_late)


# --- the real actions, on a row without a database ---------------------------------------------


class Attempts(list[SimpleNamespace]):
    """The attempts of a refund, with as much of a query as the actions use."""

    def filter(self, **wanted: Any) -> Attempts:
        above = wanted.pop("number__gt", 0)
        return Attempts(
            one
            for one in self
            if one.number > above and all(getattr(one, k) == v for k, v in wanted.items())
        )

    def order_by(self, name: str) -> Attempts:
        return self[::-1] if name.startswith("-") else self

    def first(self) -> SimpleNamespace | None:
        return self[0] if self else None

    def count(self, *_: Any) -> int:  # type: ignore[override]
        return len(self)

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return Attempts(found) if isinstance(place, slice) else found


class Bare:
    """A refund that is saved nowhere; its steps and its key are the real ones."""

    move_to = Refund.move_to
    idempotency_key = Refund.idempotency_key
    pk = UUID(int=99)
    shop_id = UUID(int=98)
    provider = "simulator"
    amount_minor, currency, destination, is_outside = 100, "EUR", "", False
    provider_reference = bank_reference = failure_code = ""
    started_at = settled_at = None
    payment = SimpleNamespace(reference="pay", provider="simulator", is_disputed=False)
    settlement = SimpleNamespace(rma=None)

    def __init__(self, row: Row) -> None:
        self.state = row.state
        self.lease_token = None if row.lease is None else TOKENS[row.lease]
        self.next_check_at = now() - AGO if row.is_watched else None
        self.generation, self.needs_person = row.generation, row.needs_person
        self.attempts = Attempts()
        if row.last is not None:
            self.note("send", row.last, is_open=row.open == "send" or not row.last)
        for _ in range(row.absent):
            self.note("look", "absent")
        if row.open == "look":
            self.note("look", "", is_open=True)

    def note(self, kind: str, outcome: str = "", *, is_open: bool = False) -> None:
        self.attempts.append(
            SimpleNamespace(
                kind=kind,
                outcome=outcome,
                number=len(self.attempts) + 1,
                idempotency_key=self.idempotency_key,
                started_at=now() - AGO,
                ended_at=None if is_open else now() - AGO,
                detail="",
                save=lambda **_: None,
            )
        )

    def save(self, **_: Any) -> None: ...

    def row(self, me: int, before: Row) -> Row:
        """What stands in the row now; a token that nobody had yet is mine."""
        token = self.lease_token
        lease = TOKENS.index(token) if token in TOKENS else None if token is None else me
        sends = self.attempts.filter(kind="send", idempotency_key=self.idempotency_key)
        last = sends[-1] if sends else None
        since = self.attempts.filter(kind="look", number__gt=last.number if last else 0)
        open_ = [one for one in self.attempts if one.ended_at is None]
        has_ended = self.state not in UNDECIDED
        return Row(
            RefundState(self.state),
            None if has_ended else lease,
            self.next_check_at is not None,
            self.generation,
            self.needs_person,
            None if has_ended or last is None else last.outcome,
            0 if has_ended else min(since.filter(outcome="absent").count(), LOOKS),
            "" if has_ended or lease is None or not open_ else open_[-1].kind,
        )


LOOKS = doubts.LOOKS_BEFORE_A_NEW_KEY
PROVIDER: Any = SimpleNamespace(
    can_be_asked=True, is_idempotent=True, key_lifetime=timedelta(hours=24)
)


@cache
def _take(row: Row, me: int, job: str, rules: Rules) -> tuple[Row, Hand | None]:
    act = {"arm": paying.arm_refund, "check": paying.begin_check}[job]
    bare = Bare(row)
    armed = _really(bare, act, bare.pk, rules=rules)
    return bare.row(me, row), _hand(bare, armed)


@cache
def _settle(row: Row, me: int, hand: Hand, rules: Rules) -> tuple[Row, Hand | None]:
    bare = Bare(row)
    token = TOKENS[me] if rules.fences else bare.lease_token
    heard = Answer(hand.heard) if hand.heard is not None else None
    if hand.kind == "send":
        _really(bare, paying.settle_refund, bare.pk, token, heard, rules=rules)
        return bare.row(me, row), None
    look = {"reached": hand.reached, "rules": rules}
    again = _really(bare, paying.settle_look, bare.pk, token, heard, **look)
    return bare.row(me, row), _hand(bare, again)


@cache
def _hook(row: Row, status: str) -> Row:
    """As `actions.hooks` applies a message about a refund of ours."""
    bare = Bare(row)
    answer = Answer(SEEN_AS[status])
    _really(bare, payouts.apply_answer, bare, answer, by="hook")
    if answer.outcome not in FINAL and bare.state in UNDECIDED:
        _really(bare, payouts.check_later, bare, timedelta(0))
    return bare.row(0, row)


def _hand(bare: Bare, armed: payouts.Armed | None) -> Hand | None:
    if armed is None or bare.generation >= KEYS:
        return None
    return Hand(armed.kind, bare.generation)


def _really(bare: Bare, act: Any, *values: Any, rules: Rules = PLAIN, **named: Any) -> Any:
    """Run the body of a real action on ``bare``; only what would be written is not."""
    with ExitStack() as stack:
        for place, name, instead in _instead(bare, rules):
            stack.enter_context(patch.object(place, name, instead))
        return getattr(act, "__wrapped__", act)(*values, **named)


def _instead(bare: Bare, rules: Rules) -> Iterator[tuple[Any, str, Any]]:
    def nothing(*_: Any, **__: Any) -> None: ...

    def created(*, kind: str, **_: Any) -> None:
        bare.note(kind, is_open=True)

    def fresh_key(refund: Any, provider: Any) -> payouts.Armed:
        asked = refund.attempts.filter(kind="send")
        was_silent = bool(asked) and asked[-1].outcome in doubts.UNANSWERED
        if asked and (rules.key_per_attempt or was_silent):
            refund.generation += 1
        return real_arm(refund, provider)

    real_arm = payouts.arm
    yield paying, "locked_refund", lambda _: bare
    yield paying, "provider_of", lambda _: PROVIDER
    yield paying, "is_held", lambda _: False
    yield doubts, "is_held", lambda _: False
    yield payouts, "Attempt", SimpleNamespace(objects=SimpleNamespace(create=created))
    for place, names in (
        (payouts, ("say", "sum_up_money", "close_tasks", "open_refund_task", "free")),
        (doubts, ("say", "open_refund_task")),
    ):
        for name in names:
            yield place, name, nothing
    if rules.key_per_attempt or rules.key_after_silence:
        yield doubts, "arm", fresh_key
