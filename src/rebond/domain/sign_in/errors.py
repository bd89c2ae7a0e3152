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


class IdentityNotProven(RebondError):
    """The identity provider does not say who it is, or not so that it can be believed.

    facts: why (``unreachable``, ``unreadable``, ``denied``, ``state``, ``issuer``, ``token``,
    ``stale``)
    """

    code = "identity_not_proven"
    kind = Kind.FORBIDDEN


class NobodyHere(RebondError):
    """The identity provider knows them; no shop here has a place for them."""

    code = "nobody_here"
    kind = Kind.FORBIDDEN
