"""Where promises are entered, each with the search for rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import BigIntegerField, Subquery, Sum, Value
from django.db.models.functions import Coalesce

Breaches = Iterator[str]


@dataclass(frozen=True)
class Promise:
    """One promise: its number, what it says, and the search for rows that break it.

    ``resume`` is the same search from where the last one ended in peace.
    """

    number: str
    says: str
    search: Callable[[], Breaches]
    resume: Callable[[], Breaches] | None = None

    def breaches(self, *, full: bool = True) -> Breaches:
        """The rows that break it; all are looked at where ``full``."""
        return self.search() if full or self.resume is None else self.resume()


PROMISES: list[Promise] = []


def promise(
    number: str, says: str, *, resume: Callable[[], Breaches] | None = None
) -> Callable[[Callable[[], Breaches]], Callable[[], Breaches]]:
    """Enter the function below under ``number``."""

    def enter(search: Callable[[], Breaches]) -> Callable[[], Breaches]:
        PROMISES.append(Promise(number, says, search, resume))
        return search

    return enter


def sum_of(rows: object, group: str, amount: str) -> Coalesce:
    """The sum of ``amount`` over ``rows`` with the same ``group``, 0 where there are none."""
    sums = (
        rows.order_by()  # type: ignore[attr-defined]
        .values(group)
        .annotate(total=Sum(amount))
        .values("total")
    )
    return Coalesce(
        Subquery(sums, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField()
    )
