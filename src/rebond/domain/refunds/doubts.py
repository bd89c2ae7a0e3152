"""What to do about money that nobody has spoken of: send again, wait, or ask a person.

Used inside actions only. Source: docs/decisions/0010-refund-protocol.md.
"""

from __future__ import annotations

from datetime import timedelta

from rebond.domain.refunds.events import RefundUnclear
from rebond.domain.refunds.holds import is_held
from rebond.domain.refunds.models import Attempt, Refund, TaskKind
from rebond.domain.refunds.payouts import (
    FIRST_PAUSE,
    LONG_PAUSE,
    NO_WORD_AFTER,
    PERSON_AFTER,
    Armed,
    arm,
    check_later,
    say,
)
from rebond.domain.refunds.ports import Answer, Outcome, PaymentProvider
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.tasks import open_refund_task
from rebond.kernel.clock import now

QUIET_PERIOD = timedelta(minutes=1)
LOOKS_BEFORE_A_NEW_KEY = 3
UNSURE = frozenset({RefundState.SENDING, RefundState.UNKNOWN})
UNANSWERED = frozenset({Outcome.NO_ANSWER, ""})


def after_absence(refund: Refund, provider: PaymentProvider) -> Armed | None:
    """The provider does not know our refund: send again if safe, else wait or call for help."""
    if RefundState(refund.state) not in UNSURE:
        check_later(refund)
        return None
    if is_held(refund):
        after_silence(refund)
        return None
    of_this_key = _sends(refund)
    too_old = now() - of_this_key[0].started_at > provider.key_lifetime
    if not provider.is_idempotent or too_old or refund.needs_person:
        call_for_help(refund)
        return None
    last = of_this_key[-1]
    if last.outcome != Outcome.BROKEN_ANSWER:
        return arm(refund, provider)
    looks = refund.attempts.filter(kind="look", outcome="absent", number__gt=last.number).count()
    quiet_since = last.ended_at or last.started_at
    if looks < LOOKS_BEFORE_A_NEW_KEY or now() - quiet_since < QUIET_PERIOD:
        check_later(refund, FIRST_PAUSE)
        return None
    refund.generation += 1
    refund.save(update_fields=["generation"])
    return arm(refund, provider)


def after_silence(refund: Refund) -> None:
    """The provider could not be asked just now: later, and after a day a person is told."""
    is_unsure = RefundState(refund.state) in UNSURE
    if is_unsure and now() - _sends(refund)[0].started_at > PERSON_AFTER:
        call_for_help(refund)
    else:
        check_later(refund)


def without_asking(refund: Refund, provider: PaymentProvider) -> Armed | None:
    """Of a provider that can never be asked: the same key again while that is safe, or a person.

    The same key gives the same answer, so it is sent again as long as no answer came at all, for
    a day at most. An error that the provider keeps for the key, or a no after an earlier
    request went unanswered, can only be judged by somebody who looks.
    """
    if RefundState(refund.state) not in UNSURE:
        _wait_for_word(refund)
        return None
    sends = _sends(refund)
    lifetime = min(provider.key_lifetime, PERSON_AFTER)
    is_young = now() - sends[0].started_at <= lifetime
    can_be_sent = provider.is_idempotent and is_young and sends[-1].outcome in UNANSWERED
    if not can_be_sent or refund.needs_person:
        call_for_help(refund)
        return None
    if is_held(refund):
        after_silence(refund)
        return None
    return arm(refund, provider)


def is_doubtful(refund: Refund, provider: PaymentProvider, answer: Answer) -> bool:
    """Whether ``answer`` says no while an earlier request may have been carried out unheard.

    Where the provider can be asked, it was asked before the second request left.
    """
    says_no = answer.outcome in {Outcome.REFUSED, Outcome.WAITS_FOR_PERSON}
    return says_no and not provider.can_be_asked and len(_sends(refund)) > 1


def without_plug(refund: Refund) -> None:
    """Nobody speaks to this provider any more: a person has to find out."""
    if RefundState(refund.state) in UNSURE | {RefundState.PENDING}:
        call_for_help(refund)
        return
    check_later(refund, LONG_PAUSE)
    open_refund_task(TaskKind.UNCLEAR, refund)


def call_for_help(refund: Refund) -> None:
    """Ask a person what became of the money, once; it is still looked at now and then."""
    check_later(refund, LONG_PAUSE)
    if refund.needs_person:
        return
    refund.needs_person = True
    refund.save(update_fields=["needs_person"])
    say(refund, RefundUnclear, by="system", needs_person=True)
    open_refund_task(TaskKind.UNCLEAR, refund)


def _wait_for_word(refund: Refund) -> None:
    """Underway, says the provider: its next message is awaited, but not for ever."""
    sends = _sends(refund)
    started = sends[0].started_at if sends else refund.started_at
    if refund.state == RefundState.PENDING and now() - started > NO_WORD_AFTER:
        call_for_help(refund)
    else:
        check_later(refund, LONG_PAUSE)


def _sends(refund: Refund) -> list[Attempt]:
    """The requests under the present key, oldest first."""
    of_this_key = refund.attempts.filter(kind="send", idempotency_key=refund.idempotency_key)
    return list(of_this_key.order_by("number"))
