"""The mechanics of one payout: taken, asked for, answered, looked for. Used inside actions only.

Source: docs/decisions/0010-refund-protocol.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from rebond.domain.orders.models import Order
from rebond.domain.refunds.events import (
    RefundFailed,
    RefundPending,
    RefundSucceeded,
    RefundUnclear,
)
from rebond.domain.refunds.models import Attempt, Refund, Settlement, TaskKind
from rebond.domain.refunds.ports import (
    Account,
    Answer,
    Outcome,
    PaymentProvider,
    RefundOrder,
    payment_providers,
)
from rebond.domain.refunds.reading import decided_for, refunds_for
from rebond.domain.refunds.reserving import free
from rebond.domain.refunds.states import LIVE, UNDECIDED, RefundState
from rebond.domain.refunds.tasks import close_tasks, open_refund_task
from rebond.domain.returns.actions import close
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import InspectionState, MoneyState, RequestState
from rebond.kernel.clock import now
from rebond.kernel.events import Event, record
from rebond.kernel.money import Money

CALL_TAKES_AT_MOST = timedelta(minutes=2)
CHECK_AGAIN = timedelta(minutes=15)
FIRST_PAUSE = timedelta(seconds=30)
LONG_PAUSE = timedelta(hours=6)
# After so long without knowing whether the money went, a person is asked.
PERSON_AFTER = timedelta(hours=24)
# Longer than any bank takes: a provider that still says nothing has lost a message on the way.
NO_WORD_AFTER = timedelta(days=10)


@dataclass(frozen=True)
class Armed:
    """A refund taken for one request: to whom, what, and the token that may write the answer.

    ``kind`` is ``send`` (ask for the money) or ``look`` (ask what became of it).
    """

    provider: PaymentProvider
    order: RefundOrder
    token: UUID
    kind: str = "send"


def locked_refund(refund_id: UUID) -> Refund:
    """The refund, read after its order was locked, with its payment and return."""
    order = Order.objects.select_for_update(no_key=True, of=("self",)).only("id")
    order.get(settlements__refunds=refund_id)
    return Refund.objects.select_related(
        "shop", "payment", "settlement__rma", "settlement__order__shop"
    ).get(pk=refund_id)


def provider_of(refund: Refund) -> PaymentProvider | None:
    """Who pays this refund, with the settings of its shop; None where there is no such plug."""
    key = refund.provider or refund.payment.provider
    return payment_providers[key](Account(refund.shop.slug)) if key in payment_providers else None


def arm(refund: Refund, provider: PaymentProvider) -> Armed:
    """Note that the provider is about to be asked for the money, under the present key."""
    _hold(refund)
    refund.move_to(RefundState.SENDING, *_HOLD)
    return _request(refund, provider, kind="send")


def look(refund: Refund, provider: PaymentProvider) -> Armed:
    """Note that the provider is about to be asked what became of the refund."""
    _hold(refund)
    refund.save(update_fields=_HOLD)
    return _request(refund, provider, kind="look")


_HOLD = ("lease_token", "next_check_at")


def _hold(refund: Refund) -> None:
    refund.lease_token, refund.next_check_at = uuid4(), now() + CALL_TAKES_AT_MOST


def _request(refund: Refund, provider: PaymentProvider, *, kind: str) -> Armed:
    assert refund.lease_token is not None
    Attempt.objects.create(
        shop_id=refund.shop_id,
        refund=refund,
        number=refund.attempts.count() + 1,
        kind=kind,
        idempotency_key=refund.idempotency_key,
        started_at=now(),
    )
    wish = RefundOrder(
        refund_id=refund.pk,
        payment_reference=refund.payment.reference,
        amount=Money(refund.amount_minor, refund.currency),
        idempotency_key=refund.idempotency_key,
        destination=refund.destination,
    )
    return Armed(provider, wish, refund.lease_token, kind)


def finish_attempt(refund: Refund, answer: Answer | None) -> None:
    """Complete the open attempt; ``answer`` None means that a look found nothing."""
    last = refund.attempts.filter(ended_at=None).order_by("-number").first()
    if last is None:
        return
    last.ended_at = now()
    last.outcome = answer.outcome.value if answer else "absent"
    last.detail = f"{answer.code} {answer.detail}".strip()[:500] if answer else ""
    last.save(update_fields=["ended_at", "outcome", "detail"])


def apply_answer(refund: Refund, answer: Answer, *, by: str) -> None:
    """Move ``refund`` to where ``answer`` says it is. Answers may come twice and in any order."""
    state = RefundState(refund.state)
    if answer.reference and not refund.provider_reference:
        refund.provider_reference = answer.reference
    refund.bank_reference = answer.bank_reference or refund.bank_reference
    refund.save(update_fields=["provider_reference", "bank_reference"])
    match answer.outcome:
        case Outcome.SUCCEEDED if state in UNDECIDED:
            _end(refund, RefundState.SUCCEEDED, by=by)
        case Outcome.REFUSED if state is RefundState.SUCCEEDED:
            _end(refund, RefundState.FAILED_LATE, code=answer.code, by=by)
        case Outcome.REFUSED if state in UNDECIDED:
            _end(refund, RefundState.FAILED, code=answer.code, by=by)
        case Outcome.PENDING if state in UNDECIDED and state is not RefundState.PENDING:
            refund.needs_person = False
            _wait(refund, RefundState.PENDING, by=by)
        case Outcome.REQUIRES_ACTION | Outcome.WAITS_FOR_PERSON if (
            state in UNDECIDED and state is not RefundState.REQUIRES_ACTION
        ):
            refund.needs_person = answer.outcome is Outcome.WAITS_FOR_PERSON
            _wait(refund, RefundState.REQUIRES_ACTION, by=by, code=answer.code)
        case Outcome.NO_ANSWER | Outcome.BROKEN_ANSWER if state is RefundState.SENDING:
            refund.next_check_at = now() + _pause(refund)
            refund.lease_token = None
            refund.move_to(RefundState.UNKNOWN, "next_check_at", "lease_token")
            say(refund, RefundUnclear, by=by, needs_person=False)
            sum_up_money(refund.settlement.rma, by=by)
        case Outcome.PENDING:
            check_later(refund)


def end_well(refund: Refund, *, by: str) -> None:
    """The money is there, whatever was believed before. Its amount is counted by the caller."""
    _end(refund, RefundState.SUCCEEDED, by=by)


def _end(refund: Refund, state: RefundState, *, by: str, code: str = "") -> None:
    if refund.state == RefundState.RESERVED:
        refund.move_to(RefundState.SENDING)
    refund.settled_at, refund.failure_code = now(), code[:60]
    refund.next_check_at, refund.lease_token, refund.needs_person = None, None, False
    refund.move_to(
        state, "settled_at", "failure_code", "next_check_at", "lease_token", "needs_person"
    )
    close_tasks(refund.shop_id, refund.pk, by=by)
    if state is RefundState.SUCCEEDED:
        say(refund, RefundSucceeded, by=by)
    else:
        free(refund)
        say(refund, RefundFailed, by=by, code=refund.failure_code)
        open_refund_task(
            TaskKind.FAILED,
            refund,
            code=refund.failure_code,
            late=state is RefundState.FAILED_LATE,
        )
    sum_up_money(refund.settlement.rma, by=by)


def _pause(refund: Refund) -> timedelta:
    """Longer with each request under the present key that was not answered."""
    asked = refund.attempts.filter(kind="send", idempotency_key=refund.idempotency_key).count()
    doublings: int = min(max(asked - 1, 0), 10)
    return min(FIRST_PAUSE * (1 << doublings), CHECK_AGAIN)


def _wait(refund: Refund, state: RefundState, *, by: str, code: str = "") -> None:
    if refund.state == RefundState.RESERVED:
        refund.move_to(RefundState.SENDING)
    refund.next_check_at = None if refund.needs_person else now() + CHECK_AGAIN
    refund.lease_token, refund.failure_code = None, code[:60]
    refund.move_to(state, "next_check_at", "lease_token", "needs_person", "failure_code")
    say(refund, RefundPending, by=by)
    close_tasks(refund.shop_id, refund.pk, by=by, kind=TaskKind.UNCLEAR)
    if refund.needs_person:
        open_refund_task(TaskKind.BY_HAND, refund, code=refund.failure_code)
    sum_up_money(refund.settlement.rma, by=by)


def check_later(refund: Refund, pause: timedelta = CHECK_AGAIN) -> None:
    """Let the refund go, to be looked at after ``pause``."""
    refund.next_check_at, refund.lease_token = now() + pause, None
    refund.save(update_fields=["next_check_at", "lease_token"])


def subject_of(settlement: Settlement) -> str:
    """Whose timeline the money belongs to: the return's, or else the order's."""
    return str(settlement.rma_id or settlement.order_id)


def say(refund: Refund, event: type[Event], *, by: str, **more: object) -> None:
    """Record ``event`` about the refund, with ``more`` of its fields."""
    record(
        event(  # type: ignore[call-arg]
            subject_id=subject_of(refund.settlement),
            refund_id=str(refund.pk),
            settlement_id=str(refund.settlement_id),
            amount_minor=refund.amount_minor,
            currency=refund.currency,
            **more,
        ),
        shop_id=refund.shop_id,
        actor=by,
    )


def sum_up_money(rma: Return | None, *, by: str) -> None:
    """Write on the return, read anew, where all its money stands (see ``sum_up_locked``)."""
    if rma is not None:
        sum_up_locked(Return.objects.get(pk=rma.pk), by=by)


def sum_up_locked(rma: Return, *, by: str) -> None:
    """Write on the return where all its money stands, and put it away when all is done.

    ``rma`` is as the running action read it under its lock, or newer.
    """
    decided = decided_for(rma)
    owed = sum(settlement.gross_minor for settlement in decided)
    refunds = [(refund.state, refund.amount_minor) for refund in refunds_for(rma)]
    rma.money_state = money_state_of(owed, refunds)
    rma.touch("money_state")
    looked_at = {InspectionState.COMPLIANT, InspectionState.NON_COMPLIANT}
    if (
        decided
        and (rma.money_state == MoneyState.SUCCEEDED or not owed)
        and rma.request_state == RequestState.APPROVED
        and (rma.inspection_state in looked_at or rma.keeps_goods)
    ):
        close(rma, by=by)


def money_state_of(owed_minor: int, refunds: Sequence[tuple[str, int]]) -> MoneyState:
    """Where the money of a return stands: what is owed, and its refunds as state and amount.

    Money that failed and is not on its way again is the worst news and comes first.  (pure)
    """
    live = [(RefundState(state), amount) for state, amount in refunds if state in LIVE]
    states = {state for state, _ in live}
    if refunds and sum(amount for _, amount in live) < owed_minor:
        return MoneyState.FAILED
    if states & {RefundState.PENDING, RefundState.REQUIRES_ACTION}:
        return MoneyState.PENDING
    if states & {RefundState.SENDING, RefundState.UNKNOWN}:
        return MoneyState.SENT
    if RefundState.RESERVED in states:
        return MoneyState.PLANNED
    return MoneyState.SUCCEEDED if states else MoneyState.NONE
