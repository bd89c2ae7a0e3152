"""What balances say has happened. ``account_id`` is the subject; amounts are minor units.

``holder`` is ``store_credit``, ``gift_card`` or ``points``; for points an amount is a number of
points and the currency is ``PTS``.
"""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class BalanceMoved(Event):
    """One booked movement. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "account_id"

    account_id: str
    holder: str
    transaction_id: str
    cash_minor: int
    bonus_minor: int
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class BalanceIssued(BalanceMoved):
    """New value was given: as a refund, by hand, as a card, as points."""

    name = "balance.issued"


@dataclass(frozen=True)
class BalanceToppedUp(BalanceMoved):
    """Money was added to a card or account."""

    name = "balance.topped_up"


@dataclass(frozen=True)
class BalanceUsed(BalanceMoved):
    """Value paid for something."""

    name = "balance.used"


@dataclass(frozen=True)
class BalanceRestored(BalanceMoved):
    """What had paid for something came back, the same parts."""

    name = "balance.restored"


@dataclass(frozen=True)
class BalanceExpired(BalanceMoved):
    """Its time was over."""

    name = "balance.expired"


@dataclass(frozen=True)
class BalanceCashedOut(BalanceMoved):
    """Cash of the balance was paid out as money."""

    name = "balance.cashed_out"


@dataclass(frozen=True)
class BalanceTakenBack(BalanceMoved):
    """The shop took value back, with a reason."""

    name = "balance.taken_back"


@dataclass(frozen=True)
class _AboutHold(Event):
    """Value set aside for a purchase. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "account_id"

    account_id: str
    holder: str
    hold_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class BalanceHeld(_AboutHold):
    """Value was set aside for a purchase; it cannot be used elsewhere."""

    name = "balance.held"


@dataclass(frozen=True)
class BalanceReleased(_AboutHold):
    """What was set aside is free again."""

    name = "balance.released"


@dataclass(frozen=True)
class BalanceBlockedByShop(Event):
    """Nothing can be used from the account or card until it is unblocked."""

    name = "balance.blocked"
    about = "account_id"

    account_id: str
    holder: str
    reason: str


@dataclass(frozen=True)
class BalanceUnblocked(Event):
    """The account or card can be used again."""

    name = "balance.unblocked"
    about = "account_id"

    account_id: str
    holder: str
    reason: str


@dataclass(frozen=True)
class CreditTermsChanged(Event):
    """The shop changed its terms of kept value; days of 0 mean without an end."""

    name = "credit_terms.changed"
    about = "terms_id"

    terms_id: str
    bonus_percent: int
    bonus_days: int
    cash_days: int
    card_days: int
    points_per_unit: int
    points_days: int
