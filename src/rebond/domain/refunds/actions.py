"""The verbs of money: decide, arm, settle, put by hand, take a provider's message.

Every payout goes through four transactions with the outside world between them: reserve, arm,
(call), settle. Source: docs/decisions/0010-refund-protocol.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from rebond.domain.orders.models import Order, Payment
from rebond.domain.refunds import amounts
from rebond.domain.refunds.errors import (
    AlreadySettled,
    IllegalRefundStep,
    NoRefundablePayment,
    NotPaidByHand,
    PaymentReferenceNeeded,
    RefundExceedsPaid,
)
from rebond.domain.refunds.events import (
    RefundFailed,
    RefundPending,
    RefundStarted,
    RefundSucceeded,
    RefundUnclear,
    SettlementDecided,
)
from rebond.domain.refunds.models import (
    Attempt,
    ProviderEvent,
    Refund,
    Settlement,
    SettlementCharge,
    SettlementLine,
    release,
    reserve,
)
from rebond.domain.refunds.ports import Answer, Hook, Outcome, RefundOrder, payment_providers
from rebond.domain.refunds.quoting import breakdown_of, pieces_of, quote_for, together
from rebond.domain.refunds.states import LIVE, UNDECIDED, RefundState
from rebond.domain.returns.actions import close
from rebond.domain.returns.errors import ChangedMeanwhile, IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import InspectionState, MoneyState, RequestState
from rebond.kernel import crash
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import Event, record
from rebond.kernel.money import Money

CALL_TAKES_AT_MOST = timedelta(minutes=2)
CHECK_AGAIN = timedelta(minutes=15)
KEY_LIFETIME = timedelta(hours=24)
QUIET_PERIOD = timedelta(minutes=1)
LOOKS_BEFORE_A_NEW_KEY = 3


@dataclass(frozen=True)
class Armed:
    """A refund ready to be asked for: to whom, what, and the token that may write the answer."""

    provider: str
    order: RefundOrder
    token: UUID


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
    settlement = _write_settlement(rma.order, rma, answer, origin="return", by=by)
    _start_refunds(settlement, rma.order, answer, by=by)
    crash.point("settlement.deciding")
    return settlement


@action
def refund_again(refund_id: UUID, *, by: str) -> Refund:
    """Send money that failed once more, as a refund of its own to the same payment.

    Raises ``IllegalRefundStep`` for one that did not fail, ``AlreadySettled`` when the money is
    on its way again, and ``RefundExceedsPaid``.
    """
    failed = _locked(refund_id)
    if failed.state not in {RefundState.FAILED, RefundState.FAILED_LATE}:
        raise IllegalRefundStep(was=failed.state, asked=str(RefundState.RESERVED))
    settlement = failed.settlement
    if not failed.can_be_sent_again:
        raise AlreadySettled(number=settlement.rma.number if settlement.rma else "")
    fresh = _start_refund(settlement, failed.payment, failed.amount_minor, by=by)
    _sum_up_money(settlement.rma, by=by)
    return fresh


@action
def arm_refund(refund_id: UUID) -> Armed | None:
    """Write down that the provider is about to be asked; None when it must not be.

    Commits before any byte leaves. A refund that was already armed and not answered is left to
    the look-up, never sent again from here.
    """
    refund = _locked(refund_id)
    if refund.state != RefundState.RESERVED:
        return None
    return _arm(refund)


@action
def begin_look(refund_id: UUID) -> Armed | None:
    """Take the refund to find out what became of it; None when nothing is open or due.

    A refund that a person was asked about is looked at all the same: the look moves its next
    check on, so that it never stands in front of the others. Only a payment by hand has none.
    """
    refund = _locked(refund_id)
    if RefundState(refund.state) not in UNDECIDED - {RefundState.RESERVED}:
        return None
    if refund.next_check_at is None or refund.next_check_at > now():
        return None
    return _take(refund, kind="look")


@action
def settle_refund(refund_id: UUID, token: UUID, answer: Answer) -> RefundState:
    """Take the answer to a request, if ``token`` still holds the refund.

    A worker that comes back too late changes nothing. Returns the state that holds now.
    """
    refund = _locked(refund_id)
    if refund.lease_token != token:
        return RefundState(refund.state)
    _finish_attempt(refund, answer)
    _apply(refund, answer, by=f"provider:{refund.payment.provider}")
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
    refund = _locked(refund_id)
    if refund.lease_token != token:
        return None
    if not reached:
        _finish_attempt(refund, Answer(Outcome.NO_ANSWER, detail="look-up not answered"))
        _check_later(refund)
        return None
    if found is not None:
        _finish_attempt(refund, found)
        _apply(refund, found, by=f"provider:{refund.payment.provider}")
        return None
    _finish_attempt(refund, None)
    return _after_absence(refund)


@action
def pay_by_hand(refund_id: UUID, *, reference: str, paid_on: date, by: str) -> Refund:
    """Note that somebody paid: who, when, under which reference.

    Raises ``NotPaidByHand`` for a provider that pays by itself, ``IllegalRefundStep`` unless
    the refund waits for somebody, and ``PaymentReferenceNeeded`` for an empty reference.
    """
    refund = _locked(refund_id)
    if not payment_providers[refund.payment.provider]().is_manual:
        raise NotPaidByHand(provider=refund.payment.provider)
    if refund.state != RefundState.REQUIRES_ACTION:
        raise IllegalRefundStep(was=refund.state, asked=str(RefundState.SUCCEEDED))
    if not reference.strip():
        raise PaymentReferenceNeeded
    refund.handled_by, refund.paid_on = by, paid_on
    refund.save(update_fields=["handled_by", "paid_on"])
    _apply(refund, Answer(Outcome.SUCCEEDED, reference=reference.strip()[:120]), by=by)
    return refund


@action
def end_doubt(refund_id: UUID, *, was_paid: bool, reference: str, by: str) -> Refund:
    """Take a person's word for what became of a refund that nobody could find out about.

    They have looked at the provider's own pages: paid, under ``reference``, or not paid, so that
    it can be sent again. Raises ``IllegalRefundStep`` unless the refund was given to a person and
    is still unclear, and ``PaymentReferenceNeeded`` for money that went without a reference.
    """
    refund = _locked(refund_id)
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
    _apply(refund, said, by=by)
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
    _apply(_locked(refund.pk), hook.answer, by=f"provider:{row.provider}")
    row.applied_at, row.result = now(), "applied"
    row.save(update_fields=["applied_at", "result"])
    return "applied"


def _write_settlement(
    order: Order, rma: Return | None, answer: amounts.Quote, *, origin: str, by: str
) -> Settlement:
    settlement = Settlement.objects.create(
        shop_id=order.shop_id,
        order=order,
        rma=rma,
        origin=origin,
        currency=order.currency,
        gross_minor=answer.refund_total,
        tax_minor=answer.tax or 0,
        kept_minor=answer.retained or 0,
        breakdown=breakdown_of(answer, order.currency),
        decided_by=by,
        decided_at=now(),
    )
    kept = {item.line_id: item for item in answer.past.lines} if answer.past else {}
    bought = {str(line.pk): line for line in order.lines.all()}
    SettlementLine.objects.bulk_create(
        SettlementLine(
            shop_id=order.shop_id,
            settlement=settlement,
            order_line_id=UUID(item.id),
            quantity=item.quantity,
            gross_minor=item.gross,
            tax_minor=item.tax,
            taxes=_by_rate(bought[item.id].taxes, kept.get(item.id), item),
        )
        for item in answer.lines
    )
    SettlementCharge.objects.bulk_create(
        SettlementCharge(
            shop_id=order.shop_id,
            settlement=settlement,
            charge_id=UUID(item.id),
            gross_minor=item.gross,
            tax_minor=item.tax,
        )
        for item in answer.shipping
    )
    event = SettlementDecided(
        _subject(settlement), str(settlement.pk), settlement.gross_minor, settlement.currency
    )
    record(event, shop_id=order.shop_id, actor=by)
    return settlement


def _by_rate(
    taxes: Sequence[Mapping[str, Any]], kept: amounts.PastLine | None, item: amounts.QuotedItem
) -> dict[str, int]:
    """The tax of a settled line for each rate, as the quote spread it."""
    parts = kept.taxes if kept is not None and kept.taxes is not None else (item.tax,)
    found: dict[str, int] = {}
    for tax, part in zip(taxes, parts, strict=False):
        rate = str(tax.get("rate") or "")
        found[rate] = found.get(rate, 0) + part
    return found


def _start_refunds(settlement: Settlement, order: Order, answer: amounts.Quote, *, by: str) -> None:
    if answer.unallocated:
        raise NoRefundablePayment(
            order=order.number, owed_minor=answer.unallocated, currency=order.currency
        )
    payments = {str(payment.pk): payment for payment in order.payments.all()}
    for tender in sorted(answer.tenders, key=lambda part: part.payment_id):
        if tender.charge_amount:
            _start_refund(settlement, payments[tender.payment_id], tender.charge_amount, by=by)
    _sum_up_money(settlement.rma, by=by)


def _start_refund(
    settlement: Settlement, payment: Payment, amount_minor: int, *, by: str
) -> Refund:
    if not reserve(payment, amount_minor):
        payment.refresh_from_db()
        raise RefundExceedsPaid(
            payment=str(payment.pk),
            left_minor=payment.left_minor,
            asked_minor=amount_minor,
            currency=payment.currency,
        )
    moment = now()
    refund = Refund.objects.create(
        shop_id=settlement.shop_id,
        settlement=settlement,
        payment=payment,
        currency=payment.currency,
        amount_minor=amount_minor,
        state=RefundState.RESERVED,
        started_at=moment,
        next_check_at=moment + CHECK_AGAIN,
    )
    _say(refund, RefundStarted, by=by)
    return refund


def _locked(refund_id: UUID) -> Refund:
    found = Refund.objects.only("settlement__order_id").select_related("settlement")
    order_id = found.get(pk=refund_id).settlement.order_id
    Order.objects.select_for_update(no_key=True).only("id").get(pk=order_id)
    return Refund.objects.select_related("payment", "settlement__rma").get(pk=refund_id)


def _arm(refund: Refund) -> Armed:
    armed = _take(refund, kind="send")
    refund.move_to(RefundState.SENDING)
    return armed


def _take(refund: Refund, *, kind: str) -> Armed:
    moment = now()
    refund.lease_token = uuid4()
    refund.next_check_at = moment + CALL_TAKES_AT_MOST
    refund.save(update_fields=["lease_token", "next_check_at"])
    Attempt.objects.create(
        shop_id=refund.shop_id,
        refund=refund,
        number=refund.attempts.count() + 1,
        kind=kind,
        idempotency_key=refund.idempotency_key,
        started_at=moment,
    )
    wish = RefundOrder(
        refund_id=refund.pk,
        payment_reference=refund.payment.reference,
        amount=Money(refund.amount_minor, refund.currency),
        idempotency_key=refund.idempotency_key,
    )
    return Armed(refund.payment.provider, wish, refund.lease_token)


def _finish_attempt(refund: Refund, answer: Answer | None) -> None:
    last = refund.attempts.filter(ended_at=None).order_by("-number").first()
    if last is None:
        return
    last.ended_at = now()
    last.outcome = answer.outcome.value if answer else "absent"
    last.detail = f"{answer.code} {answer.detail}".strip()[:500] if answer else ""
    last.save(update_fields=["ended_at", "outcome", "detail"])


def _apply(refund: Refund, answer: Answer, *, by: str) -> None:
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
            _wait(refund, RefundState.REQUIRES_ACTION, by=by)
        case Outcome.NO_ANSWER | Outcome.BROKEN_ANSWER if state is RefundState.SENDING:
            refund.next_check_at = now() + timedelta(seconds=30)
            refund.lease_token = None
            refund.move_to(RefundState.UNKNOWN, "next_check_at", "lease_token")
            _say(refund, RefundUnclear, by=by, needs_person=False)
            _sum_up_money(refund.settlement.rma, by=by)
        case Outcome.PENDING:
            _check_later(refund)


def _end(refund: Refund, state: RefundState, *, by: str, code: str = "") -> None:
    if state is RefundState.SUCCEEDED and refund.state == RefundState.RESERVED:
        refund.move_to(RefundState.SENDING)
    refund.settled_at, refund.failure_code = now(), code[:60]
    refund.next_check_at, refund.lease_token, refund.needs_person = None, None, False
    refund.move_to(
        state, "settled_at", "failure_code", "next_check_at", "lease_token", "needs_person"
    )
    if state is RefundState.SUCCEEDED:
        _say(refund, RefundSucceeded, by=by)
    else:
        release(refund.payment, refund.amount_minor)
        _say(refund, RefundFailed, by=by, code=refund.failure_code)
    _sum_up_money(refund.settlement.rma, by=by)


def _wait(refund: Refund, state: RefundState, *, by: str) -> None:
    if refund.state == RefundState.RESERVED:
        refund.move_to(RefundState.SENDING)
    refund.next_check_at = None if refund.needs_person else now() + CHECK_AGAIN
    refund.lease_token = None
    refund.move_to(state, "next_check_at", "lease_token", "needs_person")
    _say(refund, RefundPending, by=by)
    _sum_up_money(refund.settlement.rma, by=by)


def _check_later(refund: Refund, pause: timedelta = CHECK_AGAIN) -> None:
    refund.next_check_at, refund.lease_token = now() + pause, None
    refund.save(update_fields=["next_check_at", "lease_token"])


def _after_absence(refund: Refund) -> Armed | None:
    """The provider does not know our refund: send again if safe, else wait or call for help."""
    if RefundState(refund.state) not in {RefundState.SENDING, RefundState.UNKNOWN}:
        _check_later(refund)
        return None
    sends = list(refund.attempts.filter(kind="send").order_by("number"))
    of_this_key = [send for send in sends if send.idempotency_key == refund.idempotency_key]
    provider = payment_providers[refund.payment.provider]()
    if not provider.is_idempotent or now() - of_this_key[0].started_at > KEY_LIFETIME:
        _call_for_help(refund)
        return None
    if of_this_key[-1].outcome != Outcome.BROKEN_ANSWER:
        return _arm(refund)
    looks = refund.attempts.filter(
        kind="look", outcome="absent", number__gt=of_this_key[-1].number
    ).count()
    quiet_since = of_this_key[-1].ended_at or of_this_key[-1].started_at
    if looks < LOOKS_BEFORE_A_NEW_KEY or now() - quiet_since < QUIET_PERIOD:
        _check_later(refund, timedelta(seconds=30))
        return None
    refund.generation += 1
    refund.save(update_fields=["generation"])
    return _arm(refund)


def _call_for_help(refund: Refund) -> None:
    _check_later(refund, timedelta(hours=6))
    if refund.needs_person:
        return
    refund.needs_person = True
    refund.save(update_fields=["needs_person"])
    _say(refund, RefundUnclear, by="system", needs_person=True)


def _subject(settlement: Settlement) -> str:
    return str(settlement.rma_id or settlement.order_id)


def _say(refund: Refund, event: type[Event], *, by: str, **more: object) -> None:
    record(
        event(  # type: ignore[call-arg]
            subject_id=_subject(refund.settlement),
            refund_id=str(refund.pk),
            settlement_id=str(refund.settlement_id),
            amount_minor=refund.amount_minor,
            currency=refund.currency,
            **more,
        ),
        shop_id=refund.shop_id,
        actor=by,
    )


def _sum_up_money(rma: Return | None, *, by: str) -> None:
    """Write on the return where all its money stands, and put it away when all is done."""
    if rma is None:
        return
    rma = Return.objects.get(pk=rma.pk)
    owed = sum(rma.settlements.values_list("gross_minor", flat=True))
    refunds = [
        (refund.state, refund.amount_minor)
        for settlement in rma.settlements.prefetch_related("refunds")
        for refund in settlement.refunds.all()
    ]
    rma.money_state = money_state_of(owed, refunds)
    rma.touch("money_state")
    looked_at = {InspectionState.COMPLIANT, InspectionState.NON_COMPLIANT}
    if (
        (rma.money_state == MoneyState.SUCCEEDED or not owed)
        and rma.request_state == RequestState.APPROVED
        and rma.inspection_state in looked_at
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


def due_for_check(moment: datetime, limit: int = 500) -> list[UUID]:
    """Refunds whose next check has come, of all shops, oldest first."""
    due = Refund.objects.filter(next_check_at__lte=moment).order_by("next_check_at")
    return list(due.values_list("pk", flat=True)[:limit])
