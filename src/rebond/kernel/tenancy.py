"""Whose rows are read and written now: one shop's, those of all shops, or nobody's.

Known per thread (and per task), so that the database can be told: see ``guarded_postgresql``. What
says nothing sees no rows. Queries name their shop all the same; this stands behind them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

ALL = "all"
NOBODY = ""
_told: ContextVar[str] = ContextVar("shop_told", default=NOBODY)


def told() -> str:
    """The id of the shop as text, ``ALL`` or ``NOBODY``."""
    return _told.get()


def tell(whose: UUID | str) -> None:
    """From here on, until ``as_told`` around it ends, rows are those of one shop, or ``ALL``."""
    _told.set(str(whose))


@contextmanager
def as_told(whose: str = NOBODY) -> Iterator[None]:
    """Inside, rows are those of ``whose``, until somebody tells otherwise; that ends with this."""
    token = _told.set(whose)
    try:
        yield
    finally:
        _told.reset(token)


@contextmanager
def of_shop(shop_id: UUID | None) -> Iterator[None]:
    """Inside, rows are those of one shop; of all for None, which is what the house itself does."""
    with as_told(ALL if shop_id is None else str(shop_id)):
        yield


@contextmanager
def all_shops() -> Iterator[None]:
    """Inside, rows are those of all shops: for the host, the clock, and before a shop is known."""
    with as_told(ALL):
        yield
