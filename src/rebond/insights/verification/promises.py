"""The promises that rows can show, each as a query for the rows that break it.

Numbers are those of docs/reference/promises.md. A promise yields one text for each breach, with
the ids that an operator needs; it yields nothing when all is well.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
)

from rebond.domain.orders.models import OrderLine, Payment
from rebond.domain.refunds.models import (
    ProviderEvent,
    Refund,
    Settlement,
    SettlementCharge,
    SettlementLine,
)
from rebond.domain.refunds.states import LIVE, UNDECIDED, RefundState
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import STANDING
from rebond.insights.verification import (
    audit,
    decisions,
    documents,
    elsewhere,
    exchanges,
    kept_value,
    missing,
    no_receipt,
    shelves,
)
from rebond.insights.verification.table import PROMISES, Breaches, Promise, promise, sum_of
from rebond.kernel.clock import now
from rebond.kernel.models import Event

BEGINNINGS = ("return.requested", "return.split")
"""A return is asked for, or its pieces came with another one."""

__all__ = [
    "PROMISES",
    "Promise",
    "audit",
    "decisions",
    "documents",
    "elsewhere",
    "exchanges",
    "kept_value",
    "missing",
    "no_receipt",
    "promise",
    "shelves",
]


@promise("I1", "no payment is refunded beyond what was captured")
def refund_cap() -> Breaches:
    """The reserve on each payment is the sum of its live refunds, and at most what was captured."""
    live = sum_of(
        Refund.objects.filter(
            shop=OuterRef("shop"), payment=OuterRef("pk"), state__in=LIVE, is_outside=False
        ),
        "payment",
        "amount_minor",
    )
    wrong = Payment.objects.annotate(live=live).filter(
        ~Q(refund_reserved_minor=F("live")) | Q(refund_reserved_minor__gt=F("captured_minor"))
    )
    for payment in wrong.iterator():
        yield (
            f"payment {payment.pk}: reserved {payment.refund_reserved_minor}, "
            f"live refunds {payment.live}, captured {payment.captured_minor}"
        )


@promise("I3", "no refund is in limbo without a next look")
def no_limbo() -> Breaches:
    """A refund that was sent and not answered is looked at within 15 minutes, or by a person."""
    moment = now()
    unsure = Refund.objects.filter(
        state__in=[RefundState.SENDING, RefundState.UNKNOWN], needs_person=False
    )
    unwatched = unsure.filter(
        Q(next_check_at=None) | Q(next_check_at__gt=moment + timedelta(minutes=16))
    )
    for refund in unwatched.iterator():
        yield f"refund {refund.pk}: {refund.state}, next look {refund.next_check_at}"
    for refund in unsure.filter(started_at__lt=moment - timedelta(hours=26)).iterator():
        yield f"refund {refund.pk}: {refund.state} since {refund.started_at}, and no person asked"


@promise("I4", "no piece is returned twice, none that was not delivered")
def quantity_cap() -> Breaches:
    """The count on each order line is the sum of its standing return lines, not given back."""
    claimed = sum_of(
        ReturnLine.objects.filter(
            shop=OuterRef("shop"),
            order_line=OuterRef("pk"),
            rma__request_state__in=STANDING,
            is_given_back=False,
        ),
        "order_line",
        "quantity",
    )
    wrong = OrderLine.objects.annotate(claimed=claimed).filter(
        ~Q(returned_quantity=F("claimed"))
        | Q(returned_quantity__gt=F("delivered_quantity"))
        | Q(delivered_quantity__gt=F("quantity"))
    )
    for line in wrong.iterator():
        yield (
            f"order line {line.pk}: counted {line.returned_quantity}, in returns {line.claimed}, "
            f"delivered {line.delivered_quantity} of {line.quantity}"
        )


@promise("I5", "the parts of a refund add up, and no line gives back more than it cost")
def value_cap() -> Breaches:
    """Lines and charges less what is kept are the settlement; its refunds never exceed it.

    A goodwill payment belongs to no article, so that it has nothing to add up.
    """
    own = Settlement.objects.exclude(origin="import").annotate(
        lines_sum=sum_of(
            SettlementLine.objects.filter(shop=OuterRef("shop"), settlement=OuterRef("pk")),
            "settlement",
            "gross_minor",
        ),
        charges_sum=sum_of(
            SettlementCharge.objects.filter(shop=OuterRef("shop"), settlement=OuterRef("pk")),
            "settlement",
            "gross_minor",
        ),
        sent=sum_of(
            Refund.objects.filter(shop=OuterRef("shop"), settlement=OuterRef("pk"), state__in=LIVE),
            "settlement",
            "amount_minor",
        ),
    )
    wrong = own.filter(
        ~Q(gross_minor=F("lines_sum") + F("charges_sum") - F("kept_minor"))
        | Q(sent__gt=F("gross_minor"))
    )
    for settlement in wrong.iterator():
        if _has_goodwill(settlement) and settlement.sent <= settlement.gross_minor:
            continue
        yield (
            f"settlement {settlement.pk}: {settlement.gross_minor}, lines {settlement.lines_sum}, "
            f"charges {settlement.charges_sum}, kept {settlement.kept_minor}, "
            f"refunds {settlement.sent}"
        )
    given = sum_of(
        SettlementLine.objects.filter(
            shop=OuterRef("shop"), order_line=OuterRef("pk"), settlement__called_off_at=None
        ).exclude(settlement__origin="import"),
        "order_line",
        "gross_minor",
    )
    for line in (
        OrderLine.objects.annotate(given=given).filter(given__gt=F("total_minor")).iterator()
    ):
        yield f"order line {line.pk}: cost {line.total_minor}, gave back {line.given}"


def _has_goodwill(settlement: Any) -> bool:
    """Whether more was given without a return than its articles are worth, or no article at all.

    The decision keeps its own list of articles; a row that is missing is no gesture.
    """
    told = settlement.breakdown
    parts = [part for name in ("lines", "shipping", "fees") for part in told.get(name, [])]
    worth = sum(part["gross_minor"] for part in parts) - settlement.kept_minor
    is_written = settlement.lines_sum + settlement.charges_sum - settlement.kept_minor == worth
    is_free = settlement.origin in {"order", "outside"}
    return "lines" in told and is_free and is_written and worth <= settlement.gross_minor


@promise("I6", "money goes back in the currency and to the payment it came from")
def same_currency() -> Breaches:
    """A refund has the currency of its payment, and both belong to the settlement's order."""
    strange = Refund.objects.filter(
        ~Q(currency=F("payment__currency")) | ~Q(payment__order=F("settlement__order"))
    )
    for refund in strange.iterator():
        yield f"refund {refund.pk}: {refund.currency}, payment {refund.payment_id}"


@promise("I16", "a provider's message takes effect once")
def effects_once() -> Breaches:
    """A message is applied or parked, and says which."""
    for row in ProviderEvent.objects.exclude(applied_at=None).exclude(result="applied").iterator():
        yield f"provider message {row.pk}: applied, but its result says {row.result!r}"


@promise("I18", "refunds and returns are in states that the rules know")
def legal_states() -> Breaches:
    """An ended refund says when it ended; an open one does not."""
    ended = [s for s in RefundState if s not in UNDECIDED]
    for refund in Refund.objects.exclude(state__in=list(RefundState)).iterator():
        yield f"refund {refund.pk}: unknown state {refund.state!r}"
    for refund in Refund.objects.filter(state__in=ended, settled_at=None).iterator():
        yield f"refund {refund.pk}: {refund.state}, but nothing says when"
    for refund in Refund.objects.filter(state__in=UNDECIDED).exclude(settled_at=None).iterator():
        yield f"refund {refund.pk}: {refund.state}, but settled at {refund.settled_at}"
    gone = [s.value for s in STANDING]
    closed = Return.objects.exclude(request_state__in=gone).filter(closed_at=None)
    for rma in closed.iterator():
        yield f"return {rma.number} ({rma.pk}): {rma.request_state}, but nothing says when"


@promise("I19", "every change of state has its event")
def events_written() -> Breaches:
    """Each return of ours began with an event, each settled refund ended with one."""
    begun = Event.objects.filter(
        shop_id=OuterRef("shop_id"), subject=OuterRef("pk"), name__in=BEGINNINGS
    )
    untold = Return.objects.exclude(origin="import").filter(~Exists(begun))
    for rma in untold.iterator():
        yield f"return {rma.number} ({rma.pk}): no event says that it was requested"


@promise("I21", "the events of one thing are numbered without a gap")
def dense_events() -> Breaches:
    """Every thing's events count 1, 2, 3 …"""
    holes = (
        Event.objects.values("shop_id", "subject")
        .annotate(many=Count("id"), last=Max("sequence"))
        .exclude(many=F("last"))
    )
    for row in holes.iterator():
        yield f"events of {row['subject']}: {row['many']} of {row['last']}"
