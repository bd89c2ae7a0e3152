"""Money that was refunded elsewhere: counted once on its payment, shown, taken back if it failed.

A fact is never refused, not even where it breaks a limit: it is written down and a person is
asked. Used inside actions only.
"""

from __future__ import annotations

from uuid import UUID

from rebond.domain.orders.models import Payment
from rebond.domain.orders.reading import lock_order
from rebond.domain.refunds.events import (
    OutsideRefundDecided,
    OutsideRefundFound,
    OutsideRefundGone,
)
from rebond.domain.refunds.models import (
    Discrepancy,
    FoundBy,
    OutsideRefund,
    OutsideState,
    Refund,
    TaskKind,
)
from rebond.domain.refunds.payouts import apply_answer, end_well, locked_refund
from rebond.domain.refunds.ports import Answer, KnownRefund, Outcome
from rebond.domain.refunds.reserving import count_outside, release
from rebond.domain.refunds.shortfalls import stop_what_is_gone
from rebond.domain.refunds.states import LIVE, RefundState
from rebond.domain.refunds.tasks import close_tasks, open_task
from rebond.kernel.clock import now
from rebond.kernel.events import record


def adopt(
    shop_id: UUID, provider: str, known: KnownRefund, *, found_by: FoundBy
) -> OutsideRefund | None:
    """Take over a refund at the provider that is none of ours; None for one without a name.

    Told twice, or first as failed and then as paid, it counts as the provider's last word says:
    what failed stays failed.
    """
    if not known.reference:
        return None
    payment = _payment_of(shop_id, provider, known)
    if payment is not None:
        lock_order(payment.order_id)
    has_failed = known.answer.outcome is Outcome.REFUSED
    row, is_new = OutsideRefund.objects.get_or_create(
        shop_id=shop_id,
        provider=provider,
        provider_reference=known.reference,
        defaults={
            "payment": payment,
            "payment_reference": known.payment_reference,
            "lost_refund_id": _lost(shop_id, known.refund_id),
            "currency": known.amount.currency,
            "amount_minor": known.amount.minor,
            "made_at": known.made_at,
            "found_at": now(),
            "found_by": found_by.value,
            "state": OutsideState.GONE if has_failed else OutsideState.WAITING,
        },
    )
    by = f"provider:{provider}"
    if is_new:
        if row.counts:
            _count(row, by=by)
    elif has_failed:
        _take_back(row, by=by)
    elif row.payment is None and payment is not None:
        row.payment = payment
        row.save(update_fields=["payment"])
        if row.counts:
            _count(row, by=by)
    return row


def locked_outside(shop_id: UUID, outside_id: UUID) -> OutsideRefund:
    """The refund, read after its order was locked."""
    found = OutsideRefund.objects.select_related("payment").get(shop_id=shop_id, pk=outside_id)
    if found.payment is not None:
        lock_order(found.payment.order_id)
    return OutsideRefund.objects.select_related("payment__order__shop").get(pk=outside_id)


def decide(row: OutsideRefund, state: OutsideState, *, by: str, why: str = "") -> None:
    """Write down what somebody made of it, and put away what was asked about it."""
    row.state, row.decided_by, row.decided_at = state, by, now()
    row.save(update_fields=["state", "decided_by", "decided_at", "settlement"])
    close_tasks(row.shop_id, row.pk, by=by)
    open_ones = Discrepancy.objects.filter(shop_id=row.shop_id, outside=row, closed_at=None)
    open_ones.update(closed_at=now(), closed_by=by, explanation=why or state.value)
    assert row.payment is not None
    event = OutsideRefundDecided(
        str(row.payment.order_id), str(row.pk), state.value, row.amount_minor, row.currency
    )
    record(event, shop_id=row.shop_id, actor=by)
    release_held(row)


def twin_of(refund: Refund) -> OutsideRefund | None:
    """The very money of ``refund``, sent before a backup was restored; None unless it is plain.

    Our own reference stands on it although we know no such refund, and payment and amount are
    the same.
    """
    return (
        OutsideRefund.objects.filter(
            shop_id=refund.shop_id,
            payment=refund.payment_id,
            provider=refund.provider,
            currency=refund.currency,
            amount_minor=refund.amount_minor,
            lost_refund_id__isnull=False,
            state=OutsideState.WAITING,
        )
        .order_by("made_at", "id")
        .first()
    )


def pay_with(refund: Refund, row: OutsideRefund, *, by: str) -> None:
    """The money of ``refund`` is what was found elsewhere: nothing is sent, it has succeeded."""
    if refund.state in LIVE:
        release(refund.payment, refund.amount_minor)
    free_name(row)
    refund.is_outside, refund.provider = True, row.provider
    refund.provider_reference = row.provider_reference
    refund.save(update_fields=["is_outside", "provider", "provider_reference"])
    end_well(refund, by=by)
    row.settlement = refund.settlement
    decide(row, OutsideState.ASSIGNED, by=by)


def free_name(row: OutsideRefund) -> None:
    """Take the provider's name for this money from a refund that believes it lost."""
    Refund.objects.filter(
        shop_id=row.shop_id,
        payment=row.payment_id,
        provider=row.provider,
        provider_reference=row.provider_reference,
    ).update(provider_reference="")


def release_held(row: OutsideRefund) -> None:
    """Let what waited for a word about this money be looked at now."""
    assert row.payment is not None
    Refund.objects.filter(
        shop_id=row.shop_id,
        payment__order=row.payment.order_id,
        state=RefundState.RESERVED,
        next_check_at__isnull=False,
    ).update(next_check_at=now())


def _lost(shop_id: UUID, refund_id: UUID | None) -> UUID | None:
    """A reference like ours that no refund of ours has."""
    if refund_id is None or Refund.objects.filter(shop_id=shop_id, pk=refund_id).exists():
        return None
    return refund_id


def _payment_of(shop_id: UUID, provider: str, known: KnownRefund) -> Payment | None:
    """The payment it was made from. One in another currency is not the one that is meant."""
    if not known.payment_reference:
        return None
    return (
        Payment.objects.select_related("order")
        .filter(
            shop_id=shop_id,
            provider=provider,
            reference=known.payment_reference,
            currency=known.amount.currency,
        )
        .first()
    )


def _count(row: OutsideRefund, *, by: str) -> None:
    """Count it once on its payment; a refund from history that it is, was counted before."""
    payment = row.payment
    assert payment is not None
    told = _in_history(row)
    if told is not None:
        told.provider, told.provider_reference = row.provider, row.provider_reference
        told.save(update_fields=["provider", "provider_reference"])
        row.settlement, row.state = told.settlement, OutsideState.ASSIGNED
        row.decided_by, row.decided_at = "system", now()
        row.save(update_fields=["settlement", "state", "decided_by", "decided_at"])
        return
    count_outside(payment, row.amount_minor)
    payment.refresh_from_db()
    over = payment.refund_reserved_minor + payment.refunded_outside_minor - payment.captured_minor
    open_task(
        TaskKind.OUTSIDE,
        row.pk,
        order=payment.order,
        amount_minor=row.amount_minor,
        currency=row.currency,
        provider=row.provider,
        over_minor=max(0, over),
    )
    event = OutsideRefundFound(
        str(payment.order_id),
        str(payment.pk),
        str(row.pk),
        row.provider,
        row.provider_reference,
        row.amount_minor,
        row.currency,
    )
    record(event, shop_id=row.shop_id, actor=by)
    waiting = _reserved_twin_of(row)
    if waiting is not None:
        pay_with(locked_refund(waiting.pk), row, by="system")
    stop_what_is_gone(payment, code="refunded_outside", by=by)


def _reserved_twin_of(row: OutsideRefund) -> Refund | None:
    """A refund that was decided anew after a restore, and that this very money paid before."""
    if row.lost_refund_id is None:
        return None
    return (
        Refund.objects.filter(
            shop_id=row.shop_id,
            payment=row.payment_id,
            provider=row.provider,
            currency=row.currency,
            amount_minor=row.amount_minor,
            state=RefundState.RESERVED,
        )
        .order_by("started_at", "id")
        .first()
    )


def _in_history(row: OutsideRefund) -> Refund | None:
    """A refund from before us, of the same payment and amount, that nobody gave a name yet."""
    return (
        Refund.objects.select_related("settlement")
        .filter(
            shop_id=row.shop_id,
            payment=row.payment_id,
            is_outside=True,
            state=RefundState.SUCCEEDED,
            provider_reference="",
            currency=row.currency,
            amount_minor=row.amount_minor,
        )
        .order_by("started_at", "id")
        .first()
    )


def _take_back(row: OutsideRefund, *, by: str) -> None:
    """The provider says that it failed: the money is the payment's again."""
    if row.state == OutsideState.GONE:
        return
    was, payment = OutsideState(row.state), row.payment
    row.state = OutsideState.GONE
    row.save(update_fields=["state"])
    if payment is None:
        return
    close_tasks(row.shop_id, row.pk, by=by)
    if was is OutsideState.ASSIGNED:
        _fail_assigned(row, by=by)
    else:
        count_outside(payment, -row.amount_minor)
        release_held(row)
    event = OutsideRefundGone(
        str(payment.order_id), str(payment.pk), str(row.pk), row.amount_minor, row.currency
    )
    record(event, shop_id=row.shop_id, actor=by)


def _fail_assigned(row: OutsideRefund, *, by: str) -> None:
    """What it had paid is owed again, and a person is asked, as for any money that comes back."""
    paid = Refund.objects.filter(
        shop_id=row.shop_id,
        payment=row.payment_id,
        provider=row.provider,
        provider_reference=row.provider_reference,
        is_outside=True,
    ).first()
    if paid is not None:
        apply_answer(locked_refund(paid.pk), Answer(Outcome.REFUSED, code="outside"), by=by)
