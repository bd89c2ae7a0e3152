"""Complaints of shoppers at their bank: open blocks, lost consumes, won frees and gives back.

Messages come in any order and more than once; the one that says most holds. What a bank decided
for the shop after it had decided against it is the last word: a further round is a complaint of
its own. Used inside actions only.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from rebond.domain.orders.models import Payment
from rebond.domain.orders.reading import lock_order
from rebond.domain.refunds.events import DisputeEnded, DisputeOpened
from rebond.domain.refunds.models import Dispute, TaskKind
from rebond.domain.refunds.ports import DisputeState, KnownDispute
from rebond.domain.refunds.shortfalls import stop_what_is_gone
from rebond.domain.refunds.tasks import close_tasks, open_task
from rebond.kernel.clock import now
from rebond.kernel.events import record

RANK = {DisputeState.OPEN: 0, DisputeState.LOST: 1, DisputeState.WON: 2}


def take_over(shop_id: UUID, provider: str, known: KnownDispute) -> Dispute | None:
    """Take over what the provider says of a complaint; None when the payment is not ours.

    The same thing said twice changes nothing, nor does one that says less than is known.
    """
    payment = Payment.objects.filter(
        shop_id=shop_id, provider=provider, reference=known.payment_reference
    ).first()
    if payment is None:
        return None
    lock_order(payment.order_id)
    dispute, is_new = Dispute.objects.get_or_create(
        shop_id=shop_id,
        payment=payment,
        reference=known.reference,
        defaults={
            "currency": known.amount.currency,
            "amount_minor": known.amount.minor,
            "state": DisputeState.OPEN,
            "opened_at": now(),
        },
    )
    by = f"provider:{provider}"
    if is_new:
        _open(dispute, payment, by=by)
    if RANK[known.state] > RANK[DisputeState(dispute.state)]:
        _end(dispute, payment, known, by=by)
    return dispute


def _open(dispute: Dispute, payment: Payment, *, by: str) -> None:
    Payment.objects.filter(pk=payment.pk).update(is_disputed=True)
    open_task(
        TaskKind.DISPUTE,
        dispute.pk,
        order=payment.order,
        amount_minor=dispute.amount_minor,
        currency=dispute.currency,
    )
    event = DisputeOpened(
        str(payment.order_id),
        str(payment.pk),
        str(dispute.pk),
        dispute.amount_minor,
        dispute.currency,
    )
    record(event, shop_id=dispute.shop_id, actor=by)


def _end(dispute: Dispute, payment: Payment, known: KnownDispute, *, by: str) -> None:
    is_won = known.state is DisputeState.WON
    consumed_before = dispute.consumed_minor
    dispute.state, dispute.ended_at = known.state, now()
    dispute.consumed_minor = 0 if is_won else known.amount.minor
    dispute.save(update_fields=["state", "ended_at", "consumed_minor"])
    is_open = payment.disputes.filter(state=DisputeState.OPEN).exists()
    Payment.objects.filter(pk=payment.pk).update(
        is_disputed=is_open,
        refunded_outside_minor=F("refunded_outside_minor")
        + dispute.consumed_minor
        - consumed_before,
    )
    close_tasks(dispute.shop_id, dispute.pk, by=by)
    if not is_won:
        stop_what_is_gone(payment, code="dispute_lost", by=by)
    event = DisputeEnded(
        str(payment.order_id),
        str(payment.pk),
        str(dispute.pk),
        is_won,
        dispute.consumed_minor,
        dispute.currency,
    )
    record(event, shop_id=dispute.shop_id, actor=by)
