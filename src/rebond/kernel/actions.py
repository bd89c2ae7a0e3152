"""One action, one transaction."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from rebond.kernel.leases import settle_current_lease

P = ParamSpec("P")
T = TypeVar("T")


def action(change: Callable[P, T]) -> Callable[P, T]:
    """Run ``change`` as one durable transaction.

    Durable means outermost: an action that calls another action raises
    ``RuntimeError``, so what commits together can be read in one function. When
    the action runs inside a job that promised to do one action only, the job is
    crossed off in the same transaction, so its effect happens exactly once.
    """

    @wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic(durable=True):
            made = change(*args, **kwargs)
            settle_current_lease()
        return made

    run.is_action = True  # type: ignore[attr-defined]
    return run


def outside_transaction() -> None:
    """Refuse to go on while a transaction is open.

    Every call to another company's system passes here: a rollback cannot take
    back money that has left. The transaction that a test case wraps around a
    test does not count.
    """
    blocks = transaction.get_connection().atomic_blocks
    if any(not block._from_testcase for block in blocks):
        raise RuntimeError("a call to the outside world inside a transaction")
