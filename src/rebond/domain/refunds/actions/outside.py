"""What people make of money refunded elsewhere: its articles, a refund of ours, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from rebond.domain.orders.models import Order
from rebond.domain.refunds.errors import (
    AlreadyAnswered,
    AlreadySettled,
    IllegalRefundStep,
    PaymentInOtherCurrency,
)
from rebond.domain.refunds.events import RefundSucceeded
from rebond.domain.refunds.models import (
    FoundBy,
    OutsideRefund,
    OutsideState,
    Refund,
    Settlement,
    TaskKind,
)
from rebond.domain.refunds.outside import decide, free_name, locked_outside, pay_with
from rebond.domain.refunds.payouts import locked_refund, say, sum_up_money
from rebond.domain.refunds.planning import Part
from rebond.domain.refunds.ports import KnownRefund
from rebond.domain.refunds.quoting import quote_of_wish
from rebond.domain.refunds.settling import write_settlement
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.tasks import close_tasks
from rebond.domain.refunds.truth import Taken, take_list
from rebond.domain.refunds.wishes import OrderRefund
from rebond.domain.returns.models import Return
from rebond.kernel import crash
from rebond.kernel.actions import action
from rebond.kernel.clock import now


@action
def take_listed(shop_id: UUID, provider: str, listed: Sequence[KnownRefund]) -> dict[str, Taken]:
    """Take over refunds as the provider lists them now: ours are settled, others are adopted."""
    found = take_list(shop_id, provider, listed, found_by=FoundBy.PULL)
    crash.point("list.taking")
    return found


@action
def assign_outside(
    shop_id: UUID, outside_id: UUID, wish: OrderRefund, *, by: str, rma_id: UUID | None = None
) -> Settlement:
    """Say which articles money that was refunded elsewhere was for; ``rma_id``: and which return.

    The amount is what went, whatever the articles cost: less is a part of them, more a gesture.
    Without articles it belongs to none. A document follows as for any refund. Raises
    ``AlreadyAnswered``, ``QuoteRefused`` for more than what is left, ``AlreadySettled`` for a
    return whose refund is decided, and ``PaymentInOtherCurrency``.
    """
    row = _undecided(shop_id, outside_id)
    order = _order_of(row)
    rma = _return_of(order, rma_id)
    answer = quote_of_wish(order, replace(wish, amount_minor=row.amount_minor), but=row)
    assert row.payment is not None
    part = Part(row.payment, row.amount_minor, row.amount_minor, row.provider)
    settlement = write_settlement(
        order,
        rma,
        answer,
        [part],
        gross_minor=row.amount_minor,
        origin="outside",
        decided_by=by,
        reason=wish.reason.strip()[:200],
        tells_shopper=wish.tells_shopper,
    )
    _write_refund(settlement, row, by=by)
    row.settlement = settlement
    decide(row, OutsideState.ASSIGNED, by=by)
    if rma is not None:
        close_tasks(shop_id, rma.pk, by=by, kind=TaskKind.BLOCKED)
    sum_up_money(rma, by=by)
    return settlement


@action
def match_outside(shop_id: UUID, outside_id: UUID, refund_id: UUID, *, by: str) -> Refund:
    """Say that money refunded elsewhere is a refund of ours, which then is not sent any more.

    Raises ``AlreadyAnswered``, ``IllegalRefundStep`` for a refund that is on its way or there, or
    of another payment or amount.
    """
    row = _undecided(shop_id, outside_id)
    refund = locked_refund(refund_id)
    if not can_be_paid_by(refund, row):
        raise IllegalRefundStep(was=refund.state, asked=str(RefundState.SUCCEEDED))
    pay_with(refund, row, by=by)
    return refund


@action
def leave_outside(shop_id: UUID, outside_id: UUID, *, why: str, by: str) -> OutsideRefund:
    """Leave it as it is: it counts against what can be refunded, and belongs to nothing here.

    Raises ``AlreadyAnswered``.
    """
    row = _undecided(shop_id, outside_id)
    decide(row, OutsideState.LEFT, by=by, why=why.strip()[:200])
    return row


def can_be_paid_by(refund: Refund, row: OutsideRefund) -> bool:
    """Whether ``row`` may be the money of ``refund``: same sum and payment, and nothing went."""
    is_same = (
        refund.shop_id == row.shop_id
        and refund.payment_id == row.payment_id
        and (refund.currency, refund.amount_minor) == (row.currency, row.amount_minor)
    )
    has_not_gone = (
        refund.state == RefundState.RESERVED or refund.waits_for_payer or refund.can_be_sent_again
    )
    return is_same and has_not_gone


def _undecided(shop_id: UUID, outside_id: UUID) -> OutsideRefund:
    row = locked_outside(shop_id, outside_id)
    if not row.is_undecided:
        raise AlreadyAnswered
    return row


def _order_of(row: OutsideRefund) -> Order:
    assert row.payment is not None
    order = row.payment.order
    if order.currency != row.payment.currency:
        raise PaymentInOtherCurrency(
            order_currency=order.currency, payment_currency=row.payment.currency
        )
    return order


def _return_of(order: Order, rma_id: UUID | None) -> Return | None:
    if rma_id is None:
        return None
    rma = order.returns.get(pk=rma_id)
    if rma.settlements.filter(called_off_at=None).exists():
        raise AlreadySettled(number=rma.number)
    return rma


def _write_refund(settlement: Settlement, row: OutsideRefund, *, by: str) -> Refund:
    assert row.payment is not None
    free_name(row)
    moment = row.made_at or now()
    refund = Refund.objects.create(
        shop_id=row.shop_id,
        settlement=settlement,
        payment=row.payment,
        provider=row.provider,
        provider_reference=row.provider_reference,
        currency=row.currency,
        amount_minor=row.amount_minor,
        state=RefundState.SUCCEEDED,
        is_outside=True,
        started_at=moment,
        settled_at=moment,
    )
    say(refund, RefundSucceeded, by=by)
    return refund
