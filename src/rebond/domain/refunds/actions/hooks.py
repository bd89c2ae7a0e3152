"""What a provider tells us by itself: kept first, then applied once, or asked about again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.disputes import take_over
from rebond.domain.refunds.errors import AlreadyAnswered
from rebond.domain.refunds.events import MessagePutAside
from rebond.domain.refunds.models import FoundBy, ProviderEvent, Refund, Result
from rebond.domain.refunds.outside import adopt
from rebond.domain.refunds.payouts import apply_answer, check_later, locked_refund
from rebond.domain.refunds.ports import (
    Answer,
    DisputeState,
    Hook,
    KnownDispute,
    KnownRefund,
    Outcome,
    payment_providers,
)
from rebond.domain.refunds.queries import messages_due
from rebond.domain.refunds.states import LIVE, UNDECIDED, RefundState
from rebond.domain.refunds.truth import Taken, ours_behind, take_list
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.jobs import later
from rebond.kernel.money import Money

FETCH = "rebond.domain.refunds.fetching.fetch_parked"
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
)
ASKING_TAKES_AT_MOST = timedelta(minutes=15)
EXPLAINED = frozenset({Taken.OURS, Taken.OUTSIDE})
NOT_PAID = "not_paid"
FINAL = frozenset({Outcome.SUCCEEDED, Outcome.REFUSED})


@action
def keep_hook(shop_id: UUID, provider: str, hook: Hook, body: bytes) -> UUID | None:
    """Keep a provider's message before it is answered; None when it was kept before."""
    row, fresh = ProviderEvent.objects.get_or_create(
        shop_id=shop_id,
        provider=provider,
        event_id=hook.event_id,
        defaults={
            "body": body.decode("utf-8", "replace"),
            "payment_reference": hook.payment_reference[:200],
            "reference": hook.reference[:120],
            "told": _told(hook),
            "received_at": now(),
            "next_try_at": now() + PAUSES[0],
        },
    )
    return row.pk if fresh or not row.result else None


@action
def apply_hook(event_row: UUID, hook: Hook) -> str:
    """Let a kept message take effect, once, in whatever order messages come.

    Returns what came of it (see ``models.Result``), or ``known`` for one that was dealt with
    before. One that names a refund which we do not know, or one that does not agree with ours, is
    parked: the provider is asked about the payment, and what it lists then is taken over.
    """
    row = ProviderEvent.objects.select_for_update(no_key=True).get(pk=event_row)
    return "known" if row.result else _apply(row, hook)


@action
def claim_messages(limit: int = 500) -> list[tuple[UUID, UUID]]:
    """The messages about which the provider is to be asked now, each with its shop first."""
    due = messages_due(now(), limit)
    found = ProviderEvent.objects.filter(pk__in=[event_id for _, event_id in due])
    found.update(next_try_at=now() + ASKING_TAKES_AT_MOST)
    return due


@action
def take_fetched(event_row: UUID, listed: Sequence[KnownRefund] | None) -> str:
    """Take over what the provider lists of the payment that a parked message is about.

    ``listed`` None: it could not be asked, or there is no payment of ours yet; then the message is
    tried once more by itself. Returns what came of it; after the last pause it ends where people
    see it.
    """
    row = ProviderEvent.objects.select_for_update(no_key=True).get(pk=event_row)
    if row.result not in {"", Result.PARKED}:
        return row.result
    hook = _hook_in(row)
    if listed is None or hook.dispute is not None:
        return _apply(row, hook)
    became = take_list(row.shop_id, row.provider, listed, found_by=FoundBy.HOOK)
    is_explained = hook.answer is None or became.get(row.reference) in EXPLAINED
    return _end(row, Result.APPLIED) if is_explained else _park(row)


@action
def put_message_aside(shop_id: UUID, event_row: UUID, *, by: str) -> None:
    """Note that somebody looked at a message without effect. Raises ``AlreadyAnswered``."""
    row = ProviderEvent.objects.select_for_update(no_key=True).get(pk=event_row, shop_id=shop_id)
    if row.result not in {Result.STUCK, Result.NOT_OURS, Result.PARKED}:
        raise AlreadyAnswered
    row.put_aside_by = by
    row.save(update_fields=["put_aside_by"])
    _end(row, Result.PUT_ASIDE)
    event = MessagePutAside(str(shop_id), str(row.pk), row.provider)
    record(event, shop_id=shop_id, actor=by)


def _apply(row: ProviderEvent, hook: Hook) -> str:
    if hook.dispute is not None:
        found = take_over(row.shop_id, row.provider, hook.dispute)
        return _park(row) if found is None else _end(row, Result.APPLIED)
    if hook.answer is None:
        return _park(row) if _can_be_asked(row) else _give_up(row)
    their_name = "" if _can_be_asked(row) else hook.reference
    ours = ours_behind(row.shop_id, row.provider, hook.refund_id, their_name)
    if ours is None:
        return _of_somebody_else(row, hook)
    if hook.amount is not None and hook.amount != Money(ours.amount_minor, ours.currency):
        return _park(row)
    return _about_ours(row, locked_refund(ours.pk), hook.answer)


def _about_ours(row: ProviderEvent, refund: Refund, answer: Answer) -> str:
    """Apply it; where it cannot be the last word, let the provider's present truth follow."""
    is_other = refund.provider_reference not in {"", answer.reference}
    is_late = answer.outcome is Outcome.SUCCEEDED and RefundState(refund.state) not in LIVE
    if _can_be_asked(row) and (is_other or is_late):
        # Of another request, or paid although we believe it lost: its own list can say which.
        return _park(row)
    if is_late and refund.failure_code == NOT_PAID:
        # Somebody had looked and seen nothing. The provider, who lists nothing, knows better.
        take_list(row.shop_id, row.provider, [_as_listed(refund, answer)], found_by=FoundBy.HOOK)
        return _end(row, Result.APPLIED)
    apply_answer(refund, answer, by=f"provider:{row.provider}")
    if answer.outcome not in FINAL and RefundState(refund.state) in UNDECIDED:
        check_later(refund, timedelta(0))
    return _end(row, Result.APPLIED)


def _of_somebody_else(row: ProviderEvent, hook: Hook) -> str:
    """A refund that none of ours asked for: believed where nobody can be asked, else looked up."""
    if _can_be_asked(row) or not (hook.amount and hook.answer and _is_ours(row)):
        return _park(row)
    known = KnownRefund(
        reference=hook.reference,
        refund_id=hook.refund_id,
        amount=hook.amount,
        answer=hook.answer,
        payment_reference=hook.payment_reference,
    )
    adopt(row.shop_id, row.provider, known, found_by=FoundBy.HOOK)
    return _end(row, Result.APPLIED)


def _park(row: ProviderEvent) -> str:
    """Ask again after a pause; after the last one let people see that nothing came of it."""
    if row.tries == len(PAUSES):
        return _give_up(row)
    if not row.result and _can_be_asked(row) and _is_ours(row):
        later(FETCH, row.pk, shop_id=row.shop_id)
    row.result, row.next_try_at = Result.PARKED, now() + PAUSES[row.tries]
    row.tries += 1
    row.save(update_fields=["tries", "result", "next_try_at"])
    return Result.PARKED.value


def _give_up(row: ProviderEvent) -> str:
    return _end(row, Result.STUCK if _is_ours(row) else Result.NOT_OURS)


def _can_be_asked(row: ProviderEvent) -> bool:
    return row.provider in payment_providers and payment_providers[row.provider].can_be_asked


def _as_listed(refund: Refund, answer: Answer) -> KnownRefund:
    return KnownRefund(
        reference=answer.reference,
        refund_id=refund.pk,
        amount=Money(refund.amount_minor, refund.currency),
        answer=answer,
        payment_reference=refund.payment.reference,
    )


def _end(row: ProviderEvent, result: Result) -> str:
    row.result, row.next_try_at = result, None
    row.applied_at = now() if result is Result.APPLIED else None
    row.save(update_fields=["applied_at", "result", "next_try_at"])
    return result.value


def _is_ours(row: ProviderEvent) -> bool:
    """Whether a payment of this shop has the reference that the message names."""
    named = Payment.objects.filter(
        shop_id=row.shop_id, provider=row.provider, reference=row.payment_reference
    )
    return bool(row.payment_reference) and named.exists()


def _told(hook: Hook) -> dict[str, Any]:
    """What the plug read, as plain values."""
    told: dict[str, Any] = {"refund_id": str(hook.refund_id or "")}
    if hook.amount is not None:
        told |= {"amount_minor": hook.amount.minor, "currency": hook.amount.currency}
    if hook.answer is not None:
        told |= {
            "outcome": hook.answer.outcome.value,
            "answer_reference": hook.answer.reference,
            "bank_reference": hook.answer.bank_reference,
            "code": hook.answer.code,
        }
    if hook.dispute is not None:
        told["dispute"] = {
            "reference": hook.dispute.reference,
            "payment_reference": hook.dispute.payment_reference,
            "amount_minor": hook.dispute.amount.minor,
            "currency": hook.dispute.amount.currency,
            "state": hook.dispute.state.value,
        }
    return told


def _hook_in(row: ProviderEvent) -> Hook:
    """The message as the plug had read it."""
    told = row.told
    answer = amount = None
    if "outcome" in told:
        answer = Answer(
            Outcome(told["outcome"]),
            reference=told["answer_reference"],
            bank_reference=told["bank_reference"],
            code=told["code"],
        )
    if "amount_minor" in told:
        amount = Money(told["amount_minor"], told["currency"])
    return Hook(
        event_id=row.event_id,
        refund_id=UUID(told["refund_id"]) if told.get("refund_id") else None,
        reference=row.reference,
        amount=amount,
        answer=answer,
        payment_reference=row.payment_reference,
        dispute=_dispute_in(told),
    )


def _dispute_in(told: dict[str, Any]) -> KnownDispute | None:
    kept = told.get("dispute")
    if kept is None:
        return None
    return KnownDispute(
        kept["reference"],
        kept["payment_reference"],
        Money(kept["amount_minor"], kept["currency"]),
        DisputeState(kept["state"]),
    )
