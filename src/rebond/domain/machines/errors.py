"""Refusals about keys and repeated requests."""

from rebond.kernel.errors import Kind, RebondError


class KeyRefused(RebondError):
    """No key, an unknown one, or one that is over."""

    code = "key_refused"
    kind = Kind.FORBIDDEN


class ScopeMissing(RebondError):
    """facts: scope"""

    code = "scope_missing"
    kind = Kind.FORBIDDEN


class ScopeUnknown(RebondError):
    """facts: scope"""

    code = "scope_unknown"
    kind = Kind.INVALID


class IdempotencyKeyNeeded(RebondError):
    """A request that moves money has to carry a key of its own."""

    code = "idempotency_key_needed"
    kind = Kind.INVALID


class StillBeingAnswered(RebondError):
    """The first request with this key has not been answered yet."""

    code = "still_being_answered"


class KeyUsedForAnother(RebondError):
    """The same key came before with another request."""

    code = "idempotency_key_reused"
    kind = Kind.INVALID


class VersionNeeded(RebondError):
    """The request changes something and does not say which version of it was seen."""

    code = "version_needed"
    kind = Kind.INVALID


class UnknownParameter(RebondError):
    """facts: parameter"""

    code = "unknown_parameter"
    kind = Kind.INVALID


class UnknownField(RebondError):
    """facts: field"""

    code = "unknown_field"
    kind = Kind.INVALID


class CursorUnreadable(RebondError):
    """The cursor is none that a page of this list gave."""

    code = "cursor_unreadable"
    kind = Kind.INVALID


class NetworkUnreadable(RebondError):
    """facts: network"""

    code = "network_unreadable"
    kind = Kind.INVALID


class TooManyRequests(RebondError):
    """facts: limit, retry_after (seconds)"""

    code = "too_many_requests"
