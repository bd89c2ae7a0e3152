"""Reads an order and its past settlements into the shape that the quote understands."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from rebond.domain.orders.models import ChargeKind, Order, OrderCharge, OrderLine, OrderState
from rebond.domain.refunds import amounts
from rebond.domain.refunds.models import OutsideRefund, Settlement
from rebond.domain.refunds.reading import decided_for_order
from rebond.domain.refunds.states import LIVE
from rebond.kernel.money import exponent_of


def sold(order: Order) -> amounts.Order:
    """``order`` as it was frozen at the sale: stored amounts with their tax inside."""
    charges = list(order.charges.all())
    return amounts.Order(
        currency=order.currency,
        exponent=exponent_of(order.currency),
        prices_include_tax=True,
        lines=tuple(_line(line) for line in order.lines.all()),
        shipping=tuple(_shipping(c) for c in charges if c.kind == ChargeKind.SHIPPING),
        fees=tuple(
            amounts.SoldFee(str(c.pk), c.amount_minor) for c in charges if c.kind == ChargeKind.FEE
        ),
        payments=tuple(
            amounts.Payment(
                id=str(payment.pk),
                captured=payment.captured_minor,
                method=payment.method,
                charge_currency=payment.currency,
                refundable=payment.can_refund,
                partial_refundable=payment.can_refund_partly,
            )
            for payment in order.payments.all()
        ),
        total=order.total_minor,
        cancelled=order.state == OrderState.CANCELLED,
    )


def past(order: Order, *, but: OutsideRefund | None = None) -> tuple[amounts.PastRefund, ...]:
    """Every settlement of ``order``, oldest first; one whose money failed is owed and counts.

    Money that went elsewhere and belongs to no settlement yet (a refund in the provider's own
    pages, a lost dispute) stands at the end, as an amount of no article; all ``but`` the one that
    is about to be given its place.
    """
    settlements = decided_for_order(order)
    prefetch_related_objects(settlements, "lines", "charges__charge", "refunds")
    return (*map(_past, settlements), *_elsewhere(order, settlements, but))


def _elsewhere(
    order: Order, settlements: Sequence[Settlement], but: OutsideRefund | None
) -> list[amounts.PastRefund]:
    told: dict[UUID, int] = {}
    if but is not None and but.payment_id is not None:
        told[but.payment_id] = but.amount_minor
    for settlement in settlements:
        for refund in settlement.refunds.all():
            if refund.is_outside and refund.state in LIVE:
                told[refund.payment_id] = told.get(refund.payment_id, 0) + refund.amount_minor
    gone = [
        (str(payment.pk), payment.refunded_outside_minor - told.get(payment.pk, 0))
        for payment in order.payments.all()
    ]
    return [
        amounts.PastRefund(payments=((payment, minor),), amount=minor)
        for payment, minor in gone
        if minor > 0
    ]


def _line(line: OrderLine) -> amounts.SoldLine:
    return amounts.SoldLine(
        id=str(line.pk),
        quantity=line.quantity,
        line_total=line.total_minor,
        taxes=tuple(_tax(tax) for tax in line.taxes),
        tax_total=line.tax_minor,
        refundable=True,
    )


def _tax(tax: dict[str, Any]) -> amounts.SoldTax:
    rate = tax.get("rate")
    return amounts.SoldTax(
        id=tax.get("id"),
        rate=Fraction(rate) if rate else None,
        rate_text=rate or None,
        total=tax["total_minor"],
    )


def _shipping(charge: OrderCharge) -> amounts.SoldShipping:
    rate = charge.tax_rate
    tax = amounts.SoldTax(
        rate=Fraction(rate) if rate else None, rate_text=rate or None, total=charge.tax_minor
    )
    return amounts.SoldShipping(
        id=str(charge.pk),
        amount=charge.amount_minor,
        taxes=(tax,),
        tax_total=charge.tax_minor,
        tax_included=True,
    )


def _past(settlement: Settlement) -> amounts.PastRefund:
    paid = [r for r in settlement.refunds.all() if r.state in LIVE]
    charges = list(settlement.charges.all())
    return amounts.PastRefund(
        lines=tuple(
            amounts.PastLine(
                line_id=str(line.order_line_id),
                quantity=line.quantity,
                gross=line.gross_minor,
                tax=line.tax_minor,
            )
            for line in settlement.lines.all()
        ),
        shipping=tuple(
            amounts.PastShipping(str(c.charge_id), gross=c.gross_minor, tax=c.tax_minor)
            for c in charges
            if c.charge.kind == ChargeKind.SHIPPING
        ),
        fees=tuple(
            (str(c.charge_id), c.gross_minor) for c in charges if c.charge.kind == ChargeKind.FEE
        ),
        payments=tuple((str(refund.payment_id), refund.amount_minor) for refund in paid),
        amount=settlement.gross_minor,
        kept=settlement.kept_minor,
    )
