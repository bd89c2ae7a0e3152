"""Writes down what goes back and why, and sets its money aside. Used inside actions only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rebond.domain.orders.models import Order, Payment
from rebond.domain.refunds import amounts
from rebond.domain.refunds.errors import (
    NoRefundablePayment,
    RefundExceedsPaid,
)
from rebond.domain.refunds.events import (
    RefundStarted,
    SettlementDecided,
)
from rebond.domain.refunds.models import (
    Refund,
    Settlement,
    SettlementCharge,
    SettlementLine,
    reserve,
)
from rebond.domain.refunds.payouts import CHECK_AGAIN, say, subject_of, sum_up_money
from rebond.domain.refunds.quoting import breakdown_of
from rebond.domain.refunds.states import RefundState
from rebond.domain.returns.models import Return
from rebond.kernel.clock import now
from rebond.kernel.events import record


def write_settlement(
    order: Order, rma: Return | None, answer: amounts.Quote, *, origin: str, by: str
) -> Settlement:
    """Write the decision down with its lines and charges, as the quote has them."""
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
        subject_of(settlement), str(settlement.pk), settlement.gross_minor, settlement.currency
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


def start_refunds(settlement: Settlement, order: Order, answer: amounts.Quote, *, by: str) -> None:
    """Set the money of each payment aside, as the quote placed it, and start its refund."""
    if answer.unallocated:
        raise NoRefundablePayment(
            order=order.number, owed_minor=answer.unallocated, currency=order.currency
        )
    payments = {str(payment.pk): payment for payment in order.payments.all()}
    for tender in sorted(answer.tenders, key=lambda part: part.payment_id):
        if tender.charge_amount:
            start_refund(settlement, payments[tender.payment_id], tender.charge_amount, by=by)
    sum_up_money(settlement.rma, by=by)


def start_refund(settlement: Settlement, payment: Payment, amount_minor: int, *, by: str) -> Refund:
    """Hold the amount on the payment and start its refund. Raises ``RefundExceedsPaid``."""
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
    say(refund, RefundStarted, by=by)
    return refund
