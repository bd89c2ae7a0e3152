"""Promises about who decided that money goes, and where to."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q

from rebond.domain.bank_transfers.models import FileState, Transfer, TransferFile
from rebond.domain.refunds.models import Approval, Consent, LimitChange, Refund, Settlement
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.ways import NEEDS_CONSENT
from rebond.insights.verification.table import Breaches, promise
from rebond.kernel.models import Event

HELD = {
    RefundState.RESERVED,
    RefundState.REQUIRES_ACTION,
    RefundState.CANCELLED,
}


@promise("I6b", "money takes another way only with the shopper's word, and to the shopper")
def by_consent() -> Breaches:
    """Each refund by another way has a consent for it, and its account is the shopper's own."""
    said = Consent.objects.filter(
        shop_id=OuterRef("shop_id"), settlement=OuterRef("settlement"), way=OuterRef("provider")
    )
    elsewhere = Refund.objects.filter(
        is_outside=False, provider__in=[str(way) for way in NEEDS_CONSENT]
    ).exclude(provider=F("payment__provider"))
    for refund in elsewhere.filter(~Exists(said)).iterator():
        yield f"refund {refund.pk}: goes by {refund.provider}, and no word of the shopper"
    owner = Refund.objects.filter(pk=OuterRef("refund_id")).values("settlement__order__shopper")
    strange = Transfer.objects.annotate(owner=owner[:1]).exclude(account__shopper=F("owner"))
    for transfer in strange.iterator():
        yield f"transfer {transfer.pk}: the account is not that of the order's shopper"


@promise("I7", "every refund was decided once, and above a limit by two people")
def decided() -> Breaches:
    """One event for each decision of ours; nothing sent before a second yes; never one's own."""
    told = (
        Event.objects.filter(name="settlement.decided")
        .values("payload__settlement_id")
        .annotate(many=Count("id"))
        .filter(many__gt=1)
    )
    for row in told.iterator():
        yield f"settlement {row['payload__settlement_id']}: decided {row['many']} times"
    unsigned = Settlement.objects.exclude(origin="import").filter(decided_by="")
    for settlement in unsigned.iterator():
        yield f"settlement {settlement.pk}: nobody decided it"
    early = Refund.objects.filter(
        ~Q(state__in=HELD),
        Exists(
            Approval.objects.filter(
                shop_id=OuterRef("shop_id"), settlement=OuterRef("settlement")
            ).exclude(is_granted=True)
        ),
    )
    for refund in early.iterator():
        yield f"refund {refund.pk}: {refund.state}, but nobody said the second yes"
    for model in (Approval, LimitChange):
        own = model.objects.filter(is_granted=True, answered_by=F("asked_by"))
        for key in own.values_list("pk", flat=True).iterator():
            yield f"{model.__name__.lower()} {key}: granted by who asked"
    alone = TransferFile.objects.filter(state=FileState.RELEASED, released_by=F("made_by"))
    for file in alone.iterator():
        yield f"transfer file {file.pk}: released by who made it"
