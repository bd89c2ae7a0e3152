"""Refusals about second factors."""

from rebond.kernel.errors import Kind, RebondError


class CodeNotRight(RebondError):
    """The code is not the one that the app shows now."""

    code = "code_not_right"
    kind = Kind.INVALID


class PasskeyNotRead(RebondError):
    """The answer of the passkey is none, or one to another question."""

    code = "passkey_not_read"
    kind = Kind.INVALID


class TooManyFactors(RebondError):
    """facts: most"""

    code = "too_many_factors"
