"""What follows a second look: the money that had been kept."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from rebond.domain.contests.actions import note_unpaid
from rebond.domain.contests.events import GradeAnswered
from rebond.domain.contests.models import Contest
from rebond.domain.contests.paying import wish_of
from rebond.domain.contests.states import ContestOutcome
from rebond.domain.refunds.actions import refund_order, settle_return
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
from rebond.domain.refunds.queries import claims_loss
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Return
from rebond.kernel.jobs import one_action

CANNOT = (NoRefundablePayment, PaymentDisputed, QuoteRefused, RefundExceedsPaid)


@one_action
def pay_correction(event: GradeAnswered) -> None:
    """Pay what a corrected grade had kept back; where that cannot be, a person is asked.

    A return that was not settled yet is settled now, but for a withdrawal of which something is
    still to be kept: only a person may do that. Whoever looked again decides, within their limits.
    """
    if event.outcome != ContestOutcome.CORRECTED:
        return
    contest = Contest.objects.select_related("answered_by").get(pk=event.contest_id)
    rma = Return.objects.select_related("order__shop").get(pk=contest.rma_id)
    settlement = rma.settlements.filter(called_off_at=None).order_by("decided_at").first()
    if settlement is None:
        _settle(rma, contest)
        return
    if rma.is_gift or settlement.origin != "return" or rma.order is None:
        note_unpaid(rma.pk, code="grade_corrected")
        return
    with override(rma.shop.language):
        reason = _("Grade corrected after a second look, return {number}").format(number=rma.number)
    wish = wish_of(contest, settlement, reason=reason)
    if wish is None:
        return
    staff = contest.answered_by
    try:
        refund_order(
            rma.order.pk,
            wish,
            by=f"staff:{staff.user.name}" if staff else "system",
            who=staff,
            request_key=f"contest:{contest.pk}",
        )
    except CANNOT as refusal:
        note_unpaid(rma.pk, code=refusal.code)


def _settle(rma: Return, contest: Contest) -> None:
    if claims_loss(rma):
        return
    staff = contest.answered_by
    by = f"staff:{staff.user.name}" if staff else "system"
    try:
        settle_return(rma.pk, by=by, staff=staff)
    except (AlreadySettled, ExchangeOpen, IllegalTransition, NothingAccepted, RepairOpen):
        return
    except CANNOT as refusal:
        note_unpaid(rma.pk, code=refusal.code)
