"""The words of the floor: what a scan meant, where goods may stand, how they leave.  (pure)"""

from enum import StrEnum

from rebond.domain.warehouse.grades import Disposition


class Command(StrEnum):
    """What a station asks for."""

    CODE = "code"
    BOOK_IN = "book_in"
    SET_ASIDE = "set_aside"
    TAKE_BACK = "take_back"


class Heard(StrEnum):
    """What a scan turned out to be."""

    OPENED = "opened"
    NOT_EXPECTED = "not_expected"
    PIECE = "piece"
    EXTRA = "extra"
    WRONG_ITEM = "wrong_item"
    RETURN_FIRST = "return_first"
    UNKNOWN = "unknown"
    BOOKED_IN = "booked_in"
    NOTHING = "nothing"
    SET_ASIDE = "set_aside"
    SLIP = "slip"
    TAKEN_BACK = "taken_back"


class Place(StrEnum):
    """What goods at a location are for. Pieces at a sellable one count as stock of the article."""

    SELLABLE = "sellable"
    SECOND_HAND = "second_hand"


class UnitState(StrEnum):
    """Where one returned piece is on its way."""

    WAITING = "waiting"
    IN_WORK = "in_work"
    QUARANTINE = "quarantine"
    PLACED = "placed"
    GONE = "gone"
    GIVEN_BACK = "given_back"


class Derogation(StrEnum):
    """Why goods may be destroyed all the same.

    Source: Reg. (EU) 2024/1781 art. 25(5) with C(2026)659; C. env. L541-15-8.
    """

    DANGEROUS = "dangerous"
    NOT_COMPLIANT = "not_compliant"
    INFRINGING = "infringing"
    UNFIT = "unfit"
    DONATION_REFUSED = "donation_refused"


PLACE_OF: dict[Disposition, Place] = {
    Disposition.RESTOCK: Place.SELLABLE,
    Disposition.RESELL: Place.SECOND_HAND,
}
LEAVING = frozenset(
    {
        Disposition.RETURN_TO_VENDOR,
        Disposition.DONATE,
        Disposition.RECYCLE,
        Disposition.DESTROY,
    }
)
AFTER_WORK = (Disposition.RESTOCK, Disposition.RESELL, Disposition.RECYCLE)

AFTER_REPAIR = (Disposition.REPAIR, Disposition.QUARANTINE)
"""A shopper's piece was repaired, or could not be and waits for what is agreed."""


def state_for(disposition: Disposition) -> UnitState:
    """Where a piece stands as soon as ``disposition`` is decided."""
    return {
        Disposition.REFURBISH: UnitState.IN_WORK,
        Disposition.REPAIR: UnitState.IN_WORK,
        Disposition.QUARANTINE: UnitState.QUARANTINE,
    }.get(disposition, UnitState.WAITING)
