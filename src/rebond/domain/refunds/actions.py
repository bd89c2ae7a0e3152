"""The verbs of money: decide, arm, settle, put by hand, take a provider's message.

Every payout goes through four transactions with the outside world between them: reserve, arm,
(call), settle. Source: docs/decisions/0010-refund-protocol.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from rebond.domain.refunds.errors import (
    AlreadySettled,
    IllegalRefundStep,
    NotPaidByHand,
    PaymentReferenceNeeded,
)
from rebond.domain.refunds.models import (
    ProviderEvent,
    Refund,
    Settlement,
)
from rebond.domain.refunds.payouts import (
    Armed,
    after_absence,
    apply_answer,
    arm,
    check_later,
    finish_attempt,
    locked_refund,
    provider_of,
    sum_up_money,
    take,
)
from rebond.domain.refunds.ports import Answer, Hook, Outcome
from rebond.domain.refunds.quoting import pieces_of, quote_for, together
from rebond.domain.refunds.settling import start_refund, start_refunds, write_settlement
from rebond.domain.refunds.states import UNDECIDED, RefundState
from rebond.domain.returns.errors import ChangedMeanwhile, IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.kernel import crash
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.money import Money


@action
def settle_return(rma_id: UUID, *, by: str, version: int | None = None) -> Settlement:
    """Decide what ``rma`` is paid, set the money aside and start its refunds.

    Raises ``AlreadySettled``, ``IllegalTransition`` unless the return is approved,
    ``NothingAccepted``, ``QuoteRefused``, and
    ``NoRefundablePayment`` or ``RefundExceedsPaid`` when the payments cannot take it.
    """
    rma = Return.objects.locked(pk=rma_id)
    if version is not None and rma.version != version:
        raise ChangedMeanwhile(number=rma.number)
    if rma.order is None or rma.settlements.exists():
        raise AlreadySettled(number=rma.number)
    if rma.request_state != RequestState.APPROVED:
        raise IllegalTransition(number=rma.number, was=rma.request_state, asked="settled")
    terms: Mapping[str, Any] = rma.terms.get("terms", {})
    answer = quote_for(rma.order, together(pieces_of(rma)), terms)
    settlement = write_settlement(rma.order, rma, answer, origin="return", by=by)
    start_refunds(settlement, rma.order, answer, by=by)
    crash.point("settlement.deciding")
    return settlement


@action
def refund_again(refund_id: UUID, *, by: str) -> Refund:
    """Send money that failed once more, as a refund of its own to the same payment.

    Raises ``IllegalRefundStep`` for one that did not fail, ``AlreadySettled`` when the money is
    on its way again, and ``RefundExceedsPaid``.
    """
    failed = locked_refund(refund_id)
    if failed.state not in {RefundState.FAILED, RefundState.FAILED_LATE}:
        raise IllegalRefundStep(was=failed.state, asked=str(RefundState.RESERVED))
    settlement = failed.settlement
    if not failed.can_be_sent_again:
        raise AlreadySettled(number=settlement.rma.number if settlement.rma else "")
    fresh = start_refund(settlement, failed.payment, failed.amount_minor, by=by)
    sum_up_money(settlement.rma, by=by)
    return fresh


@action
def arm_refund(refund_id: UUID) -> Armed | None:
    """Write down that the provider is about to be asked; None when it must not be.

    Commits before any byte leaves. A refund that was already armed and not answered is left to
    the look-up, never sent again from here.
    """
    refund = locked_refund(refund_id)
    if refund.state != RefundState.RESERVED:
        return None
    return arm(refund)


@action
def begin_look(refund_id: UUID) -> Armed | None:
    """Take the refund to find out what became of it; None when nothing is open or due.

    A refund that a person was asked about is looked at all the same: the look moves its next
    check on, so that it never stands in front of the others. Only a payment by hand has none.
    """
    refund = locked_refund(refund_id)
    if RefundState(refund.state) not in UNDECIDED - {RefundState.RESERVED}:
        return None
    if refund.next_check_at is None or refund.next_check_at > now():
        return None
    return take(refund, kind="look")


@action
def settle_refund(refund_id: UUID, token: UUID, answer: Answer) -> RefundState:
    """Take the answer to a request, if ``token`` still holds the refund.

    A worker that comes back too late changes nothing. Returns the state that holds now.
    """
    refund = locked_refund(refund_id)
    if refund.lease_token != token:
        return RefundState(refund.state)
    finish_attempt(refund, answer)
    apply_answer(refund, answer, by=f"provider:{refund.payment.provider}")
    crash.point("refund.settling")
    return RefundState(refund.state)


@action
def settle_look(
    refund_id: UUID, token: UUID, found: Answer | None, *, reached: bool
) -> Armed | None:
    """Take what a look-up at the provider found.

    ``reached`` False: the provider could not be asked. ``found`` None: it knows no refund with
    our reference. Returns what to send when sending again is safe: the same key while the last
    request was never answered, a new key only after proof that nothing was paid under the old.
    """
    refund = locked_refund(refund_id)
    if refund.lease_token != token:
        return None
    if not reached:
        finish_attempt(refund, Answer(Outcome.NO_ANSWER, detail="look-up not answered"))
        check_later(refund)
        return None
    if found is not None:
        finish_attempt(refund, found)
        apply_answer(refund, found, by=f"provider:{refund.payment.provider}")
        return None
    finish_attempt(refund, None)
    return after_absence(refund)


@action
def pay_by_hand(refund_id: UUID, *, reference: str, paid_on: date, by: str) -> Refund:
    """Note that somebody paid: who, when, under which reference.

    Raises ``NotPaidByHand`` for a provider that pays by itself, ``IllegalRefundStep`` unless
    the refund waits for somebody, and ``PaymentReferenceNeeded`` for an empty reference.
    """
    refund = locked_refund(refund_id)
    if not provider_of(refund).is_manual:
        raise NotPaidByHand(provider=refund.payment.provider)
    if refund.state != RefundState.REQUIRES_ACTION:
        raise IllegalRefundStep(was=refund.state, asked=str(RefundState.SUCCEEDED))
    if not reference.strip():
        raise PaymentReferenceNeeded
    refund.handled_by, refund.paid_on = by, paid_on
    refund.save(update_fields=["handled_by", "paid_on"])
    apply_answer(refund, Answer(Outcome.SUCCEEDED, reference=reference.strip()[:120]), by=by)
    return refund


@action
def end_doubt(refund_id: UUID, *, was_paid: bool, reference: str, by: str) -> Refund:
    """Take a person's word for what became of a refund that nobody could find out about.

    They have looked at the provider's own pages: paid, under ``reference``, or not paid, so that
    it can be sent again. Raises ``IllegalRefundStep`` unless the refund was given to a person and
    is still unclear, and ``PaymentReferenceNeeded`` for money that went without a reference.
    """
    refund = locked_refund(refund_id)
    unclear = refund.state in {RefundState.SENDING, RefundState.UNKNOWN}
    if not (unclear and refund.needs_person):
        raise IllegalRefundStep(was=refund.state, asked=str(RefundState.SUCCEEDED))
    if was_paid and not reference.strip():
        raise PaymentReferenceNeeded
    said = (
        Answer(Outcome.SUCCEEDED, reference=reference.strip()[:120])
        if was_paid
        else Answer(Outcome.REFUSED, code="not_paid")
    )
    refund.handled_by = by
    refund.save(update_fields=["handled_by"])
    apply_answer(refund, said, by=by)
    return refund


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
    refund = (
        Refund.objects.filter(shop_id=row.shop_id, pk=hook.refund_id).first()
        if hook.refund_id
        else None
    )
    fits = (
        refund is not None
        and refund.payment.provider == row.provider
        and (hook.amount is None or hook.amount == Money(refund.amount_minor, refund.currency))
    )
    if refund is None or not fits:
        row.result = "parked"
        row.save(update_fields=["result"])
        return "parked"
    if hook.answer is not None:
        apply_answer(locked_refund(refund.pk), hook.answer, by=f"provider:{row.provider}")
    row.applied_at, row.result = now(), "applied"
    row.save(update_fields=["applied_at", "result"])
    return "applied"
