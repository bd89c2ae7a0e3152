"""What a payment provider must do for us.

Every provider is asynchronous to us: an answer may be *pending*, may never come,
and may be taken back days later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from rebond.kernel.companies import ANY_SHOP as ANY_SHOP
from rebond.kernel.companies import Account as Account
from rebond.kernel.companies import HookRequest as HookRequest
from rebond.kernel.money import Money
from rebond.kernel.plugs import Socket


class Outcome(StrEnum):
    """What we know after asking.

    ``NO_ANSWER``: a time-out or a broken line, so asking again with the same key is safe.
    ``BROKEN_ANSWER``: the provider recorded an error for this key and may repeat it for ever.
    ``WAITS_FOR_PERSON``: nothing was sent; somebody has to pay by hand and say so.
    """

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    BROKEN_ANSWER = "broken_answer"
    WAITS_FOR_PERSON = "waits_for_person"


@dataclass(frozen=True)
class RefundOrder:
    """What we ask for. ``refund_id`` is our reference, which the provider must keep and list.

    ``destination`` is empty where the money goes back the way it came; else it says to the
    provider chosen for it where to: a bank account, a store credit account.
    """

    refund_id: UUID
    payment_reference: str
    amount: Money
    idempotency_key: str
    destination: str = ""


@dataclass(frozen=True)
class Answer:
    """What the provider said. ``code`` is its own word for a refusal or a fault."""

    outcome: Outcome
    reference: str = ""
    bank_reference: str = ""
    code: str = ""
    detail: str = ""


@dataclass(frozen=True)
class KnownRefund:
    """A refund as the provider lists it; ``refund_id`` is our reference, or None for another's."""

    reference: str
    refund_id: UUID | None
    amount: Money
    answer: Answer
    made_at: datetime | None = None
    payment_reference: str = ""


class DisputeState(StrEnum):
    """Where a shopper's complaint at their bank stands. Lost: the bank took the money back."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class KnownDispute:
    """A complaint at the bank about one payment, as the provider tells it."""

    reference: str
    payment_reference: str
    amount: Money
    state: DisputeState


@dataclass(frozen=True)
class Hook:
    """A message from a provider: who it is about and what it says now.

    One about a dispute has ``dispute`` and no ``answer``. One that names neither is only a hint
    to ask the provider again about ``payment_reference``.
    """

    event_id: str
    refund_id: UUID | None
    reference: str
    amount: Money | None
    answer: Answer | None
    payment_reference: str = ""
    dispute: KnownDispute | None = None


class PaymentProvider(Protocol):
    """A company (or a person) that can send money back, for one shop's ``account``.

    ``is_idempotent`` False means: one attempt, never an automatic second. ``key_lifetime`` is
    how long the same key is safe to send again. ``can_be_asked`` False: there is no list of
    refunds to look into, so that only messages and people can tell what became of one.
    ``lists_after`` is how long a refund may be missing from ``refunds_between``.
    ``tried_live`` False is shown to staff.
    """

    key: str
    title: str
    is_idempotent: bool
    is_manual: bool
    can_be_asked: bool
    lists_after: timedelta
    tried_live: bool
    key_lifetime: timedelta

    def __init__(self, account: Account = ANY_SHOP) -> None: ...

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for the money. Never raises for anything the provider or the network does."""
        ...

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """All refunds the provider knows of this payment, or None when it cannot be asked now."""
        ...

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """Every refund made from ``since`` up to before ``until``, each with its payment.

        None when the provider cannot be asked now, or has no such list.
        """
        ...

    def page_of(self, payment_reference: str) -> str:
        """The address where a person sees this payment at the provider; empty if there is none."""
        ...

    def read_hook(self, request: HookRequest) -> list[Hook]:
        """The messages in a call from the provider.

        Raises ``HookRefused`` when the signature is missing, wrong or stale, or
        when no secret is set: closed, never open. May ask the provider, where it
        is the provider that says whether a message is its own, or what it is about.
        """
        ...


payment_providers: Socket[PaymentProvider] = Socket("payments")
