"""Search by the beginning of a text, through an index, on both databases."""

from typing import Any

from django.db import connection
from django.db.models import CharField, Lookup, Q

LAST_CHARACTER = "\U0010ffff"
"""Both databases compare the UTF-8 bytes here; nothing that begins with a text sorts after it."""


class _ByBytes(Lookup[bool]):
    """A comparison of PostgreSQL by the bytes of a text, whatever the collation.

    An index of the class ``varchar_pattern_ops`` answers it. The operator tells nothing of the
    rows that it passes over (it is "leakproof"), so that the index is used also where the database
    itself keeps the shops apart; ``LIKE`` waits there until each row was found to be of the shop.
    """

    operator = ""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, mine = self.process_lhs(compiler, connection)
        right, theirs = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} {right}", (*mine, *theirs)


@CharField.register_lookup
class FromBytes(_ByBytes):
    """``column__from_bytes``: the same text, or one behind it."""

    lookup_name, operator = "from_bytes", "~>=~"


@CharField.register_lookup
class BeforeBytes(_ByBytes):
    """``column__before_bytes``: a text before it."""

    lookup_name, operator = "before_bytes", "~<~"


def begins_with(column: str, text: str) -> Q:
    """A condition for rows whose ``column`` begins with ``text``, upper and lower case apart.

    A range, which an index answers: SQLite uses none for ``LIKE`` with an escape, PostgreSQL none
    where it keeps the shops apart. There the index has the class ``varchar_pattern_ops``.
    """
    since, until = ("gte", "lt")
    if connection.vendor == "postgresql":
        since, until = ("from_bytes", "before_bytes")
    return Q(**{f"{column}__{since}": text, f"{column}__{until}": text + LAST_CHARACTER})
