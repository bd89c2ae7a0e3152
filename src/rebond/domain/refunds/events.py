"""What the money says has happened. ``subject_id`` is the return, or else the order."""

from dataclasses import dataclass
from typing import ClassVar

from rebond.kernel.events import Event


@dataclass(frozen=True)
class SettlementDecided(Event):
    """It was decided to give money back: how much is in minor units of ``currency``."""

    name = "settlement.decided"
    about = "subject_id"

    subject_id: str
    settlement_id: str
    gross_minor: int
    currency: str


@dataclass(frozen=True)
class _AboutRefund(Event):
    """One payout. Not an event by itself."""

    name: ClassVar[str] = ""
    about: ClassVar[str] = "subject_id"

    subject_id: str
    refund_id: str
    settlement_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class RefundStarted(_AboutRefund):
    """The amount is set aside; the provider is asked next."""

    name = "refund.started"


@dataclass(frozen=True)
class RefundPending(_AboutRefund):
    """The provider took the request; the money is underway or waits for somebody."""

    name = "refund.pending"


@dataclass(frozen=True)
class RefundSucceeded(_AboutRefund):
    """The provider says that the money is on its way to the shopper's account."""

    name = "refund.succeeded"


@dataclass(frozen=True)
class RefundFailed(_AboutRefund):
    """The money did not go, or came back; the amount is free again."""

    name = "refund.failed"

    code: str


@dataclass(frozen=True)
class RefundUnclear(_AboutRefund):
    """Nobody knows yet whether the money went; a person is needed when checking is of no use."""

    name = "refund.unclear"

    needs_person: bool
