"""Refusals about letters."""

from rebond.kernel.errors import Kind, RebondError


class UnknownLetter(RebondError):
    """No such letter carries own words, or not in that language. facts: kind, language"""

    code = "unknown_letter"
    kind = Kind.INVALID
