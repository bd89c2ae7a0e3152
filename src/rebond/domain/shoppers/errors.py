"""Refusals about shoppers."""

from rebond.kernel.errors import Kind, RebondError


class TierUnreadable(RebondError):
    """facts: limit"""

    code = "tier_unreadable"
    kind = Kind.INVALID
