"""Refusals about conversations."""

from rebond.kernel.errors import Kind, RebondError


class NothingWritten(RebondError):
    """A message without words."""

    code = "nothing_written"
    kind = Kind.INVALID


class TooManyMessages(RebondError):
    """facts: limit"""

    code = "too_many_messages"


class UnknownPlaceholder(RebondError):
    """facts: name"""

    code = "unknown_placeholder"
    kind = Kind.INVALID
