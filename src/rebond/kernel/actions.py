"""One action, one transaction."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from rebond.kernel.leases import settle_current_lease

P = ParamSpec("P")
T = TypeVar("T")
Items = list[Any]
Endings = dict[Callable[[Items], None], Items]
_endings: ContextVar[Endings | None] = ContextVar("endings", default=None)

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)
_joins: ContextVar[bool] = ContextVar("joins", default=False)


def action(change: Callable[P, T]) -> Callable[P, T]:
    """Run ``change`` as one durable transaction.

    Durable means outermost: an action that calls another action raises
    ``RuntimeError``, so what commits together can be read in one function. When
    the action runs inside a job that promised to do one action only, the job is
    crossed off in the same transaction, so its effect happens exactly once.
    """

    @wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with _joined() if _joins.get() else _alone():
            made = change(*args, **kwargs)
            settle_current_lease()
        return made

    run.is_action = True  # type: ignore[attr-defined]
    return run


@contextmanager
def together() -> Iterator[None]:
    """Let the actions inside commit as one, or none of them.

    Inside a transaction of the caller, who writes down in it what came of them, and gives it up
    where one of them refused. Nothing goes outside meanwhile: see ``outside_transaction``.
    """
    token = _joins.set(True)
    try:
        with transaction.atomic(savepoint=False), _gathering():
            yield
    finally:
        _joins.reset(token)


@contextmanager
def _alone() -> Iterator[None]:
    with transaction.atomic(durable=True), _gathering():
        yield


@contextmanager
def _joined() -> Iterator[None]:
    """Part of what ``together`` holds; an action that is called inside is refused all the same."""
    token = _joins.set(False)
    try:
        with transaction.atomic(savepoint=False):
            yield
    finally:
        _joins.reset(token)


def before_commit(write: Callable[[Items], None], item: Any) -> None:
    """Let ``write`` be the last thing that the action does, once for all items it was given.

    Where no action is running it happens at once.

    What everybody has to wait for, one after the other, is locked last and held until the commit
    alone, and two actions that lock other things in other orders do not wait for each other.
    """
    endings = _endings.get()
    if endings is None:
        write([item])
    else:
        endings.setdefault(write, []).append(item)


def once_in_action(key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` gives, asked for once in the running action; each time where none runs.

    For what the action does not change itself.
    """
    known = _known.get()
    if known is None:
        return make()
    if key not in known:
        known[key] = make()
    found: T = known[key]
    return found


@contextmanager
def _gathering() -> Iterator[None]:
    endings: Endings = {}
    tokens = _endings.set(endings), _known.set({})
    try:
        yield
        for write, items in endings.items():
            write(items)
    finally:
        _endings.reset(tokens[0])
        _known.reset(tokens[1])


def outside_transaction() -> None:
    """Refuse to go on while a transaction is open.

    Every call to another company's system passes here: a rollback cannot take
    back money that has left. The transaction that a test case wraps around a
    test does not count.
    """
    blocks = transaction.get_connection().atomic_blocks
    if any(not block._from_testcase for block in blocks):
        raise RuntimeError("a call to the outside world inside a transaction")
