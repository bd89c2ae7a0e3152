"""What accounts, parts and movements there are, and which account stands on the other side.  (pure)

Source: docs/decisions/0011-one-ledger.md.
"""

from __future__ import annotations

from enum import StrEnum

POINTS_CURRENCY = "PTS"


class AccountKind(StrEnum):
    """The first three are what the shop owes; the others are the shop's own side of the books."""

    STORE_CREDIT = "store_credit"
    GIFT_CARD = "gift_card"
    POINTS = "points"
    FUNDING = "funding"
    PROMOTION = "promotion"
    SALES = "sales"
    BREAKAGE = "breakage"
    PAYOUT = "payout"


OWED = frozenset({AccountKind.STORE_CREDIT, AccountKind.GIFT_CARD, AccountKind.POINTS})


class Part(StrEnum):
    """Cash is money that somebody paid; a bonus was given on top and is never paid out."""

    CASH = "cash"
    BONUS = "bonus"


class Movement(StrEnum):
    """Why a balance moved."""

    ISSUED = "issued"
    TOPPED_UP = "topped_up"
    USED = "used"
    RESTORED = "restored"
    EXPIRED = "expired"
    CASHED_OUT = "cashed_out"
    TAKEN_BACK = "taken_back"


def other_side(movement: Movement, part: Part) -> AccountKind:
    """The shop's account that the other half of a movement is booked on."""
    match movement:
        case Movement.USED | Movement.RESTORED:
            return AccountKind.SALES
        case Movement.EXPIRED:
            return AccountKind.BREAKAGE
        case Movement.CASHED_OUT:
            return AccountKind.PAYOUT
        case _:
            return AccountKind.FUNDING if part is Part.CASH else AccountKind.PROMOTION
