"""What the bank says of a shopper's complaint."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.refunds.disputes import take_over
from rebond.domain.refunds.models import Dispute
from rebond.domain.refunds.ports import KnownDispute
from rebond.kernel.actions import action


@action
def note_dispute(shop_id: UUID, provider: str, known: KnownDispute) -> Dispute | None:
    """Take over what the provider says of a complaint; None when the payment is not ours.

    The same thing said twice changes nothing, and a complaint that has ended stays ended.
    """
    return take_over(shop_id, provider, known)
