"""Stops refunds that a payment can no longer bear, because its money went elsewhere.

Used inside actions only.
"""

from __future__ import annotations

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.events import RefundCalledOff
from rebond.domain.refunds.models import Refund, TaskKind
from rebond.domain.refunds.payouts import say, sum_up_money
from rebond.domain.refunds.reserving import release
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.tasks import open_refund_task
from rebond.kernel.clock import now


def stop_what_is_gone(payment: Payment, *, code: str, by: str) -> None:
    """Stop refunds that were not sent yet and no longer fit, the latest first; ``code`` says why.

    A person is asked about each: it is still owed, and can be sent again once there is money.
    """
    payment.refresh_from_db()
    over = payment.refund_reserved_minor + payment.refunded_outside_minor - payment.captured_minor
    waiting = Refund.objects.filter(
        shop_id=payment.shop_id, payment=payment, state=RefundState.RESERVED
    ).select_related("payment", "settlement__rma", "settlement__order")
    for refund in waiting.order_by("-started_at"):
        if over <= 0:
            return
        refund.settled_at, refund.next_check_at, refund.failure_code = now(), None, code
        refund.move_to(RefundState.CANCELLED, "settled_at", "next_check_at", "failure_code")
        release(payment, refund.amount_minor)
        over -= refund.amount_minor
        say(refund, RefundCalledOff, by=by)
        open_refund_task(TaskKind.BLOCKED, refund, code=code)
        sum_up_money(refund.settlement.rma, by=by)
