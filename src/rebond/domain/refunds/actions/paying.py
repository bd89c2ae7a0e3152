"""The steps of one payout: arm, (call), settle, (look), settle. Nothing here calls outside.

Source: docs/decisions/0010-refund-protocol.md.
"""

from __future__ import annotations

from uuid import UUID

from rebond.domain.refunds.doubts import (
    after_absence,
    after_silence,
    is_doubtful,
    without_asking,
    without_plug,
)
from rebond.domain.refunds.holds import is_held
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.outside import pay_with, twin_of
from rebond.domain.refunds.payouts import (
    Armed,
    apply_answer,
    arm,
    check_later,
    finish_attempt,
    locked_refund,
    look,
    provider_of,
)
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.refunds.states import UNDECIDED, RefundState
from rebond.kernel import crash
from rebond.kernel.actions import action
from rebond.kernel.clock import now

NO_PLUG = Answer(Outcome.WAITS_FOR_PERSON, code="no_plug")


@action
def arm_refund(refund_id: UUID) -> Armed | None:
    """Write down that the provider is about to be asked; None when it must not be.

    Commits before any byte leaves. Held money (a second person is asked, the bank examines a
    complaint) stays where it is. A refund that was already armed and not answered is left to
    the look-up, never sent again from here.
    """
    return _arm_reserved(locked_refund(refund_id))


@action
def begin_check(refund_id: UUID) -> Armed | None:
    """Take a refund whose check is due, for a look or for a request; None when there is neither.

    One that was held before is sent now. One that a person was asked about is looked at all the
    same: the look moves its next check on, so that it never stands in front of the others. Only
    a payment by hand has none.
    """
    refund = locked_refund(refund_id)
    if RefundState(refund.state) not in UNDECIDED:
        return None
    if refund.next_check_at is None or refund.next_check_at > now():
        return None
    if refund.state == RefundState.RESERVED:
        return _arm_reserved(refund)
    provider = provider_of(refund)
    if provider is None:
        without_plug(refund)
        return None
    if not provider.can_be_asked:
        return without_asking(refund, provider)
    return look(refund, provider)


@action
def settle_refund(refund_id: UUID, token: UUID, answer: Answer) -> RefundState:
    """Take the answer to a request, if ``token`` still holds the refund.

    A worker that comes back too late changes nothing. Returns the state that holds now.
    """
    refund = locked_refund(refund_id)
    if refund.lease_token != token:
        return RefundState(refund.state)
    finish_attempt(refund, answer)
    provider = provider_of(refund)
    if provider is not None and is_doubtful(refund, provider, answer):
        answer = Answer(Outcome.BROKEN_ANSWER, code=answer.code)
    apply_answer(refund, answer, by=f"provider:{refund.provider}")
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
        after_silence(refund)
        return None
    if found is not None:
        finish_attempt(refund, found)
        apply_answer(refund, found, by=f"provider:{refund.provider}")
        return None
    finish_attempt(refund, None)
    provider = provider_of(refund)
    return after_absence(refund, provider) if provider is not None else None


def _arm_reserved(refund: Refund) -> Armed | None:
    if refund.state != RefundState.RESERVED:
        return None
    if is_held(refund):
        twin = twin_of(refund)
        if twin is not None:
            pay_with(refund, twin, by="system")
        elif refund.next_check_at is not None:
            check_later(refund)
        return None
    provider = provider_of(refund)
    if provider is None:
        apply_answer(refund, NO_PLUG, by="system")
        return None
    return arm(refund, provider)
