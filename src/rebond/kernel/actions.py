"""One action, one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from rebond.kernel.leases import settle_current_lease

P = ParamSpec("P")
T = TypeVar("T")
_endings: ContextVar[list[Callable[[], None]] | None] = ContextVar("endings", default=None)


def action(change: Callable[P, T]) -> Callable[P, T]:
    """Run ``change`` as one durable transaction.

    Durable means outermost: an action that calls another action raises
    ``RuntimeError``, so what commits together can be read in one function. When
    the action runs inside a job that promised to do one action only, the job is
    crossed off in the same transaction, so its effect happens exactly once.
    """

    @wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic(durable=True), _gathering() as endings:
            made = change(*args, **kwargs)
            settle_current_lease()
            for write in endings:
                write()
        return made

    run.is_action = True  # type: ignore[attr-defined]
    return run


def before_commit(write: Callable[[], None]) -> None:
    """Let ``write`` be the last thing that the action does; at once where none is running.

    What everybody has to wait for, one after the other, is locked last and held until the commit
    alone, and two actions that lock other things in other orders do not wait for each other.
    """
    endings = _endings.get()
    if endings is None:
        write()
    else:
        endings.append(write)


@contextmanager
def _gathering() -> Iterator[list[Callable[[], None]]]:
    endings: list[Callable[[], None]] = []
    token = _endings.set(endings)
    try:
        yield endings
    finally:
        _endings.reset(token)


def outside_transaction() -> None:
    """Refuse to go on while a transaction is open.

    Every call to another company's system passes here: a rollback cannot take
    back money that has left. The transaction that a test case wraps around a
    test does not count.
    """
    blocks = transaction.get_connection().atomic_blocks
    if any(not block._from_testcase for block in blocks):
        raise RuntimeError("a call to the outside world inside a transaction")
