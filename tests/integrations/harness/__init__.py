"""A bench for each payment provider: its fake on loopback, and how to steer and sign for it.

``harness/<key>.py`` holds a class ``Harness(Bench)``. A promise that does not apply to a
provider stands in ``excused`` with the reason why; the tests refuse an empty one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

from rebond.domain.refunds.ports import (
    Account,
    Answer,
    DisputeState,
    HookRequest,
    Outcome,
    PaymentProvider,
    RefundOrder,
    payment_providers,
)
from rebond.kernel.money import Money


@dataclass(frozen=True)
class Booked:
    """A refund in the provider's own books. ``refund_id`` is our reference as it was kept."""

    reference: str
    refund_id: str
    amount: Money
    payment: str


class Bench:
    """What every promise needs to know of one provider; a harness fills it in."""

    key: ClassVar[str]
    # The name of a promise (its test without ``test_``) and why it does not apply.
    excused: ClassVar[dict[str, str]] = {}
    needs_database: ClassVar[bool] = False
    # Settings that take away the door for messages when they are not set.
    secrets: ClassVar[tuple[str, ...]] = ()
    # What a refund without trouble is at first: some only ever say "pending" at once.
    at_once: ClassVar[Outcome] = Outcome.SUCCEEDED
    currencies: ClassVar[tuple[str, ...]] = ("JPY", "EUR", "KWD")
    # Where a complaint at the bank can stand, as this provider tells it.
    dispute_states: ClassVar[tuple[DisputeState, ...]] = tuple(DisputeState)
    # Amounts that this provider cannot pay exactly, so that nothing may be sent.
    impossible: ClassVar[tuple[Money, ...]] = ()

    def __init__(self, folder: Path) -> None:
        """``folder`` is this bench's own, empty."""
        self.folder = folder

    def start(self) -> None:
        """Make the provider ready."""

    def stop(self) -> None:
        """Take it down."""

    def settings(self) -> dict[str, str]:
        """What a shop sets to be connected here, without the ``REBOND_`` in front."""
        return {}

    def away(self) -> dict[str, str]:
        """The settings that point at nobody."""
        return {}

    def wrong_key(self) -> dict[str, str]:
        """The settings that the provider does not let in."""
        return {}

    def plug(self, shop: str = "") -> PaymentProvider:
        """The plug under test, for a shop."""
        return payment_providers[self.key](Account(shop))

    def order(self, payment: str, amount: Money, *, key: str = "") -> RefundOrder:
        """A wish for money, under a reference of its own."""
        refund_id = uuid4()
        return RefundOrder(refund_id, payment, amount, key or f"{refund_id}:0")

    def opens(self, captured: Money) -> str:
        """A payment that was captured; its reference."""
        raise NotImplementedError

    def nobodys(self) -> str:
        """A reference as this provider writes them, of a payment that does not exist."""
        raise NotImplementedError

    def plan(self, mode: str, *, count: int = 1, **detail: float | str) -> None:
        """Let the next calls fail in this way."""
        raise NotImplementedError

    def advance(self) -> None:
        """Let everything happen that was to come."""
        raise NotImplementedError

    def fill(self, payment: str, count: int, *, at: datetime) -> None:
        """Book ``count`` refunds of one unit at a moment, as if asked for elsewhere."""
        raise NotImplementedError

    def booked(self) -> list[Booked]:
        """Every refund in the provider's books."""
        raise NotImplementedError

    def calls(self) -> list[str]:
        """The key of every request for a refund that arrived."""
        raise NotImplementedError

    def final(self, plug: PaymentProvider, order: RefundOrder, answer: Answer) -> Answer:
        """What is said about ``order`` in the end; by message where no reply says it."""
        return answer

    def refund_message(self, reference: str, *, refund_id: UUID | None = None) -> bytes:
        """The message that tells where a refund stands; ``refund_id`` in place of the real."""
        raise NotImplementedError

    def dispute_message(self, payment: str, amount: Money, state: DisputeState) -> bytes:
        """The message that tells of a complaint at the bank."""
        raise NotImplementedError

    def idle_messages(self) -> list[bytes]:
        """Genuine messages that are about nothing of ours, or half empty."""
        return []

    def altered(self, body: bytes) -> bytes:
        """The same message with a larger sum in it."""
        raise NotImplementedError

    def signed(
        self, body: bytes, *, secret: str | None = None, at: float | None = None
    ) -> HookRequest:
        """``body`` as the provider sends it, signed now (or ``at``) with the true secret."""
        raise NotImplementedError

    def unsigned(self, request: HookRequest) -> HookRequest:
        """The request without its signature, where that is in the body; else as it is."""
        return request

    def without_our_reference(self, body: bytes) -> bytes:
        """The same message about a refund that carries no reference of ours."""
        raise NotImplementedError

    def with_second_signature(self, request: HookRequest) -> HookRequest:
        """The request with its signature header sent twice, a forged one after the true one."""
        raise NotImplementedError


def harness_of(key: str) -> type[Bench]:
    """The bench of a provider. Raises ``LookupError`` with what to do when there is none."""
    name = f"{__name__}.{key}"
    if find_spec(name) is None:
        raise LookupError(
            f"the payment provider {key!r} has no harness: write tests/integrations/harness/"
            f"{key}.py with a class Harness(Bench), so that it is held to the promises"
        )
    harness: type[Bench] = import_module(name).Harness
    return harness


def applies(promise: Callable[..., object], key: str) -> bool:
    """Whether a promise is tested on this provider; one without a harness is, and fails."""
    try:
        return promise.__name__.removeprefix("test_") not in harness_of(key).excused
    except LookupError:
        return True


__all__ = [
    "UUID",
    "Account",
    "Answer",
    "Bench",
    "Booked",
    "DisputeState",
    "HookRequest",
    "Money",
    "Outcome",
    "PaymentProvider",
    "RefundOrder",
    "applies",
    "harness_of",
]
