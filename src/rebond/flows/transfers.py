"""Reactions between rooms that do not know each other: the bank's word becomes a refund's."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.bank_transfers.events import TransferEnded
from rebond.domain.bank_transfers.models import Transfer
from rebond.domain.refunds.actions import apply_hook, keep_hook
from rebond.domain.refunds.ports import Answer, Hook, Outcome
from rebond.kernel.money import Money

PROVIDER = "bank_transfer"


def tell_refund(event: TransferEnded) -> None:
    """Let the refund know what the bank said of its transfer; once for each word."""
    transfer = Transfer.objects.select_related("shop").get(pk=event.transfer_id)
    answer = Answer(
        Outcome.SUCCEEDED if event.is_paid else Outcome.REFUSED,
        reference=transfer.end_to_end_id,
        bank_reference=transfer.bank_reference,
        code=event.code or ("" if event.is_paid else "returned_by_bank"),
    )
    hook = Hook(
        f"{transfer.pk}:{'paid' if event.is_paid else 'returned'}",
        UUID(event.refund_id),
        transfer.end_to_end_id,
        Money(transfer.amount_minor, transfer.currency),
        answer,
        transfer.payment_reference,
    )
    kept = keep_hook(transfer.shop_id, PROVIDER, hook, b"")
    if kept is not None:
        apply_hook(kept, hook)
