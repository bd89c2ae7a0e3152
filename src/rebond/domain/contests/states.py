"""How a second look ends.  (pure)"""

from enum import StrEnum


class ContestOutcome(StrEnum):
    """What the second person found: the grade was right, or pieces are paid after all."""

    STANDS = "stands"
    CORRECTED = "corrected"
