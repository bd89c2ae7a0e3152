"""The one place that decides whether a document still fits into its invoice.

Credits of an order never exceed what was charged: in all, for each line and for each charge. One
conditional update on a counter decides, on every database and under any number of writers. Used
inside actions that hold the order. Source: CGI 289 I-5; docs/reference/documents.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Sum

from rebond.domain.credit_notes.errors import CreditsExceedInvoice
from rebond.domain.credit_notes.models import CreditNote, CreditNoteLine, CreditRoom
from rebond.domain.orders.models import Order, OrderCharge, OrderLine
from rebond.domain.refunds.models import Settlement, SettlementCharge, SettlementLine


@dataclass
class Used:
    """What was credited of one line or charge; ``taxes`` by rate."""

    quantity: int = 0
    gross_minor: int = 0
    taxes: dict[str, int] = field(default_factory=dict)

    def add(self, quantity: int, gross_minor: int, taxes: Mapping[str, int]) -> None:
        """Count a further credit."""
        self.quantity += quantity
        self.gross_minor += gross_minor
        for rate, tax in taxes.items():
            self.taxes[rate] = self.taxes.get(rate, 0) + tax


@dataclass(frozen=True)
class Standing:
    """All that was credited of an order, by the id of the line or charge.

    ``documented`` by documents of ours, ``elsewhere`` by documents of the shop from before,
    ``promised`` by settlements whose document has yet to come.
    """

    documented: dict[UUID, Used]
    elsewhere: dict[UUID, Used]
    promised: dict[UUID, Used]
    documented_minor: int
    elsewhere_minor: int
    promised_minor: int

    def used(self, source: UUID, *, with_promised: bool) -> Used:
        """What was credited of one line or charge in all."""
        total = Used()
        parts = [self.documented, self.elsewhere, *([self.promised] if with_promised else [])]
        for part in parts:
            if source in part:
                each = part[source]
                total.add(each.quantity, each.gross_minor, each.taxes)
        return total

    def used_minor(self, *, with_promised: bool) -> int:
        """What was credited of the whole order."""
        promised = self.promised_minor if with_promised else 0
        return self.documented_minor + self.elsewhere_minor + promised


@dataclass(frozen=True)
class Claim:
    """What a document is about to credit of one line or charge."""

    source: OrderLine | OrderCharge
    gross_minor: int


def standing_of(order: Order) -> Standing:
    """What was credited of ``order`` so far. A fixed number of queries."""
    documented: dict[UUID, Used] = {}
    ours = CreditNoteLine.objects.filter(shop_id=order.shop_id, credit_note__order=order)
    for row in ours:
        source = row.order_line_id or row.charge_id
        assert source is not None
        documented.setdefault(source, Used()).add(row.quantity, row.gross_minor, row.taxes)
    notes = CreditNote.objects.filter(shop_id=order.shop_id, order=order)
    settled = Settlement.objects.filter(shop_id=order.shop_id, order=order)
    elsewhere = list(settled.filter(origin="import").only("id", "gross_minor"))
    promised = list(
        settled.exclude(origin="import")
        .filter(credit_notes=None, without_document=None, called_off_at=None)
        .only("id", "gross_minor")
    )
    return Standing(
        documented=documented,
        elsewhere=_settled(order, elsewhere),
        promised=_settled(order, promised),
        documented_minor=notes.aggregate(all=Sum("gross_minor"))["all"] or 0,
        elsewhere_minor=sum(one.gross_minor for one in elsewhere),
        promised_minor=sum(one.gross_minor for one in promised),
    )


def _settled(order: Order, settlements: Sequence[Settlement]) -> dict[UUID, Used]:
    found: dict[UUID, Used] = {}
    if not settlements:
        return found
    theirs = {"shop_id": order.shop_id, "settlement__in": [one.pk for one in settlements]}
    for line in SettlementLine.objects.filter(**theirs):
        used = found.setdefault(line.order_line_id, Used())
        used.add(line.quantity, line.gross_minor, line.taxes)
    for charge in SettlementCharge.objects.filter(**theirs).select_related("charge"):
        used = found.setdefault(charge.charge_id, Used())
        used.add(0, charge.gross_minor, {charge.charge.tax_rate: charge.tax_minor})
    return found


def take_room(
    order: Order, claims: Sequence[Claim], total_minor: int, standing: Standing, *, by_hand: bool
) -> None:
    """Count ``claims`` and their sum as credited, or raise ``CreditsExceedInvoice``.

    A note by hand leaves room for the settlements whose documents have yet to come; the document
    of such a settlement takes that room.
    """
    rooms = _rooms(order, claims)
    for claim in claims:
        room = rooms.get(claim.source.pk)
        if room is None or not claim.gross_minor:
            continue
        beside = standing.elsewhere.get(claim.source.pk, Used()).gross_minor
        if by_hand:
            beside += standing.promised.get(claim.source.pk, Used()).gross_minor
        _count(order, room, claim.gross_minor, beside, what=_name(claim.source))
    beside = standing.elsewhere_minor + (standing.promised_minor if by_hand else 0)
    _count(order, rooms[order.pk], total_minor, beside, what="")


def _count(order: Order, room: CreditRoom, amount: int, beside: int, *, what: str) -> None:
    fits = CreditRoom.objects.filter(
        pk=room.pk, credited_minor__lte=F("limit_minor") - beside - amount
    ).update(credited_minor=F("credited_minor") + amount)
    if not fits:
        room.refresh_from_db()
        raise CreditsExceedInvoice(
            order=order.number,
            what=what,
            left_minor=max(0, room.limit_minor - room.credited_minor - beside),
            asked_minor=amount,
            currency=order.currency,
        )


def _rooms(order: Order, claims: Sequence[Claim]) -> dict[UUID, CreditRoom]:
    """The counter of the order and of each claimed line and charge, by its id; made if new.

    A negative charge has no counter of its own: only the sum of the order guards it.
    """
    wanted = {
        order.pk: CreditRoom(shop_id=order.shop_id, order=order, limit_minor=order.total_minor)
    }
    for claim in claims:
        source = claim.source
        if isinstance(source, OrderLine):
            limit, key = source.total_minor, {"order_line": source}
        else:
            limit, key = source.amount_minor, {"charge": source}  # type: ignore[dict-item]
        if limit >= 0:
            wanted[source.pk] = CreditRoom(
                shop_id=order.shop_id, order=order, limit_minor=limit, **key
            )
    ours = CreditRoom.objects.filter(shop_id=order.shop_id, order=order)
    known = {room.order_line_id or room.charge_id or order.pk: room for room in ours}
    missing = [room for source, room in wanted.items() if source not in known]
    CreditRoom.objects.bulk_create(missing)
    return known | {room.order_line_id or room.charge_id or order.pk: room for room in missing}


def _name(source: OrderLine | OrderCharge) -> str:
    return source.title
