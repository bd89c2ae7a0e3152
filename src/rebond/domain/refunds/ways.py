"""The ways in which money reaches a shopper.  (pure)"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from rebond.domain.refunds.errors import ConsentNeeded


class Way(StrEnum):
    """How the money goes. Each but the first is the key of the plug that pays it."""

    ORIGINAL = "original"
    STORE_CREDIT = "store_credit"
    GIFT_CARD = "gift_card"
    BANK = "bank_transfer"
    BY_HAND = "paper"


class Channel(StrEnum):
    """How a shopper said yes to something else than the way back."""

    LINK = "link"
    PHONE = "phone"
    MAIL = "mail"
    COUNTER = "counter"


EXCHANGE = "exchange"
"""The plug that puts a part of the money into the goods that the shopper takes instead."""

OWN_BOOKS = frozenset({Way.STORE_CREDIT, Way.GIFT_CARD, Way.BANK, EXCHANGE})
"""Ways that end in the books of this installation: no other company knows of them."""

NEEDS_CONSENT = frozenset({Way.STORE_CREDIT, Way.GIFT_CARD, Way.BANK, Way.BY_HAND, EXCHANGE})
"""The law pays money back by the means of payment, unless the shopper expressly agrees.
Source: C. conso. L221-24 al. 3; Dir. 2011/83/EU art. 13(1)."""


@dataclass(frozen=True)
class Yes:
    """What a shopper agreed to: by which channel, in whose name."""

    channel: Channel
    given_by: str


@dataclass(frozen=True)
class Exchanged:
    """So much of the money pays for other goods first; the rest goes the chosen way.

    ``destination`` names the exchange to its plug.
    """

    amount_minor: int
    destination: str
    yes: Yes


@dataclass(frozen=True)
class LinesWay:
    """What some lines of the order bring goes a way of its own.

    ``way`` is the key of the plug that pays it; the rest is as in ``ChosenWay``. Only the value of
    the goods goes this way: delivery costs go the way of the whole.
    """

    way: str
    order_lines: frozenset[UUID]
    destination: str
    yes: Yes
    bonus_percent: int = 0


@dataclass(frozen=True)
class ChosenWay:
    """A way, where it leads, and the shopper's yes to it.

    ``bonus_percent`` is given on top as store credit; it is no part of the refund. ``lines`` go
    ways of their own: what other goods leave of the money is theirs first, then the way's.
    ``bonus_minor`` comes on top of all store credit once, spread over it, and never makes a bonus
    larger than the money it stands on.
    """

    way: Way = Way.ORIGINAL
    destination: str = ""
    bonus_percent: int = 0
    yes: Yes | None = None
    exchanged: Exchanged | None = None
    lines: tuple[LinesWay, ...] = ()
    bonus_minor: int = 0

    def check(self) -> None:
        """Raise ``ConsentNeeded`` where the law asks for an express yes and there is none."""
        if self.way in NEEDS_CONSENT and (self.yes is None or not self.yes.given_by.strip()):
            raise ConsentNeeded(way=self.way.value)
        for each in self.lines:
            if not each.yes.given_by.strip():
                raise ConsentNeeded(way=each.way)


def way_of_gift(paid_as: str, *, shopper_id: UUID, email: str) -> ChosenWay:
    """The only way for a present: what the policy names, to who got it.

    They agreed to it when they asked; the buyer has no part in it.
    """
    way = Way(paid_as)
    word = "new" if way is Way.GIFT_CARD else "shopper"
    return ChosenWay(way, f"{word}:{shopper_id}", yes=Yes(Channel.LINK, email))


THE_WAY_BACK = ChosenWay()
