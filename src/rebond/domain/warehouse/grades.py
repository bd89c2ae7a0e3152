"""How pieces are graded and where they go next.  (pure)"""

from enum import StrEnum


class Grade(StrEnum):
    """The state a piece came back in."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"
    MISSING = "missing"


class Disposition(StrEnum):
    """What happens to a piece."""

    RESTOCK = "restock"
    REFURBISH = "refurbish"
    RESELL = "resell"
    DONATE = "donate"
    RECYCLE = "recycle"
    DESTROY = "destroy"
    RETURN_TO_VENDOR = "return_to_vendor"
    QUARANTINE = "quarantine"
    REPAIR = "repair"
    MISSING = "missing"


CHOSEN_BY_PEOPLE = tuple(
    way for way in Disposition if way not in {Disposition.MISSING, Disposition.REPAIR}
)
"""What may be decided for a piece that is the shop's; a repair is what its shopper asked for."""

USUAL_DISPOSITION: dict[Grade, Disposition] = {
    Grade.A: Disposition.RESTOCK,
    Grade.B: Disposition.REFURBISH,
    Grade.C: Disposition.RESELL,
    Grade.D: Disposition.RECYCLE,
    Grade.MISSING: Disposition.MISSING,
}
