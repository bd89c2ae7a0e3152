"""Puts our refunds beside the provider's list, day by day of the shop, and finds what differs.

Source: docs/reference/reconciliation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.models import (
    Attempt,
    Differs,
    OutsideRefund,
    OutsideState,
    PayoutHold,
    ReconciliationReport,
    Refund,
)
from rebond.domain.refunds.ports import KnownRefund, Outcome, payment_providers
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.truth import DEAD
from rebond.domain.refunds.ways import OWN_BOOKS, Way
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import local_date

# Providers show a refund late (PayPal up to three hours), and a day is over at midnight.
COMPARED_FROM = time(4)
GRACE = timedelta(hours=4)
# Asked for beyond both ends, so that no clock decides on which side of midnight a refund stands.
MARGIN = timedelta(hours=36)
# Looked at again each night: what was paid may fail days later.
OVERLAP = timedelta(days=10)
LONGEST_WAIT = timedelta(days=60)
FARTHEST_BACK = timedelta(days=400)
AT_ONCE = 500


@dataclass(frozen=True)
class Days:
    """From the ``first`` day of the shop to the ``last``, both inside."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)


@dataclass(frozen=True)
class Known:
    """The time of which a provider's list tells everything."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Entry:
    """One refund as both sides have it. ``kind`` None: they agree. Minor units of ``currency``."""

    day: date
    currency: str
    subject: str
    kind: Differs | None = None
    ours_minor: int = 0
    theirs_minor: int = 0
    ours_state: str = ""
    theirs_state: str = ""
    refund: Refund | None = None
    outside: OutsideRefund | None = None
    payment_reference: str = ""


def compared_providers(shop: Shop) -> list[str]:
    """Every provider whose books are not ours, and through which money of the shop came or went."""
    return [key for key in used_providers(shop) if key not in OWN_BOOKS]


def forgetful_providers(shop: Shop) -> list[str]:
    """Every provider that may have paid what a restored backup does not know.

    The books of credit and cards are in the backup themselves. Files for the bank are too, but
    what the bank did with them is not.
    """
    used = used_providers(shop)
    return [key for key in used if key not in OWN_BOOKS - {Way.BANK}]


def used_providers(shop: Shop) -> list[str]:
    """Every provider that pays by itself and that a payment or a refund of the shop names."""
    paid = Payment.objects.filter(shop=shop).order_by().values_list("provider", flat=True)
    sent = Refund.objects.filter(shop=shop).order_by().values_list("provider", flat=True)
    named = set(paid.distinct()) | set(sent.distinct())
    known = [key for key in named if key in payment_providers]
    return sorted(key for key in known if not payment_providers[key].is_manual)


def days_due(shop: Shop, provider: str, moment: datetime) -> Days | None:
    """The days to compare now: those missing, and those that may still change; None: nothing.

    While a restored backup holds payouts, everything since it up to this moment.
    """
    zone = ZoneInfo(shop.time_zone)
    here = moment.astimezone(zone)
    is_over = timedelta(days=1 if here.time() >= COMPARED_FROM else 2)
    last = here.date() - is_over
    made = ReconciliationReport.objects.filter(shop=shop, provider=provider)
    if payment_providers[provider].can_be_asked:
        made = made.filter(was_asked=True)
    latest = made.order_by("-day").values_list("day", flat=True).first()
    hold = PayoutHold.objects.filter(shop=shop, provider=provider, lifted_at=None).first()
    if hold is not None and payment_providers[provider].can_be_asked:
        first = local_date(hold.since, shop.time_zone) - timedelta(days=1)
        return Days(max(first, last - FARTHEST_BACK), here.date())
    if latest is not None and latest >= last:
        return None
    first = last - OVERLAP if latest is None else min(latest + timedelta(days=1), last) - OVERLAP
    return Days(max(first, last - FARTHEST_BACK), last)


def moments_of(days: Days, zone: str, moment: datetime) -> tuple[datetime, datetime]:
    """From when until when to ask for ``days``, a margin on both sides, nothing from the future."""
    place = ZoneInfo(zone)
    begin = datetime.combine(days.first, time(), place) - MARGIN
    end = datetime.combine(days.last + timedelta(days=1), time(), place) + MARGIN
    return begin, min(end, moment)


def news_in(shop: Shop, provider: str, listed: Sequence[KnownRefund]) -> list[KnownRefund]:
    """Those of ``listed`` that say something else than we know, so that they have to be taken."""
    found = []
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        books = _Books(shop, provider, some)
        found += [known for known in some if not books.agree(known)]
    return found


def entries_of(
    shop: Shop, provider: str, listed: Sequence[KnownRefund], days: Days, moment: datetime
) -> list[Entry]:
    """Every refund of ``days`` on either side, each once."""
    entries: list[Entry] = []
    seen: set[object] = set()
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        books = _Books(shop, provider, some)
        for known in some:
            refund = books.refund_of(known)
            if refund is not None:
                seen.add(refund.pk)
            made_at = known.made_at or (refund.started_at if refund else moment)
            day = local_date(made_at, shop.time_zone)
            if day in days:
                entries += _pair(day, known, refund, books.outside.get(known.reference))
    ours = _sent(shop, provider, days, moment)
    entries += [
        Entry(
            local_date(sent_at, shop.time_zone),
            refund.currency,
            refund.provider_reference or str(refund.pk),
            Differs.OURS_ONLY,
            ours_minor=refund.amount_minor,
            ours_state=refund.state,
            refund=refund,
            payment_reference=refund.payment.reference,
        )
        for refund, sent_at in ours
        if refund.pk not in seen
    ]
    return entries


def own_entries(shop: Shop, provider: str, days: Days, moment: datetime) -> list[Entry]:
    """Our side alone, for a provider that cannot be asked."""
    return [
        Entry(
            local_date(sent_at, shop.time_zone),
            refund.currency,
            str(refund.pk),
            ours_minor=refund.amount_minor,
        )
        for refund, sent_at in _sent(shop, provider, days, moment)
    ]


class _Books:
    """What we know of some refunds that a provider lists, read in a fixed number of queries."""

    def __init__(self, shop: Shop, provider: str, listed: Iterable[KnownRefund]) -> None:
        names = [known.reference for known in listed]
        ids = [known.refund_id for known in listed if known.refund_id is not None]
        mine = Refund.objects.filter(shop=shop, provider=provider).select_related("payment")
        self.by_id = {refund.pk: refund for refund in mine.filter(pk__in=ids)}
        self.by_name = {
            refund.provider_reference: refund
            for refund in mine.filter(provider_reference__in=names).exclude(provider_reference="")
        }
        elsewhere = OutsideRefund.objects.filter(shop=shop, provider=provider)
        self.outside = {
            row.provider_reference: row for row in elsewhere.filter(provider_reference__in=names)
        }

    def refund_of(self, known: KnownRefund) -> Refund | None:
        """The refund of ours that ``known`` is: by its own name first, then by our reference.

        A further payout under our reference is not that refund, and one that failed neither.
        """
        named = self.by_name.get(known.reference)
        if named is not None:
            return named
        ours = self.by_id.get(known.refund_id) if known.refund_id else None
        is_another = ours is not None and ours.provider_reference not in {"", known.reference}
        return None if is_another or known.reference in self.outside else ours

    def agree(self, known: KnownRefund) -> bool:
        """Whether ``known`` says nothing new."""
        outside = self.outside.get(known.reference)
        if outside is not None:
            is_gone = outside.state == OutsideState.GONE
            has_failed = known.answer.outcome is Outcome.REFUSED
            return outside.payment_id is not None and is_gone is has_failed
        refund = self.refund_of(known)
        if refund is None:
            return False
        match known.answer.outcome:
            case Outcome.SUCCEEDED:
                return refund.state == RefundState.SUCCEEDED
            case Outcome.REFUSED:
                return refund.state in DEAD
        return refund.state == RefundState.PENDING


def _pair(
    day: date, known: KnownRefund, refund: Refund | None, outside: OutsideRefund | None
) -> list[Entry]:
    theirs = known.amount.minor if known.answer.outcome is Outcome.SUCCEEDED else 0
    ours = refund.amount_minor if refund and refund.state == RefundState.SUCCEEDED else 0
    plain = Entry(
        day,
        known.amount.currency,
        known.reference,
        ours_minor=ours,
        theirs_minor=theirs,
        ours_state=refund.state if refund else "",
        theirs_state=known.answer.outcome.value,
        refund=refund,
        outside=outside,
        payment_reference=known.payment_reference,
    )
    if refund is not None and refund.currency != known.amount.currency:
        return [
            *_alone(plain, refund.currency, Differs.AMOUNT, ours=ours, theirs=0),
            *_alone(plain, known.amount.currency, Differs.AMOUNT, ours=0, theirs=theirs),
        ]
    return _alone(
        plain, known.amount.currency, _kind(known, refund, ours, theirs), ours=ours, theirs=theirs
    )


def _kind(known: KnownRefund, refund: Refund | None, ours: int, theirs: int) -> Differs | None:
    if ours == theirs:
        return None
    if refund is None:
        return Differs.THEIRS_ONLY
    return Differs.AMOUNT if refund.amount_minor != known.amount.minor else Differs.STATE


def _alone(
    plain: Entry, currency: str, kind: Differs | None, *, ours: int, theirs: int
) -> list[Entry]:
    if not ours and not theirs:
        return []
    return [
        Entry(
            plain.day,
            currency,
            plain.subject,
            kind,
            ours_minor=ours,
            theirs_minor=theirs,
            ours_state=plain.ours_state,
            theirs_state=plain.theirs_state,
            refund=plain.refund,
            outside=plain.outside,
            payment_reference=plain.payment_reference,
        )
    ]


def _sent(shop: Shop, provider: str, days: Days, moment: datetime) -> list[tuple[Refund, datetime]]:
    """Refunds of ours that succeeded and were asked for on one of ``days``, with that moment.

    What somebody paid by hand in place of the provider is none of the provider's; what has just
    been sent need not be listed yet.
    """
    begin, end = moments_of(days, shop.time_zone, moment)
    asked = Attempt.objects.filter(
        shop_id=OuterRef("shop_id"), refund=OuterRef("pk"), kind="send"
    ).order_by("number")
    rows = (
        Refund.objects.filter(
            shop=shop,
            provider=provider,
            state=RefundState.SUCCEEDED,
            paid_on=None,
            started_at__gte=begin - LONGEST_WAIT,
            started_at__lt=end,
        )
        .exclude(is_outside=True, provider_reference="")
        .select_related("payment")
        .annotate(sent_at=Coalesce(Subquery(asked.values("started_at")[:1]), "started_at"))
    )
    return [
        (row, row.sent_at)
        for row in rows
        if row.sent_at <= moment - GRACE and local_date(row.sent_at, shop.time_zone) in days
    ]
