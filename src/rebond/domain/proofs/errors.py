"""Refusals about proofs."""

from rebond.kernel.errors import RebondError


class TooManyCodes(RebondError):
    """Codes were asked for too often for one mailbox. facts: limit"""

    code = "too_many_codes"
