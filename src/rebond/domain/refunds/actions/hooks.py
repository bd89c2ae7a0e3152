"""What a provider tells us by itself: kept first, then applied once."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.refunds.disputes import take_over
from rebond.domain.refunds.models import ProviderEvent, Refund
from rebond.domain.refunds.payouts import apply_answer, locked_refund
from rebond.domain.refunds.ports import Hook
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.money import Money


@action
def keep_hook(shop_id: UUID, provider: str, hook: Hook, body: bytes) -> UUID | None:
    """Keep a provider's message before it is answered; None when it was kept before."""
    row, fresh = ProviderEvent.objects.get_or_create(
        shop_id=shop_id,
        provider=provider,
        event_id=hook.event_id,
        defaults={"body": body.decode("utf-8", "replace"), "received_at": now()},
    )
    return row.pk if fresh or row.applied_at is None else None


@action
def apply_hook(event_row: UUID, hook: Hook) -> str:
    """Let a kept message take effect, once, in whatever order messages come.

    Returns what came of it: ``applied``, ``parked`` for a refund that is not ours or does not
    agree with ours, ``known`` for one that had already taken effect.
    """
    row = ProviderEvent.objects.select_for_update(no_key=True).get(pk=event_row)
    if row.applied_at is not None:
        return "known"
    if hook.dispute is not None:
        found = take_over(row.shop_id, row.provider, hook.dispute)
        return _end(row, "parked" if found is None else "applied")
    refund = (
        Refund.objects.filter(shop_id=row.shop_id, pk=hook.refund_id).first()
        if hook.refund_id
        else None
    )
    fits = (
        refund is not None
        and refund.provider == row.provider
        and (hook.amount is None or hook.amount == Money(refund.amount_minor, refund.currency))
    )
    if refund is None or not fits:
        return _end(row, "parked")
    if hook.answer is not None:
        apply_answer(locked_refund(refund.pk), hook.answer, by=f"provider:{row.provider}")
    return _end(row, "applied")


def _end(row: ProviderEvent, result: str) -> str:
    """Write down what came of the message; a parked one can still take effect later."""
    row.result = result
    row.applied_at = now() if result == "applied" else None
    row.save(update_fields=["applied_at", "result"])
    return result
