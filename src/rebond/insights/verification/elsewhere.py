"""The promises about what happened elsewhere: counted once, compared, never without a trace."""

from __future__ import annotations

from django.db.models import F, OuterRef, Q

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.models import (
    Discrepancy,
    Dispute,
    OutsideRefund,
    OutsideState,
    ProviderEvent,
    ReconciliationReport,
    Refund,
    Result,
)
from rebond.domain.refunds.states import LIVE
from rebond.insights.verification.table import Breaches, promise, sum_of


@promise("I14", "our books and each provider's agree, or every difference stands open or explained")
def books_agree() -> Breaches:
    """What a report's two sides differ by is the sum of the differences written beside it."""
    current = Discrepancy.objects.filter(
        shop=OuterRef("shop"), report=OuterRef("pk"), is_current=True
    )
    reports = ReconciliationReport.objects.filter(was_asked=True).annotate(
        ours_named=sum_of(current, "report", "ours_minor"),
        theirs_named=sum_of(current, "report", "theirs_minor"),
    )
    wrong = reports.exclude(ours_minor=F("theirs_minor") + F("ours_named") - F("theirs_named"))
    for report in wrong.iterator():
        yield (
            f"report {report.pk}, {report.provider} {report.day} {report.currency}: ours "
            f"{report.ours_minor}, theirs {report.theirs_minor}, named differences "
            f"{report.ours_named} and {report.theirs_named}"
        )
    unsigned = Discrepancy.objects.filter(closed_at__isnull=False).filter(
        Q(closed_by="") | Q(explanation="")
    )
    for row in unsigned.iterator():
        yield f"difference {row.pk} ({row.subject}): closed, but nobody said why"


@promise("I14b", "money that went elsewhere is counted once on its payment")
def counted_once() -> Breaches:
    """A payment's count is its lost disputes, what was found at the provider, and its history."""
    here = {"shop": OuterRef("shop"), "payment": OuterRef("pk")}
    lost = sum_of(Dispute.objects.filter(**here), "payment", "consumed_minor")
    found = sum_of(
        OutsideRefund.objects.filter(**here).exclude(state=OutsideState.GONE),
        "payment",
        "amount_minor",
    )
    history = sum_of(
        Refund.objects.filter(**here, is_outside=True, provider_reference="", state__in=LIVE),
        "payment",
        "amount_minor",
    )
    wrong = Payment.objects.annotate(lost=lost, found=found, history=history).exclude(
        refunded_outside_minor=F("lost") + F("found") + F("history")
    )
    for payment in wrong.iterator():
        yield (
            f"payment {payment.pk}: counted {payment.refunded_outside_minor}, lost in disputes "
            f"{payment.lost}, found {payment.found}, in history {payment.history}"
        )


@promise("I17", "no message of a provider about our money stays without effect")
def nothing_parked_for_ever() -> Breaches:
    """A message that asking again could not explain is named until somebody puts it aside."""
    for row in ProviderEvent.objects.filter(result=Result.STUCK).iterator():
        yield (
            f"provider message {row.pk} ({row.provider}, {row.event_id}): about "
            f"{row.reference or row.payment_reference}, received {row.received_at}, no effect"
        )
