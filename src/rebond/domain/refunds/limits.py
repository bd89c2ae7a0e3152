"""The kinds of limits on what one person refunds alone.  (pure)"""

from enum import StrEnum


class LimitKind(StrEnum):
    """What is added up: this refund alone, all of the order, of the shopper, of the day."""

    REFUND = "refund"
    ORDER = "order"
    SHOPPER = "shopper"
    DAY = "day"


SHOPPER_DAYS = 30
"""The sum of a shopper counts the refunds of so many days."""
