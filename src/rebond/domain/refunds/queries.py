"""What a return would bring, and which refunds the clock has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from rebond.domain import law
from rebond.domain.orders.models import Order
from rebond.domain.policies.engine import Decision, Policy, decide
from rebond.domain.policies.facts import DONATE, REPAIR, Verdict
from rebond.domain.refunds import amounts
from rebond.domain.refunds.editing import edited, edited_breakdown
from rebond.domain.refunds.edits import AmountEdit
from rebond.domain.refunds.errors import (
    NoRefundablePayment,
    NothingAccepted,
    PaymentDisputed,
    QuoteRefused,
)
from rebond.domain.refunds.models import OutsideRefund, ProviderEvent, Refund, Settlement
from rebond.domain.refunds.planning import Part, as_json, plan_of
from rebond.domain.refunds.quoting import (
    Pieces,
    breakdown_of,
    pieces_of,
    quote_for,
    quote_of_wish,
    together,
)
from rebond.domain.refunds.settling import worked_out
from rebond.domain.refunds.wished import ways_of, wished_way
from rebond.domain.refunds.wishes import OrderRefund
from rebond.domain.returns.actions import check_wishes
from rebond.domain.returns.facts import facts_of
from rebond.domain.returns.giving import terms_with
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import InspectionState, RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.methods import fee_of, ways_for
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Inspection
from rebond.domain.warehouse.shares import claimed_lines
from rebond.kernel.clock import local_date


@dataclass(frozen=True)
class Preview:
    """What the policy says of some wishes, and what they would bring.

    ``breakdown`` is what ``quoting.breakdown_of`` makes, or None where the policy declines or
    the amount has to be worked out by a person. ``shares`` say which part goes which way.
    """

    decision: Decision
    breakdown: dict[str, Any] | None
    days: Days
    shares: tuple[Share, ...] = ()

    @property
    def is_declined(self) -> bool:
        """Whether there is nothing to send: the policy says no."""
        return self.decision.verdict is Verdict.DECLINE

    @property
    def is_immediate(self) -> bool:
        """Whether the yes comes at once, without a person looking at it."""
        return self.decision.verdict is Verdict.APPROVE


@dataclass(frozen=True)
class Share:
    """What goes one way, in minor units of the order's currency.

    ``way`` is the key of a plug; ``payment`` the id of the payment it goes back to, where it goes
    back the way it came. ``bonus_minor`` comes on top. A way of "exchange" pays for goods.
    """

    way: str
    amount_minor: int
    bonus_minor: int = 0
    payment: str = ""

    @property
    def with_bonus_minor(self) -> int:
        """The amount and its bonus."""
        return self.amount_minor + self.bonus_minor


@dataclass(frozen=True)
class Days:
    """``send_by``: last day to hand the goods to a carrier. ``paid_by``: last day to refund,
    provided that the goods, or the proof that they were sent, are there by then."""

    send_by: date
    paid_by: date


def preview_of(
    order: Order,
    wishes: Sequence[Wish],
    *,
    policy: Policy,
    asked_at: datetime,
    comment: str = "",
    is_gift: bool = False,
    method: str = "",
    instead_of: Return | None = None,
) -> Preview:
    """What ``request_return`` would decide on ``wishes``, and the sum that would follow.

    ``method`` is the way back that is looked at; one that is not on offer costs nothing. With
    ``instead_of``, what ``change_return`` would decide, whose wishes these are to replace.

    Writes nothing. Raises the refusals of ``returns.actions.check_wishes``.
    """
    may_give = instead_of is None
    wanted = check_wishes(order, wishes, comment=comment, instead_of=instead_of, may_give=may_give)
    facts = facts_of(
        order, wanted, asked_at=asked_at, policy=policy, is_gift=is_gift, instead_of=instead_of
    )
    decision = decide(policy, facts)
    pieces = [Pieces(wish.order_line_id, wish.quantity) for wish in wishes]
    is_repair = any(wish.outcome == REPAIR for wish in wishes)
    no_money = decision.verdict is Verdict.DECLINE or is_repair
    terms = asdict(terms_with(decision.terms, wishes))
    fee = next(
        (w.fee_minor for w in ways_for(order.shop, terms, order.shopper) if w.method == method), 0
    )
    answer = None if no_money else _answer(order, pieces, terms, fee)
    return Preview(
        decision,
        None if answer is None else breakdown_of(answer, order.currency),
        days_for(order, asked_at),
        () if answer is None else _shares(order, answer, wishes, terms),
    )


def expected_for(rma: Return) -> dict[str, Any] | None:
    """What ``rma`` would bring if it were settled now; None where nobody can say,
    and for a repair, which brings no money."""
    if rma.order is None or rma.is_repair:
        return None
    try:
        pieces = together(pieces_of(rma))
    except NothingAccepted:
        return None
    answer = _answer(rma.order, pieces, rma.terms.get("terms", {}), fee_of(rma))
    return None if answer is None else _with_ways(rma, answer)


def edited_for(rma: Return, edit: AmountEdit) -> dict[str, Any]:
    """What ``settle_return`` would write as the breakdown with ``edit``. Writes nothing.

    Raises the refusals of ``editing.edited`` and those of ``settle_return`` but about limits.
    """
    worked = worked_out(rma)
    found = edited(rma, worked, edit)
    plan = plan_of(worked.order, found.answer, wished_way(rma))
    return edited_breakdown(found, worked.order) | {"tenders": as_json(plan)}


def days_for(order: Order, asked_at: datetime) -> Days:
    """The two dates that follow from a request at ``asked_at``.

    Source: C. conso. L221-23 and L221-24.
    """
    asked_on = local_date(asked_at, order.shop.time_zone)
    paid_by = law.refund_due_on(asked_on, may_withhold=False)
    assert paid_by is not None
    return Days(send_by=law.send_back_by(asked_on), paid_by=paid_by)


def _answer(
    order: Order, pieces: Sequence[Pieces], terms: dict[str, Any], way_back_minor: int
) -> amounts.Quote | None:
    try:
        return quote_for(order, pieces, terms, way_back_minor=way_back_minor)
    except QuoteRefused:
        return None


def _with_ways(rma: Return, answer: amounts.Quote) -> dict[str, Any]:
    """The breakdown with the ways that were chosen; those of other goods are known later."""
    assert rma.order is not None
    breakdown = breakdown_of(answer, rma.order.currency)
    if rma.lines.filter(waits_for_goods=True).exists():
        return breakdown
    try:
        plan = plan_of(rma.order, answer, wished_way(rma))
    except (NoRefundablePayment, PaymentDisputed):
        return breakdown
    return breakdown | {"tenders": as_json(plan)}


def _shares(
    order: Order, answer: amounts.Quote, wishes: Sequence[Wish], terms: dict[str, Any]
) -> tuple[Share, ...]:
    """Which part goes which way; empty where a person has to find the ways."""
    outcomes = {
        wish.order_line_id: "refund" if wish.outcome == DONATE else wish.outcome for wish in wishes
    }
    try:
        parts = plan_of(order, answer, ways_of(outcomes, terms, order.shopper))
    except (NoRefundablePayment, PaymentDisputed):
        return ()
    found: dict[tuple[str, str], Share] = {}
    for part in parts:
        back = "" if part.is_chosen else str(part.payment.pk)
        before = found.get((part.provider, back), Share(part.provider, 0, 0, back))
        found[part.provider, back] = replace(
            before,
            amount_minor=before.amount_minor + part.order_minor,
            bonus_minor=before.bonus_minor + part.bonus_minor,
        )
    return tuple(sorted(found.values(), key=lambda share: not share.payment))


def preview_of_wish(order: Order, wish: OrderRefund) -> dict[str, Any]:
    """What ``refund_order`` would write as the breakdown of ``wish``, plan of payments inside.

    Writes nothing. Raises the refusals of ``refund_order`` but those about limits.
    """
    answer = quote_of_wish(order, wish)
    plan = plan_of(order, answer, wish.way)
    return breakdown_of(answer, order.currency) | {"tenders": as_json(plan)}


def preview_of_outside(row: OutsideRefund, wish: OrderRefund) -> dict[str, Any]:
    """What ``assign_outside`` would write as the breakdown of ``wish`` for this money.

    Writes nothing. Raises ``QuoteRefused``.
    """
    assert row.payment is not None
    order = row.payment.order
    answer = quote_of_wish(order, replace(wish, amount_minor=row.amount_minor), but=row)
    part = Part(row.payment, row.amount_minor, row.amount_minor, row.provider)
    return breakdown_of(answer, order.currency) | {"tenders": as_json([part])}


def unpaid_of(order_id: UUID) -> list[UUID]:
    """Accepted returns of the order that were looked at, and whose refund is not decided."""
    decided = Settlement.objects.filter(
        shop_id=OuterRef("shop_id"), rma=OuterRef("pk"), called_off_at=None
    )
    waiting = Order.objects.get(pk=order_id).returns.filter(
        request_state=RequestState.APPROVED,
        inspection_state__in=[InspectionState.COMPLIANT, InspectionState.NON_COMPLIANT],
    )
    return list(waiting.exclude(Exists(decided)).values_list("pk", flat=True))


def claims_loss(rma: Return) -> bool:
    """Whether the inspection claims a loss of value from who withdrew, or may withdraw.

    Source: C. conso. L221-23 al. 3, L221-24.
    """
    claims = claimed_lines(rma)
    if not (rma.is_withdrawal or claims):
        return False
    kept = Q(kept_percent__gt=0) | Q(is_accepted=False) & ~Q(grade=Grade.MISSING)
    found = Inspection.objects.filter(kept, shop_id=rma.shop_id, line__rma=rma)
    if not rma.is_withdrawal:
        found = found.filter(line__order_line__in=[UUID(key) for key in claims])
    return found.exists()


def due_for_check(moment: datetime, limit: int = 500) -> list[tuple[UUID, UUID]]:
    """Refunds whose next check has come, each with its shop first, oldest first."""
    due = Refund.objects.filter(next_check_at__lte=moment).order_by("next_check_at")
    return list(due.values_list("shop_id", "pk")[:limit])


def messages_due(moment: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Messages about which to ask a provider again now, each with its shop first, oldest first."""
    due = ProviderEvent.objects.filter(next_try_at__lte=moment).order_by("next_try_at")
    return list(due.values_list("shop_id", "pk")[:limit])
