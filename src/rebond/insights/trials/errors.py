"""Refusals about trials."""

from rebond.kernel.errors import Kind, RebondError


class UnknownTrial(RebondError):
    """facts: trial_id"""

    code = "unknown_trial"
    kind = Kind.MISSING


class TrialOfNothing(RebondError):
    """facts: first, last"""

    code = "trial_of_nothing"
    kind = Kind.INVALID
