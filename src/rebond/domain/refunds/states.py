"""The states of one refund, and the steps between them.  (pure)

A provider may report a refund as failed long after it succeeded; that step is
legal and frees the money again without paying it a second time. Money that was believed
lost may turn out to have gone after all: a step that only the provider's own list, or a
person who looked into it, can prove.
Source: docs/reference/states.md.
"""

from enum import StrEnum


class RefundState(StrEnum):
    """Where one payout stands."""

    RESERVED = "reserved"
    SENDING = "sending"
    UNKNOWN = "unknown"
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    FAILED_LATE = "failed_late"
    CANCELLED = "cancelled"


_S = RefundState

NEXT_STATES: dict[RefundState, frozenset[RefundState]] = {
    _S.RESERVED: frozenset({_S.SENDING, _S.CANCELLED}),
    _S.SENDING: frozenset(
        {_S.SENDING, _S.UNKNOWN, _S.PENDING, _S.REQUIRES_ACTION, _S.SUCCEEDED, _S.FAILED}
    ),
    _S.UNKNOWN: frozenset(
        {_S.SENDING, _S.UNKNOWN, _S.PENDING, _S.REQUIRES_ACTION, _S.SUCCEEDED, _S.FAILED}
    ),
    _S.PENDING: frozenset({_S.SUCCEEDED, _S.FAILED, _S.REQUIRES_ACTION, _S.CANCELLED}),
    _S.REQUIRES_ACTION: frozenset({_S.PENDING, _S.SUCCEEDED, _S.FAILED, _S.CANCELLED}),
    _S.SUCCEEDED: frozenset({_S.FAILED_LATE}),
    _S.FAILED: frozenset({_S.SUCCEEDED}),
    _S.FAILED_LATE: frozenset({_S.SUCCEEDED}),
    _S.CANCELLED: frozenset({_S.SUCCEEDED}),
}

LIVE = frozenset(
    {_S.RESERVED, _S.SENDING, _S.UNKNOWN, _S.PENDING, _S.REQUIRES_ACTION, _S.SUCCEEDED}
)
"""States in which a refund holds its part of the payment."""

UNDECIDED = frozenset({_S.RESERVED, _S.SENDING, _S.UNKNOWN, _S.PENDING, _S.REQUIRES_ACTION})
"""States from which something must still happen."""
