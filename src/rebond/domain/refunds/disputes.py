"""Complaints of shoppers at their bank: open blocks, won frees, lost consumes.

Used inside actions only.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from rebond.domain.orders.models import Order, Payment
from rebond.domain.refunds.events import DisputeEnded, DisputeOpened, RefundCalledOff
from rebond.domain.refunds.models import Dispute, Refund, TaskKind
from rebond.domain.refunds.payouts import say, sum_up_money
from rebond.domain.refunds.ports import DisputeState, KnownDispute
from rebond.domain.refunds.reserving import release
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.tasks import close_tasks, open_refund_task, open_task
from rebond.kernel.clock import now
from rebond.kernel.events import record


def take_over(shop_id: UUID, provider: str, known: KnownDispute) -> Dispute | None:
    """Take over what the provider says of a complaint; None when the payment is not ours.

    The same thing said twice changes nothing, and a complaint that has ended stays ended.
    """
    payment = Payment.objects.filter(
        shop_id=shop_id, provider=provider, reference=known.payment_reference
    ).first()
    if payment is None:
        return None
    Order.objects.select_for_update(no_key=True).only("id").get(pk=payment.order_id)
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
    if known.state is not DisputeState.OPEN and dispute.state == DisputeState.OPEN:
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
    dispute.state, dispute.ended_at = known.state, now()
    dispute.consumed_minor = 0 if is_won else known.amount.minor
    dispute.save(update_fields=["state", "ended_at", "consumed_minor"])
    is_open = payment.disputes.filter(state=DisputeState.OPEN).exists()
    Payment.objects.filter(pk=payment.pk).update(
        is_disputed=is_open,
        refunded_outside_minor=F("refunded_outside_minor") + dispute.consumed_minor,
    )
    close_tasks(dispute.shop_id, dispute.pk, by=by)
    if not is_won:
        _free_what_is_gone(payment, by=by)
    event = DisputeEnded(
        str(payment.order_id),
        str(payment.pk),
        str(dispute.pk),
        is_won,
        dispute.consumed_minor,
        dispute.currency,
    )
    record(event, shop_id=dispute.shop_id, actor=by)


def _free_what_is_gone(payment: Payment, *, by: str) -> None:
    """Stop refunds that were not sent yet and that the payment can no longer bear."""
    payment.refresh_from_db()
    over = payment.refund_reserved_minor + payment.refunded_outside_minor - payment.captured_minor
    waiting = Refund.objects.filter(
        shop_id=payment.shop_id, payment=payment, state=RefundState.RESERVED
    ).select_related("payment", "settlement__rma", "settlement__order")
    for refund in waiting.order_by("-started_at"):
        if over <= 0:
            return
        refund.settled_at, refund.next_check_at = now(), None
        refund.move_to(RefundState.CANCELLED, "settled_at", "next_check_at")
        release(payment, refund.amount_minor)
        over -= refund.amount_minor
        say(refund, RefundCalledOff, by=by)
        open_refund_task(TaskKind.BLOCKED, refund, code="dispute_lost")
        sum_up_money(refund.settlement.rma, by=by)
