"""Refusals about contested grades."""

from rebond.kernel.errors import Kind, RebondError


class NotContestable(RebondError):
    """facts: number, why (``state``, ``nothing_kept``, ``late``, ``again``)"""

    code = "not_contestable"


class ContestEmpty(RebondError):
    """Words are wanted: what the shopper sees differently, or what the second person found."""

    code = "contest_empty"
    kind = Kind.INVALID


class ContestAnsweredAlready(RebondError):
    """facts: number"""

    code = "contest_answered_already"


class AnotherGraderNeeded(RebondError):
    """Who gave the grade does not look at it again. facts: number"""

    code = "another_grader_needed"


class NothingCorrected(RebondError):
    """A correction names at least one finding of the return that kept something back."""

    code = "nothing_corrected"
    kind = Kind.INVALID
