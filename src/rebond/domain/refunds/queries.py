"""What a return would bring, and which refunds the clock has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from rebond.domain import law
from rebond.domain.orders.models import Order
from rebond.domain.policies.engine import Decision, Policy, decide
from rebond.domain.policies.facts import Verdict
from rebond.domain.refunds.errors import NothingAccepted, QuoteRefused
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.quoting import Pieces, breakdown_of, pieces_of, quote_for, together
from rebond.domain.returns.actions import check_wishes
from rebond.domain.returns.facts import facts_of
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.kernel.clock import local_date


@dataclass(frozen=True)
class Preview:
    """What the policy says of some wishes, and what they would bring.

    ``breakdown`` is what ``quoting.breakdown_of`` makes, or None where the policy declines or
    the amount has to be worked out by a person.
    """

    decision: Decision
    breakdown: dict[str, Any] | None
    days: Days

    @property
    def is_declined(self) -> bool:
        """Whether there is nothing to send: the policy says no."""
        return self.decision.verdict is Verdict.DECLINE

    @property
    def is_immediate(self) -> bool:
        """Whether the yes comes at once, without a person looking at it."""
        return self.decision.verdict is Verdict.APPROVE


@dataclass(frozen=True)
class Days:
    """``send_by``: last day to hand the goods to a carrier. ``paid_by``: last day to refund,
    provided that the goods, or the proof that they were sent, are there by then."""

    send_by: date
    paid_by: date


def preview_of(
    order: Order, wishes: Sequence[Wish], *, policy: Policy, asked_at: datetime, comment: str = ""
) -> Preview:
    """What ``request_return`` would decide on ``wishes``, and the sum that would follow.

    Writes nothing. Raises the refusals of ``returns.actions.check_wishes``.
    """
    wanted = check_wishes(order, wishes, comment=comment)
    decision = decide(policy, facts_of(order, wanted, asked_at=asked_at))
    pieces = [Pieces(wish.order_line_id, wish.quantity) for wish in wishes]
    declined = decision.verdict is Verdict.DECLINE
    breakdown = None if declined else _breakdown(order, pieces, asdict(decision.terms))
    return Preview(decision, breakdown, days_for(order, asked_at))


def expected_for(rma: Return) -> dict[str, Any] | None:
    """What ``rma`` would bring if it were settled now; None where nobody can say."""
    if rma.order is None:
        return None
    try:
        pieces = together(pieces_of(rma))
    except NothingAccepted:
        return None
    return _breakdown(rma.order, pieces, rma.terms.get("terms", {}))


def days_for(order: Order, asked_at: datetime) -> Days:
    """The two dates that follow from a request at ``asked_at``.

    Source: C. conso. L221-23 and L221-24.
    """
    asked_on = local_date(asked_at, order.shop.time_zone)
    paid_by = law.refund_due_on(asked_on, may_withhold=False)
    assert paid_by is not None
    return Days(send_by=law.send_back_by(asked_on), paid_by=paid_by)


def _breakdown(
    order: Order, pieces: Sequence[Pieces], terms: dict[str, Any]
) -> dict[str, Any] | None:
    try:
        return breakdown_of(quote_for(order, pieces, terms), order.currency)
    except QuoteRefused:
        return None


def due_for_check(moment: datetime, limit: int = 500) -> list[UUID]:
    """Refunds whose next check has come, of all shops, oldest first."""
    due = Refund.objects.filter(next_check_at__lte=moment).order_by("next_check_at")
    return list(due.values_list("pk", flat=True)[:limit])
