"""What keeps money that was decided from being sent just now."""

from __future__ import annotations

from rebond.domain.refunds.models import OutsideRefund, OutsideState, PayoutHold, Refund


def is_held(refund: Refund) -> bool:
    """Whether the refund may not be sent now.

    A second person is asked, the shopper's bank holds the payment, nobody has said yet what
    other money of this order was refunded for, or a backup was restored and its provider has not
    been asked what it did since.
    """
    return (
        refund.payment.is_disputed
        or refund.settlement.called_off_at is not None
        or _waits_for_somebody(refund)
    )


def _waits_for_somebody(refund: Refund) -> bool:
    """One question to the database for all three: it is asked before every payout."""
    second_person = refund.settlement.approvals.exclude(is_granted=True)
    word = OutsideRefund.objects.filter(
        shop_id=refund.shop_id,
        payment__order=refund.settlement.order_id,
        state=OutsideState.WAITING,
    )
    provider = refund.provider or refund.payment.provider
    comparison = PayoutHold.objects.filter(
        shop_id=refund.shop_id, provider=provider, lifted_at=None
    )
    return (
        second_person.values("pk")
        .union(word.values("pk"), comparison.values("pk"), all=True)
        .exists()
    )
