"""How far a return without a receipt is.  (pure)"""

from enum import StrEnum


class NoReceiptState(StrEnum):
    """It waits for a person, and ends one way."""

    WAITING = "waiting"
    PAID = "paid"
    DECLINED = "declined"
