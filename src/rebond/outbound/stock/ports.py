"""What a system of the shop must do for us, to hear of its stock."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from rebond.kernel.companies import ANY_SHOP, Account
from rebond.kernel.plugs import Socket


class Heard(StrEnum):
    """What came of telling. ``NO_ANSWER``: nobody knows whether it was taken; it is told again."""

    TAKEN = "taken"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True)
class StockChange:
    """Pieces put on a shelf, or taken from it where negative.

    ``key`` stays the same each time it is told: a system takes it once. ``number`` counts 1, 2,
    3 … for each location. ``standing`` is what stands there afterwards of this stock code.
    ``return_number`` is empty where somebody corrected the count by hand.
    """

    key: UUID
    number: int
    location_id: UUID
    location: str
    place: str
    sku: str
    pieces: int
    standing: int
    return_number: str
    at: datetime


@dataclass(frozen=True)
class Hearing:
    """What the system said: its own name for a change that it took, or why it did not."""

    heard: Heard
    reference: str = ""
    words: str = ""


class StockSystem(Protocol):
    """A system that hears of the stock of one shop's ``account``.

    ``settings`` are the names in the environment without which it does not work.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ()
    account: Account

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self.account = account

    @abstractmethod
    def tell(self, change: StockChange) -> Hearing:
        """Tell of a change; told again, it counts once. Never raises for what the system does."""


stock_systems: Socket[StockSystem] = Socket("stock")


def missing_for(key: str, account: Account) -> list[str]:
    """The names in the environment that the host has not given yet for the plug ``key``."""
    wanted = stock_systems[key].settings
    return [f"REBOND_{name}" for name in wanted if not account.setting(name)]
