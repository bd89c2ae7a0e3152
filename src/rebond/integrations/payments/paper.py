"""Refunds paid by hand: nothing happens until somebody says who paid, when and how."""

from datetime import datetime, timedelta

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import (
    ANY_SHOP,
    Account,
    Answer,
    Hook,
    HookRequest,
    KnownRefund,
    Outcome,
    RefundOrder,
    payment_providers,
)


@payment_providers.add
class Paper:
    """Never succeeds by itself."""

    key = "paper"
    title = "Paid by hand"
    is_idempotent = False
    is_manual = True
    can_be_asked = False
    lists_after = timedelta(0)
    tried_live = True
    key_lifetime = timedelta(0)

    def __init__(self, account: Account = ANY_SHOP) -> None:
        """Paper has no settings."""

    def refund(self, order: RefundOrder) -> Answer:
        """Nothing leaves; a person is asked."""
        return Answer(Outcome.WAITS_FOR_PERSON)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """There is nobody to ask."""
        return None

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """There is nobody to ask."""
        return None

    def page_of(self, payment_reference: str) -> str:
        """There is no page."""
        return ""

    def read_hook(self, request: HookRequest) -> list[Hook]:
        """Nobody calls us about paper."""
        raise HookRefused(why="no such caller")
