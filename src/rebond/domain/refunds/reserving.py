"""Holds money of a payment for a refund. One conditional update decides, never a sum.

Source: docs/decisions/0010-refund-protocol.md.
"""

from django.db.models import F

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.models import Refund


def reserve(payment: Payment, amount_minor: int, *, another_way: bool = False) -> bool:
    """Hold ``amount_minor`` of what is left of ``payment``; False when there is too little.

    One conditional update decides, on every database and under any number of writers; the
    table's constraint stands behind it. A payment in dispute gives nothing; one that cannot be
    refunded by its provider gives only money that takes ``another_way``.
    """
    takes = {} if another_way else {"can_refund": True}
    return bool(
        Payment.objects.filter(
            pk=payment.pk,
            is_disputed=False,
            captured_minor__gte=F("refund_reserved_minor")
            + F("refunded_outside_minor")
            + amount_minor,
            **takes,
        ).update(refund_reserved_minor=F("refund_reserved_minor") + amount_minor)
    )


def release(payment: Payment, amount_minor: int) -> None:
    """Give back what ``reserve`` held."""
    Payment.objects.filter(pk=payment.pk).update(
        refund_reserved_minor=F("refund_reserved_minor") - amount_minor
    )


def count_outside(payment: Payment, amount_minor: int) -> None:
    """Count what left ``payment`` without us, or, below zero, what came back. Never refused."""
    Payment.objects.filter(pk=payment.pk).update(
        refunded_outside_minor=F("refunded_outside_minor") + amount_minor
    )


def free(refund: Refund) -> None:
    """Give back what a refund that failed took from its payment."""
    if refund.is_outside:
        count_outside(refund.payment, -refund.amount_minor)
    else:
        release(refund.payment, refund.amount_minor)
