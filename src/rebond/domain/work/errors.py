"""Refusals about work at the desk."""

from rebond.kernel.errors import Kind, RebondError


class NothingPicked(RebondError):
    """No return was chosen."""

    code = "nothing_picked"
    kind = Kind.INVALID


class TooManyPicked(RebondError):
    """facts: limit"""

    code = "too_many_picked"
    kind = Kind.INVALID


class UnknownColleague(RebondError):
    """Nobody of this shop's team, or somebody who left."""

    code = "unknown_colleague"
    kind = Kind.INVALID


class DeclineNeedsReason(RebondError):
    """Returns are declined for a reason, also many at once."""

    code = "decline_needs_reason"
    kind = Kind.INVALID


class SomethingOpen(RebondError):
    """facts: number, why"""

    code = "something_open"


class NoLongerAllowed(RebondError):
    """Who began a run may not do this any more: their place or its rights were taken away."""

    code = "no_longer_allowed"
    kind = Kind.FORBIDDEN


class UnknownRun(RebondError):
    """facts: run_id"""

    code = "unknown_run"
    kind = Kind.MISSING
