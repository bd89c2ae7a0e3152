"""Gathers what detectors look at: a fixed number of queries, however long the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum

from rebond.domain.bank_transfers.models import BankAccount
from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.models import Lot
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.orders.models import Order, OrderLine, Payment
from rebond.domain.orders.new import TEST_SOURCE
from rebond.domain.orders.serials import plain_serial
from rebond.domain.refunds.models import Dispute
from rebond.domain.returns.models import Photo, ReasonFamily, Return, ReturnLine
from rebond.domain.returns.states import InspectionState, MoneyState, ParcelState
from rebond.domain.shipping.models import Label, Parcel
from rebond.domain.shipping.states import LabelState
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Staff
from rebond.domain.signals.facts import PastOrder, PastReturn, SignalFacts
from rebond.domain.signals.judging import Bounds, judge
from rebond.domain.signals.kinds import Found, MarkKind
from rebond.domain.signals.marks import marks_of
from rebond.domain.signals.models import Mark, SignalSettings, Verdict
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Inspection, Receipt
from rebond.kernel.clock import local_date

MEMORY = timedelta(days=1095)
MOST_ROWS = 500
MOST_LINKED = 50
PAID = frozenset({MoneyState.SENT, MoneyState.PENDING, MoneyState.SUCCEEDED})
NOT_RECEIVED = frozenset({"not_received", "never_arrived", "lost_in_post", "item_not_received"})
"""Codes of reasons that say so, of a shop's own or in the words of another system."""


@dataclass(frozen=True)
class Linked:
    """Other accounts that belong together with one, by what they share.

    One mailbox is one person: guests get an account with each order.
    """

    same_person: frozenset[UUID] = frozenset()
    by_contact: frozenset[UUID] = frozenset()
    by_account: frozenset[UUID] = frozenset()
    by_payment: frozenset[UUID] = frozenset()

    @property
    def everyone(self) -> frozenset[UUID]:
        """Those whose history counts too. One payment for two people is no family."""
        return self.same_person | self.by_contact | self.by_account


@dataclass
class _Lines:
    """What the lines of one return add up to."""

    value_minor: int = 0
    is_personal: bool = True
    is_fault_claim: bool = False
    says_not_received: bool = False
    worn: int = 0
    missing: int = 0
    skus: set[str] = field(default_factory=set)


def level_before_request(order: Order, asked_at: datetime) -> str:
    """How closely a request for ``order`` should be looked at, by its history alone."""
    facts = gather(order.shopper, order=order, rma=None, moment=asked_at)
    return judge(facts, bounds_in(order.shop_id), only_history=True).level


def bounds_in(shop_id: UUID) -> Bounds:
    """What the shop set, or the defaults."""
    row = SignalSettings.objects.filter(shop_id=shop_id).first()
    if row is None:
        return Bounds()
    return Bounds(row.numbers, frozenset(row.off), row.look_from, row.careful_from)


def gather(
    shopper: Shopper, *, order: Order | None, rma: Return | None, moment: datetime
) -> SignalFacts:
    """What is known at ``moment`` of ``shopper``, and of ``rma`` where there is one."""
    shop_id = shopper.shop_id
    linked = _linked(shopper, order)
    own = frozenset({shopper.pk, *linked.same_person})
    people = [shopper.pk, *linked.everyone]
    rows = _returns(shop_id, people, rma, moment)
    lines = _lines([row.pk for row in rows] + ([rma.pk] if rma else []), shop_id)
    labels = _labels_without_goods([row.pk for row in rows], shop_id)
    zone = shopper.shop.time_zone
    waiting = _waiting([rma.pk], shop_id, moment) if rma else {}
    this = lines.get(rma.pk, _Lines()) if rma else _Lines()
    honest = {row.pk for row in rows if row.found == Found.HONEST}
    payments = _payments(order)
    return SignalFacts(
        returns=tuple(
            replace(
                _past_return(row, lines.get(row.pk, _Lines()), own, moment, zone),
                labels_without_goods=labels.get(row.pk, 0),
            )
            for row in rows
            if row.pk not in honest
        ),
        orders=_orders(shop_id, people, own, moment, _pieces_left_out(honest, rma, shop_id)),
        linked=len(linked.by_contact),
        shared_account=len(linked.by_account),
        shared_payment=len(linked.by_payment),
        account_days=_account_days(shop_id, own, moment),
        bonus_days=_bonus_days(shop_id, own, moment),
        dispute_days=_dispute_days(shop_id, people, order, moment),
        is_disputed=any(payment.is_disputed for payment in payments),
        refunded_elsewhere_minor=sum(payment.refunded_outside_minor for payment in payments),
        same_photos=_same_photos(rma) if rma else 0,
        cheaper_again=_cheaper_again(rma, order, people) if rma and order else 0,
        is_colleague=_is_colleague(shopper, order),
        missing=this.missing,
        is_empty=bool(rma and this.missing and _is_empty(rma)),
        waits_days=waiting.get(rma.pk) if rma else None,
        weighed_percent=_weighed_percent(rma) if rma else None,
        other_serials=_other_serials(rma) if rma else 0,
        missing_days=_missing_days(shop_id, people, moment),
    )


def _missing_days(shop_id: UUID, people: Iterable[UUID], moment: datetime) -> tuple[int, ...]:
    """How many days ago each report of goods that never arrived was made."""
    rows = NonDelivery.objects.filter(
        shop_id=shop_id,
        order__shopper__in=list(people),
        reported_at__lte=moment,
        reported_at__gt=moment - MEMORY,
    ).order_by("-reported_at")
    days = rows.values_list("reported_at", flat=True)[:MOST_ROWS]
    return tuple((moment - at).days for at in days)


def _linked(shopper: Shopper, order: Order | None) -> Linked:
    """Other accounts with the same marks; two more queries for bank accounts and payments."""
    shop_id = shopper.shop_id
    mine = {kind: mark for kind, mark in marks_of(shopper).items() if kind != MarkKind.READ}
    accounts = Mark.objects.filter(shop_id=shop_id, shopper=shopper, kind=MarkKind.ACCOUNT)
    same = Q(kind=MarkKind.ACCOUNT, mark__in=accounts.values("mark"))
    for known, value in mine.items():
        same |= Q(kind=known, mark=value)
    rows = Mark.objects.filter(same, shop_id=shop_id).exclude(shopper=shopper)
    same_mail = Shopper.objects.filter(shop_id=shop_id, email_key=shopper.email_key or None)
    person = set(same_mail.exclude(pk=shopper.pk).values_list("pk", flat=True)[:MOST_LINKED])
    found: dict[bool, set[UUID]] = {True: set(), False: set()}
    pairs = rows.order_by("shopper_id").values_list("kind", "shopper_id").distinct()
    for kind, other in pairs[: 4 * MOST_LINKED]:
        if kind == MarkKind.MAIL:
            person.add(other)
        else:
            found[kind == MarkKind.ACCOUNT].add(other)
    return Linked(
        frozenset(sorted(person)[:MOST_LINKED]),
        frozenset(sorted(found[False] - person)[:MOST_LINKED]),
        frozenset(sorted(found[True] - person)[:MOST_LINKED]),
        frozenset(_by_payment(shopper, order) - person),
    )


def _by_payment(shopper: Shopper, order: Order | None) -> frozenset[UUID]:
    if order is None:
        return frozenset()
    mine = Payment.objects.filter(shop_id=shopper.shop_id, order=order).exclude(reference="")
    same = Payment.objects.filter(
        Exists(mine.filter(provider=OuterRef("provider"), reference=OuterRef("reference"))),
        shop_id=shopper.shop_id,
        reference__in=mine.values("reference"),
    )
    others = same.exclude(order__shopper=shopper).values_list("order__shopper_id", flat=True)
    return frozenset(others.distinct()[:MOST_LINKED])


def _returns(
    shop_id: UUID, people: Iterable[UUID], rma: Return | None, moment: datetime
) -> list[Any]:
    latest = Verdict.objects.filter(shop_id=shop_id, rma=OuterRef("pk"), is_latest=True)
    rows = (
        Return.objects.standing()
        .filter(shop_id=shop_id, shopper__in=list(people), requested_at__lte=moment)
        .filter(requested_at__gt=moment - MEMORY)
        .annotate(found=Subquery(latest.values("found")[:1]))
        .annotate(last_day=F("terms__terms__last_day"))
        .defer("terms", "comment", "decline_note")
        .order_by("-requested_at", "-id")
    )
    if rma is not None:
        rows = rows.exclude(pk=rma.pk)
    return list(rows[:MOST_ROWS])


def _lines(rma_ids: list[UUID], shop_id: UUID) -> dict[UUID, _Lines]:
    """What the lines of each return add up to: two queries."""
    found: dict[UUID, _Lines] = defaultdict(_Lines)
    rows = ReturnLine.objects.filter(shop_id=shop_id, rma__in=rma_ids).values_list(
        "rma_id",
        "sku",
        "quantity",
        "order_line__total_minor",
        "order_line__quantity",
        "reason__family",
        "reason__is_our_fault",
        "reason__code",
    )
    for rma_id, sku, quantity, total, bought, family, is_fault, code in rows:
        sums = found[rma_id]
        sums.skus.add(sku)
        sums.value_minor += max(0, (total or 0) * quantity // max(1, bought or 1))
        sums.is_personal &= family == ReasonFamily.PERSONAL
        sums.is_fault_claim |= bool(is_fault)
        sums.says_not_received |= code in NOT_RECEIVED
    graded = (
        Inspection.objects.filter(shop_id=shop_id, line__rma__in=rma_ids)
        .values_list("line__rma_id", "grade")
        .annotate(pieces=Sum("quantity"))
    )
    for rma_id, grade, pieces in graded:
        if grade == Grade.MISSING:
            found[rma_id].missing += pieces
        elif grade in {Grade.C, Grade.D}:
            found[rma_id].worn += pieces
    return found


def _waiting(rma_ids: list[UUID], shop_id: UUID, moment: datetime) -> dict[UUID, int]:
    """Days since the carrier delivered what the warehouse has not booked, by return."""
    rows = Parcel.objects.filter(
        shop_id=shop_id, rma__in=rma_ids, delivered_at__isnull=False, received_at=None
    ).values_list("rma_id", "delivered_at")
    return {rma_id: (moment - at).days for rma_id, at in rows if at is not None}


def _labels_without_goods(rma_ids: list[UUID], shop_id: UUID) -> dict[UUID, int]:
    """Labels that were made and whose parcel never came, by return."""
    rows = (
        Label.objects.filter(
            shop_id=shop_id,
            state=LabelState.READY,
            parcel__rma__in=rma_ids,
            parcel__received_at=None,
            parcel__delivered_at=None,
        )
        .exclude(parcel__rma__parcel_state=ParcelState.RECEIVED)
        .values_list("parcel__rma")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


def _weighed_percent(rma: Return) -> int | None:
    """The parcel of ``rma`` that weighs most unlike its articles, in percent of them."""
    parcels = Parcel.objects.filter(
        shop_id=rma.shop_id, rma=rma, weight_grams__gt=0, weighed_grams__isnull=False
    )
    shares = [
        parcel.weighed_grams * 100 // parcel.weight_grams
        for parcel in parcels
        if parcel.weight_differs and parcel.weighed_grams is not None and parcel.weight_grams
    ]
    return max(shares, key=lambda share: abs(share - 100), default=None)


def _past_return(
    row: Any, sums: _Lines, own: frozenset[UUID], moment: datetime, zone: str
) -> PastReturn:
    asked_on = local_date(row.requested_at, zone)
    return PastReturn(
        days_ago=(moment - row.requested_at).days,
        is_own=row.shopper_id in own,
        value_minor=sums.value_minor,
        is_personal=sums.is_personal,
        is_fault_claim=sums.is_fault_claim,
        says_not_received=sums.says_not_received,
        keeps_goods=row.keeps_goods,
        is_paid=row.money_state in PAID,
        is_received=row.parcel_state == ParcelState.RECEIVED
        or row.inspection_state != InspectionState.AWAITING,
        worn=sums.worn,
        missing=sums.missing,
        days_left=(date.fromisoformat(row.last_day) - asked_on).days if row.last_day else None,
        is_fraud=row.found == Found.FRAUD,
    )


def _pieces_left_out(
    honest: set[UUID], rma: Return | None, shop_id: UUID
) -> dict[UUID, tuple[int, int]]:
    """Pieces and value, by order, of returns that do not count: found honest, or this one."""
    ids = [*honest, *([rma.pk] if rma else [])]
    rows = ReturnLine.objects.filter(
        shop_id=shop_id, rma__in=ids, order_line__isnull=False
    ).values_list(
        "order_line__order_id", "quantity", "order_line__total_minor", "order_line__quantity"
    )
    found: dict[UUID, tuple[int, int]] = {}
    for order_id, quantity, total, bought in rows:
        pieces, minor = found.get(order_id, (0, 0))
        value = max(0, total) * quantity // max(1, bought)
        found[order_id] = (pieces + quantity, minor + value)
    return found


def _orders(
    shop_id: UUID,
    people: Iterable[UUID],
    own: frozenset[UUID],
    moment: datetime,
    left_out: dict[UUID, tuple[int, int]],
) -> tuple[PastOrder, ...]:
    """Orders with how much of them came back: two queries."""
    rows = list(
        Order.objects.filter(shop_id=shop_id, shopper__in=list(people), ordered_at__lte=moment)
        .filter(ordered_at__gt=moment - MEMORY)
        .order_by("-ordered_at", "-id")
        .values_list("pk", "shopper_id", "ordered_at")[:MOST_ROWS]
    )
    lines = OrderLine.objects.filter(shop_id=shop_id, order__in=[pk for pk, *_ in rows])
    sums: dict[UUID, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for order_id, quantity, returned, total in lines.values_list(
        "order_id", "quantity", "returned_quantity", "total_minor"
    ):
        value = max(0, total)
        of = sums[order_id]
        of[0] += quantity
        of[1] += returned
        of[2] += value
        of[3] += value * returned // max(1, quantity)
    found = []
    for pk, owner, at in rows:
        pieces, returned, value, back = sums[pk]
        less_pieces, less_minor = left_out.get(pk, (0, 0))
        found.append(
            PastOrder(
                days_ago=(moment - at).days,
                is_own=owner in own,
                pieces=pieces,
                returned=max(0, returned - less_pieces),
                value_minor=value,
                returned_minor=max(0, back - less_minor),
            )
        )
    return tuple(found)


def _payments(order: Order | None) -> list[Payment]:
    if order is None:
        return []
    return list(Payment.objects.filter(shop_id=order.shop_id, order=order))


def _account_days(shop_id: UUID, own: frozenset[UUID], moment: datetime) -> int | None:
    rows = BankAccount.objects.filter(shop_id=shop_id, shopper__in=own, given_at__lte=moment)
    newest = rows.order_by("-given_at").values_list("given_at", flat=True).first()
    return (moment - newest).days if newest is not None else None


def _bonus_days(shop_id: UUID, own: frozenset[UUID], moment: datetime) -> tuple[int, ...]:
    lots = Lot.objects.filter(
        shop_id=shop_id,
        account__kind=AccountKind.STORE_CREDIT,
        account__owner__in=own,
        bonus_minor__gt=0,
        opened_at__gt=moment - MEMORY,
    ).order_by("-opened_at")
    opened = lots.values_list("opened_at", flat=True)[:MOST_ROWS]
    return tuple((moment - at).days for at in opened)


def _dispute_days(
    shop_id: UUID, people: Iterable[UUID], order: Order | None, moment: datetime
) -> tuple[int, ...]:
    """Days since each earlier dispute; those that the shop lost nothing by count too."""
    rows = Dispute.objects.filter(
        shop_id=shop_id,
        payment__order__shopper__in=list(people),
        opened_at__gt=moment - MEMORY,
        opened_at__lte=moment,
    )
    if order is not None:
        rows = rows.exclude(payment__order=order)
    opened = rows.order_by("-opened_at").values_list("opened_at", flat=True)[:MOST_ROWS]
    return tuple((moment - at).days for at in opened)


def _same_photos(rma: Return) -> int:
    """How many of the shopper's pictures are byte for byte those of another return."""
    mine = Photo.objects.filter(shop_id=rma.shop_id, rma=rma, taken_by="shopper")
    others = Photo.objects.filter(shop_id=rma.shop_id, sha256__in=mine.values("sha256"))
    counted = others.exclude(rma=rma).aggregate(n=Count("sha256", distinct=True))
    return int(counted["n"])


def _cheaper_again(rma: Return, order: Order, people: Iterable[UUID]) -> int:
    """Articles of ``rma`` bought again for less, after its order and before it was asked for."""
    mine = rma.lines.filter(order_line__isnull=False, order_line__quantity__gt=0).annotate(
        each=F("order_line__total_minor") / F("order_line__quantity")
    )
    paid = dict(mine.values_list("sku", "each"))
    again = OrderLine.objects.filter(
        shop_id=rma.shop_id,
        sku__in=list(paid),
        order__shopper__in=list(people),
        order__ordered_at__gt=order.ordered_at,
        order__ordered_at__lte=rma.requested_at,
        order__currency=order.currency,
        quantity__gt=0,
        returned_quantity__lt=F("quantity"),
    ).values_list("sku", "total_minor", "quantity")
    return len({sku for sku, total, pieces in again if total // pieces < paid[sku]})


def _is_colleague(shopper: Shopper, order: Order | None) -> bool:
    if not shopper.email_key or (order is not None and order.source == TEST_SOURCE):
        return False
    return Staff.objects.filter(
        shop_id=shopper.shop_id, user__email=shopper.email_key, is_active=True
    ).exists()


def _other_serials(rma: Return) -> int:
    """Pieces of ``rma`` whose serial number was not sold, where all that were are known."""
    rows = Inspection.objects.filter(shop_id=rma.shop_id, line__rma=rma).exclude(serials=[])
    found = 0
    for came, sold, pieces in rows.values_list(
        "serials", "line__order_line__serials", "line__order_line__quantity"
    ):
        if sold and len(sold) >= pieces:
            known = {plain_serial(one) for one in sold}
            found += sum(plain_serial(one) not in known for one in came)
    return found


def _is_empty(rma: Return) -> bool:
    """Whether parcels came and none of them held a piece."""
    counts = list(Receipt.objects.filter(shop_id=rma.shop_id, rma=rma).values_list("counts"))
    return bool(counts) and not any(sum(booked.values()) for (booked,) in counts)
