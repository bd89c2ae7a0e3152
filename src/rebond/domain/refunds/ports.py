"""What a payment provider must do for us.

Every provider is asynchronous to us: an answer may be *pending*, may never come,
and may be taken back days later.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

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
    """What we ask for. ``refund_id`` is our reference, which the provider must keep and list."""

    refund_id: UUID
    payment_reference: str
    amount: Money
    idempotency_key: str


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


@dataclass(frozen=True)
class Hook:
    """A message from a provider: who it is about and what it says now."""

    event_id: str
    refund_id: UUID | None
    reference: str
    amount: Money | None
    answer: Answer


@dataclass(frozen=True)
class HookRequest:
    """An inbound call exactly as it came: header names in lower case, body untouched."""

    headers: dict[str, str]
    body: bytes = field(repr=False)


class PaymentProvider(Protocol):
    """A company (or a person) that can send money back.

    ``is_idempotent`` False means: one attempt, never an automatic second.
    ``tried_live`` False is shown to staff.
    """

    key: str
    title: str
    is_idempotent: bool
    is_manual: bool
    tried_live: bool

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for the money. Never raises for anything the provider or the network does."""
        ...

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """All refunds the provider knows of this payment, or None when it cannot be asked now."""
        ...

    def read_hook(self, request: HookRequest) -> list[Hook]:
        """The messages in a call from the provider.

        Raises ``HookRefused`` when the signature is missing, wrong or stale, or
        when no secret is set: closed, never open.
        """
        ...


payment_providers: Socket[PaymentProvider] = Socket("payments")
