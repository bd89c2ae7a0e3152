"""Who has limits on what they refund alone, and the kinds of limits.  (pure)"""

from enum import StrEnum


class LimitKind(StrEnum):
    """What is added up: this refund alone, all of the order, of the shopper, of the day."""

    REFUND = "refund"
    ORDER = "order"
    SHOPPER = "shopper"
    DAY = "day"


class Spender(StrEnum):
    """Whose limits there are: those of the roles that refund, and those of each API key."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    MACHINE = "machine"


SHOPPER_DAYS = 30
"""The sum of a shopper counts the refunds of so many days."""
