"""Refusals about policies."""

from rebond.kernel.errors import Kind, RebondError


class PolicyNotReadable(RebondError):
    """facts: problem"""

    code = "policy_not_readable"
    kind = Kind.INVALID
