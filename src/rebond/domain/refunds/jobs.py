"""Reactions about money: each takes one event and calls one action or the provider."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from rebond.domain.discussions.errors import DiscussionOpen
from rebond.domain.policies.facts import NO_MONEY
from rebond.domain.refunds.actions import (
    arm_refund,
    begin_check,
    note_blocked,
    settle_look,
    settle_refund,
    settle_return,
)
from rebond.domain.refunds.errors import (
    AlreadySettled,
    ExchangeOpen,
    NoRefundablePayment,
    NothingAccepted,
    PaymentDisputed,
    QuoteRefused,
    RefundExceedsPaid,
    RepairOpen,
)
from rebond.domain.refunds.events import DisputeEnded, RefundStarted
from rebond.domain.refunds.payouts import Armed
from rebond.domain.refunds.ports import Answer, Outcome, PaymentProvider
from rebond.domain.refunds.queries import claims_loss, due_for_check, expected_for, unpaid_of
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.events import ReturnApproved, ReturnChanged
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import Goods, RequestState
from rebond.domain.shipping.events import ParcelDelivered, ParcelHandedIn
from rebond.domain.warehouse.events import ParcelReceived, ReturnInspected
from rebond.kernel import crash
from rebond.kernel.actions import outside_transaction
from rebond.kernel.clock import now
from rebond.kernel.jobs import ahead, later, one_action
from rebond.kernel.lanes import in_lane


@one_action
def settle_on_approval(event: ReturnApproved) -> None:
    """Pay at once where the policy promised that, and for a donation that needs no proof."""
    rma = Return.objects.get(pk=event.return_id)
    if rma.goods != Goods.DONATED:
        _settle_if_promised(event.return_id, "approval")
    elif rma.donations.filter(proof="none").exists():
        _settle(rma.pk)


@one_action
def settle_on_change(event: ReturnChanged) -> None:
    """Pay at once where the policy promises that for what the shopper asks for now."""
    rma = Return.objects.get(pk=event.return_id)
    if rma.request_state == RequestState.APPROVED:
        _settle_if_promised(event.return_id, "approval")


@one_action
def settle_on_hand_in(event: ParcelHandedIn) -> None:
    """Pay at the carrier's first scan, where the policy promised that."""
    _settle_if_promised(event.return_id, "scan")


@one_action
def settle_on_delivery(event: ParcelDelivered) -> None:
    """Pay when the carrier has delivered, where the policy promised that."""
    _settle_if_promised(event.return_id, "delivery")


@one_action
def settle_on_receipt(event: ParcelReceived) -> None:
    """Pay when the parcel is there, where the policy promised that and nothing is missing.

    With pieces missing, what is paid is decided when the goods were looked at.
    """
    rma = Return.objects.only("id", "shop_id").get(pk=event.return_id)
    if not rma.lines.filter(received_quantity__lt=F("quantity")).exists():
        _settle_if_promised(event.return_id, "receipt")


@one_action
def settle_on_inspection(event: ReturnInspected) -> None:
    """Pay once everything was looked at, unless it was paid before.

    Where something is kept after a withdrawal, a person decides: the law lets nobody net off a
    loss of value by itself. Source: C. conso. L221-23, L221-24.
    """
    rma = Return.objects.get(pk=event.return_id)
    if claims_loss(rma):
        note_blocked(rma.pk, code="loss_of_value")
        return
    _settle(rma.pk)


def settle_after_dispute(event: DisputeEnded) -> None:
    """A complaint at the bank is over: decide the returns that waited for its end."""
    for rma_id in unpaid_of(UUID(event.order_id)):
        _settle(rma_id)


@one_action
def settle_now(return_id: str) -> None:
    """Pay for what is here, or was sent: the legal day has come."""
    _settle(UUID(return_id), by="law")


@in_lane("payments")
@ahead
@one_action
def send_refund(event: RefundStarted) -> None:
    """Ask the provider for the money, with no transaction open.

    Crossed off when it is armed: from there on the refund's own next check looks after it.
    """
    armed = arm_refund(UUID(event.refund_id))
    if armed is not None:
        _send(armed)


@in_lane("payments")
def check_refund(refund_id: str) -> None:
    """Find out at the provider what became of a refund, and send again only where that is safe."""
    started = arm_refund(UUID(refund_id)) or None
    if started is not None:
        _send(started)
        return
    taken = begin_check(UUID(refund_id))
    if taken is None:
        return
    if taken.kind == "send":
        _send(taken)
        return
    reached, found = _look(taken.provider, taken)
    again = settle_look(taken.order.refund_id, taken.token, found, reached=reached)
    if again is not None:
        _send(again)


def check_due_refunds() -> None:
    """By the clock: give every refund whose check is due a job of its own."""
    for shop_id, refund_id in due_for_check(now()):
        later("rebond.domain.refunds.jobs.check_refund", refund_id, shop_id=shop_id)


def _settle_if_promised(return_id: str, moment: str) -> None:
    rma = Return.objects.select_related("order__shop").get(pk=return_id)
    terms = rma.terms.get("terms", {})
    if terms.get("pays_at") != moment or _waits_for_goods(rma) or _is_too_much(rma, terms):
        return
    if terms.get("wait_days"):
        due = now() + timedelta(days=terms["wait_days"])
        path = "rebond.domain.refunds.jobs.settle_after_wait"
        later(path, rma.pk, shop_id=rma.shop_id, run_at=due)
        return
    _settle(rma.pk)


@one_action
def settle_after_wait(return_id: str) -> None:
    """Pay what waited for the days that the policy names; the law may have paid before."""
    _settle(UUID(return_id))


def _waits_for_goods(rma: Return) -> bool:
    """Whether other goods or a repair were wished for: then no money goes before the inspection."""
    return not rma.keeps_goods and rma.lines.filter(outcome__in=NO_MONEY).exists()


def _is_too_much(rma: Return, terms: dict[str, Any]) -> bool:
    """Whether the policy pays so much only after the inspection."""
    ceiling = terms.get("pays_early_up_to_minor") or 0
    if not ceiling:
        return False
    expected = expected_for(rma)
    return expected is None or expected["total_minor"] > ceiling


WAITS = (
    AlreadySettled,
    DiscussionOpen,
    ExchangeOpen,
    IllegalTransition,
    NothingAccepted,
    RepairOpen,
)


def _settle(return_id: UUID, *, by: str = "system") -> None:
    try:
        settle_return(return_id, by=by)
    except WAITS:
        return
    except (NoRefundablePayment, PaymentDisputed, QuoteRefused, RefundExceedsPaid) as refusal:
        note_blocked(return_id, code=refusal.code)


def _send(armed: Armed) -> None:
    provider = armed.provider
    outside_transaction()
    crash.point("refund.armed")
    answer = provider.refund(armed.order)
    crash.point("refund.answered")
    if answer.outcome is Outcome.REFUSED and provider.can_be_asked:
        reached, found = _look(provider, armed)
        if not reached:
            answer = Answer(Outcome.BROKEN_ANSWER, code=answer.code, detail="refused, not checked")
        elif found is not None:
            answer = found
    settle_refund(armed.order.refund_id, armed.token, answer)
    crash.point("refund.settled")


def _look(provider: PaymentProvider, armed: Armed) -> tuple[bool, Answer | None]:
    """Whether the provider could be asked, and what it knows under our own reference."""
    outside_transaction()
    known = provider.refunds_of(armed.order.payment_reference)
    if known is None:
        return False, None
    ours = [refund for refund in known if refund.refund_id == armed.order.refund_id]
    paid = [refund for refund in ours if refund.answer.outcome is not Outcome.REFUSED]
    chosen = (paid or ours)[:1]
    return True, chosen[0].answer if chosen else None
