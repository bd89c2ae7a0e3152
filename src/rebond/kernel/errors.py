"""Errors the business expects. Anything else is a bug and should crash."""

from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """What the caller can do about it. The edges turn this into a status code."""

    INVALID = "invalid"
    MISSING = "missing"
    FORBIDDEN = "forbidden"
    CONFLICT = "conflict"
    OUTSIDE = "outside"


class RebondError(Exception):
    """Base of every expected error.

    ``code`` is stable and public (``refund_exceeds_paid``). ``facts`` holds the
    values that a client or a message template may show.
    """

    code: ClassVar[str] = "error"
    kind: ClassVar[Kind] = Kind.CONFLICT

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts
