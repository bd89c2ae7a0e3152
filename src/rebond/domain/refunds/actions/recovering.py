"""What a person does about money that did not go: again, another way, by hand, in doubt."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from rebond.domain.ledger.movements import percent_of
from rebond.domain.refunds.errors import (
    AlreadySettled,
    IllegalRefundStep,
    NotPaidByHand,
    PaymentDayToCome,
    PaymentReferenceNeeded,
    WayNotPossible,
)
from rebond.domain.refunds.events import RefundCalledOff, WayChosenAgain
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.payouts import (
    apply_answer,
    locked_refund,
    say,
    sum_up_money,
)
from rebond.domain.refunds.planning import Part
from rebond.domain.refunds.ports import Answer, Outcome, payment_providers
from rebond.domain.refunds.reserving import release
from rebond.domain.refunds.settling import note_consent, start_refund
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.tasks import close_tasks
from rebond.domain.refunds.ways import ChosenWay, Way
from rebond.kernel.actions import action
from rebond.kernel.clock import now, today


@action
def refund_again(refund_id: UUID, *, by: str) -> Refund:
    """Send money that failed, or that nobody took, once more, by the same way, as a new refund.

    Raises ``IllegalRefundStep`` for one that did not fail, ``AlreadySettled`` when the money is
    on its way again, ``PaymentDisputed`` and ``RefundExceedsPaid``.
    """
    failed = locked_refund(refund_id)
    settlement = failed.settlement
    if failed.waits_for_provider:
        _call_off(failed, by=by)
    elif not failed.has_failed:
        raise IllegalRefundStep(was=failed.state, asked=str(RefundState.RESERVED))
    elif not failed.can_be_sent_again:
        raise AlreadySettled(number=settlement.rma.number if settlement.rma else "")
    part = Part(
        failed.payment,
        failed.amount_minor,
        failed.amount_minor,
        failed.provider or failed.payment.provider,
        failed.destination,
        is_chosen=failed.takes_another_way,
    )
    fresh = start_refund(settlement, part, by=by)
    close_tasks(failed.shop_id, failed.pk, by=by)
    sum_up_money(settlement.rma, by=by)
    return fresh


@action
def send_another_way(refund_id: UUID, chosen: ChosenWay, *, by: str) -> Refund:
    """Let money that did not go, or has no way, take the ``chosen`` one instead.

    Raises ``ConsentNeeded``, ``WayNotPossible`` for the way back itself, ``IllegalRefundStep``
    for money that is on its way or went, ``AlreadySettled`` when it is on its way again.
    """
    chosen.check()
    if chosen.way is Way.ORIGINAL or chosen.way.value not in payment_providers:
        raise WayNotPossible(way=chosen.way.value)
    refund = locked_refund(refund_id)
    settlement = refund.settlement
    if refund.needs_a_way or refund.waits_for_payer:
        _call_off(refund, by=by)
    elif not refund.has_failed:
        raise IllegalRefundStep(was=refund.state, asked=str(RefundState.RESERVED))
    elif not refund.can_be_sent_again:
        raise AlreadySettled(number=settlement.rma.number if settlement.rma else "")
    money = refund.amount_minor
    offered = money + percent_of(money, chosen.bonus_percent)
    note_consent(settlement, money, chosen, offered_minor=offered, by=by)
    part = Part(
        refund.payment,
        refund.amount_minor,
        refund.amount_minor,
        chosen.way.value,
        chosen.destination,
        is_chosen=True,
    )
    fresh = start_refund(settlement, part, by=by)
    say(fresh, WayChosenAgain, by=by, provider=chosen.way.value)
    close_tasks(refund.shop_id, refund.pk, by=by)
    sum_up_money(settlement.rma, by=by)
    return fresh


def _call_off(refund: Refund, *, by: str) -> None:
    refund.settled_at, refund.next_check_at, refund.needs_person = now(), None, False
    refund.move_to(RefundState.CANCELLED, "settled_at", "next_check_at", "needs_person")
    release(refund.payment, refund.amount_minor)
    say(refund, RefundCalledOff, by=by)


@action
def pay_by_hand(refund_id: UUID, *, reference: str, paid_on: date, by: str) -> Refund:
    """Note that somebody paid: who, when, under which reference.

    That is how a refund by hand ends, and the way out where a provider did not let us in.
    Raises ``NotPaidByHand`` for one that its provider has taken, ``IllegalRefundStep`` unless
    the refund waits for somebody, ``PaymentReferenceNeeded`` for an empty reference, and
    ``PaymentDayToCome``.
    """
    refund = locked_refund(refund_id)
    if paid_on > today(refund.settlement.order.shop.time_zone):
        raise PaymentDayToCome(day=paid_on.isoformat())
    if refund.state != RefundState.REQUIRES_ACTION:
        raise IllegalRefundStep(was=refund.state, asked=str(RefundState.SUCCEEDED))
    if not refund.waits_for_payer:
        raise NotPaidByHand(provider=refund.provider)
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
    if not refund.is_in_doubt:
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
