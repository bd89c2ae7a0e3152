"""Which duties there are, and when people are warned of them.  (pure)"""

from enum import StrEnum


class DutyKind(StrEnum):
    """What has to be done."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    REFUND = "refund"
    CONFORMITY = "conformity"
    APPEAL = "appeal"
    DATA = "data"


WARNED_DAYS = (7, 3, 1, 0)
"""So many days before the day people are warned; 0 is after it has passed."""


def warning_for(days_left: int) -> int | None:
    """The warning that is due ``days_left`` days before the day: 7, 3, 1, 0 (late), or None.

    ``days_left`` is negative once the day has passed; on the day itself it is 0.
    """
    if days_left < 0:
        return 0
    return min((day for day in WARNED_DAYS if day and days_left <= day), default=None)
