"""What the desk shows about personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from rebond.domain.bank_transfers.models import Transfer, TransferState
from rebond.domain.exchanges.models import Exchange
from rebond.domain.exchanges.states import OPEN as EXCHANGES_OPEN
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.no_receipt.states import NoReceiptState
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.states import ReportState
from rebond.domain.privacy.keeping import months_of
from rebond.domain.privacy.models import PurgeReport
from rebond.domain.privacy.terms import TERMS
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.states import UNDECIDED
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shoppers.holdings import DataKind, Subject
from rebond.domain.shoppers.models import DataRequest, DataRequestState, RequestKind
from rebond.domain.shops.models import Shop

WAITING = (RequestState.REQUESTED, RequestState.NEEDS_INFO, RequestState.APPROVED)
UNPAID = (TransferState.WAITING, TransferState.IN_FILE, TransferState.AT_BANK)
MOST_NAMED = 10


@dataclass(frozen=True)
class Kept:
    """How long one kind of data is kept, by default, and at least."""

    kind: DataKind
    months: int
    usual: int
    least: int
    rule: str


def kept_by(shop: Shop) -> Sequence[Kept]:
    """One row for each kind of data."""
    months = months_of(shop)
    return [
        Kept(kind, months[kind], term.months, term.least, term.rule) for kind, term in TERMS.items()
    ]


def requests_of(shop: Shop) -> QuerySet[DataRequest]:
    """Open requests by their day."""
    rows = DataRequest.objects.filter(shop=shop, state=DataRequestState.OPEN)
    return rows.order_by("due_on", "id")


def answered_requests(shop: Shop) -> QuerySet[DataRequest]:
    """Those that were answered, the newest first."""
    rows = DataRequest.objects.filter(shop=shop).exclude(state=DataRequestState.OPEN)
    return rows.order_by("-ended_at", "-id")


def last_purge(shop: Shop) -> PurgeReport | None:
    """The last removal that came to its end."""
    done = PurgeReport.objects.filter(shop=shop, ended_at__isnull=False)
    return done.order_by("-begun_at").first()


def open_matters(subject: Subject) -> list[str]:
    """Numbers of returns and orders with something unfinished: erasing waits for them.

    ``copy`` among them is a copy of their data that they asked for and did not get yet.
    """
    shop, people = subject.shop_id, subject.shoppers
    mine = Q(shopper__in=people) | Q(order__shopper__in=people)
    numbers = list(
        Return.objects.filter(mine, shop=shop, request_state__in=WAITING)
        .order_by("id")
        .values_list("number", flat=True)[:MOST_NAMED]
    )
    numbers += Exchange.objects.filter(
        shop=shop, state__in=EXCHANGES_OPEN, rma__shopper__in=people
    ).values_list("rma__number", flat=True)[:MOST_NAMED]
    numbers += Refund.objects.filter(
        shop=shop, state__in=UNDECIDED, settlement__order__shopper__in=people
    ).values_list("settlement__order__number", flat=True)[:MOST_NAMED]
    numbers += Transfer.objects.filter(
        shop=shop, state__in=UNPAID, account__shopper__in=people
    ).values_list("payment_reference", flat=True)[:MOST_NAMED]
    numbers += NoReceiptReturn.objects.filter(
        shop=shop, state=NoReceiptState.WAITING, shopper__in=people
    ).values_list("number", flat=True)[:MOST_NAMED]
    reports = NonDelivery.objects.filter(shop=shop, order__shopper__in=people)
    numbers += reports.exclude(state=ReportState.CLOSED).values_list("number", flat=True)[
        :MOST_NAMED
    ]
    copies = DataRequest.objects.filter(
        shop=shop, kind=RequestKind.COPY, state=DataRequestState.OPEN, email=subject.mailbox
    )
    numbers += ["copy"] if copies.exists() else []
    return list(dict.fromkeys(numbers))[:MOST_NAMED]
