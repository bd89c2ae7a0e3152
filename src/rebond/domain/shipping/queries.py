"""Which parcels and labels the clock asks for, and what screens show of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import MoneyState, ParcelState, RequestState
from rebond.domain.shipping.methods import takes_our_label
from rebond.domain.shipping.models import (
    Label,
    Parcel,
    ReturnSlip,
    SendingReminder,
    ShippingTerms,
    StockLabel,
    TrackingEvent,
)
from rebond.domain.shipping.sharing import is_guest
from rebond.domain.shipping.slip_codes import code_in
from rebond.domain.shipping.states import OVER, LabelState
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import local_date

USUAL_LOST_AFTER = 10
POLLED_AT_MOST = 200
LOOKED_AT_MOST = 2000
LOOKED_BACK = 60
MOST_PRINTED = 200


def labels_in_stock(shop: Shop) -> int:
    """How many prepaid labels are left."""
    return StockLabel.objects.filter(shop=shop, taken_by=None).count()


def labels_to_look_up(moment: datetime, limit: int) -> list[Label]:
    """Labels of all shops whose fate is to be found out by now."""
    due = Label.objects.filter(next_look_at__lte=moment).select_related("shop")
    return list(due.order_by("next_look_at")[:limit])


def silent_parcels(moment: datetime) -> list[tuple[Parcel, datetime]]:
    """Parcels of all shops without a report for too long, each with the end of its patience."""
    patience = dict(ShippingTerms.objects.values_list("shop_id", "lost_after_days"))
    under_way = Parcel.objects.filter(
        state=ParcelState.IN_TRANSIT, handed_in_at__isnull=False, claims=None
    ).exclude(tracking_key="")
    found = []
    for parcel in under_way.order_by("handed_in_at")[:1000]:
        days = patience.get(parcel.shop_id, USUAL_LOST_AFTER)
        end = moment - timedelta(days=days)
        if (parcel.last_scan_at or parcel.handed_in_at or moment) <= end:
            found.append((parcel, end))
    return found


def waits_for_goods(rma: Return) -> bool:
    """Whether the return is accepted and its goods were neither sent nor need to be."""
    return (
        rma.request_state == RequestState.APPROVED
        and rma.parcel_state in _UNSENT
        and not rma.keeps_goods
    )


_UNSENT = (ParcelState.NONE, ParcelState.ANNOUNCED)


@dataclass(frozen=True)
class Unsent:
    """A return whose goods are waited for: since when, and until when, if that has an end."""

    rma: Return
    since: datetime
    ends_on: date | None


def unsent_returns(shop: Shop, terms: ShippingTerms, moment: datetime) -> list[Unsent]:
    """Returns of ``shop`` that are due for a reminder or are waited for no longer."""
    if not terms.remind_after_days and not terms.expire_after_days:
        return []
    first = terms.remind_after_days or terms.expire_after_days
    rows = Return.objects.filter(
        shop=shop,
        request_state=RequestState.APPROVED,
        parcel_state__in=_UNSENT,
        money_state=MoneyState.NONE,
        decided_at__lte=moment - timedelta(days=first),
        decided_at__gte=moment - timedelta(days=terms.expire_after_days + LOOKED_BACK),
    )
    found = []
    for rma in rows.order_by("-requested_at", "-id")[:LOOKED_AT_MOST]:
        if rma.keeps_goods or rma.decided_at is None:
            continue
        ends = bool(terms.expire_after_days) and not rma.is_withdrawal
        last = rma.decided_at + timedelta(days=terms.expire_after_days)
        ends_on = local_date(last, shop.time_zone) if ends else None
        found.append(Unsent(rma, rma.decided_at, ends_on))
    return found


def reminders_of(shop: Shop, rma_ids: list[UUID]) -> dict[UUID, dict[int, datetime]]:
    """When these returns were reminded, by return and turn."""
    found: dict[UUID, dict[int, datetime]] = {}
    rows = SendingReminder.objects.filter(shop=shop, rma_id__in=rma_ids)
    for rma_id, turn, at in rows.values_list("rma_id", "turn", "at"):
        found.setdefault(rma_id, {})[turn] = at
    return found


def parcels_to_ask_about(keys: list[str]) -> list[Parcel]:
    """Parcels of all shops under way with one of these carriers; the longest unheard first."""
    under_way = Parcel.objects.filter(
        carrier__in=keys,
        state__in=[ParcelState.ANNOUNCED, ParcelState.IN_TRANSIT, ParcelState.LOST],
    ).exclude(tracking_key="")
    return list(under_way.select_related("shop").order_by("last_scan_at", "id")[:POLLED_AT_MOST])


def terms_of(shop: Shop) -> ShippingTerms:
    """How the shop's parcels come back; what is usual where nobody said."""
    return ShippingTerms.objects.filter(shop=shop).first() or ShippingTerms(shop=shop)


def slip_with(shop_id: UUID, typed: str) -> ReturnSlip | None:
    """The return slip whose code was typed or scanned, with its order; else None."""
    code = code_in(typed)
    if not code:
        return None
    slips = ReturnSlip.objects.select_related("order__shopper")
    return slips.filter(shop_id=shop_id, code=code).first()


def slips_of(shop: Shop, numbers: list[str]) -> list[ReturnSlip] | None:
    """The slips of these orders, in this order; None where one has none, or none is named."""
    keys = list(dict.fromkeys(number.strip().lower() for number in numbers))
    rows = ReturnSlip.objects.filter(shop=shop, order__number_key__in=keys[:MOST_PRINTED])
    found = {slip.order.number_key: slip for slip in rows.select_related("order__shopper")}
    return [found[key] for key in keys] if keys and found.keys() == set(keys) else None


def label_is_offered(rma: Return) -> bool:
    """Whether the shopper may have a prepaid label: the shop makes labels, this way was chosen
    (or there is no choice and the shop pays), the goods are waited for, and no label of the
    return is unsettled or unused."""
    waits = rma.request_state == RequestState.APPROVED and rma.parcel_state != ParcelState.RECEIVED
    if not waits or rma.keeps_goods or not takes_our_label(rma):
        return False
    unused = Label.objects.filter(
        shop_id=rma.shop_id, parcel__rma=rma, parcel__handed_in_at=None
    ).exclude(state__in=OVER)
    has_carrier = bool(terms_of(rma.shop).label_carrier)
    return has_carrier and not unused.exists() and not is_guest(rma)


def ready_label(shop: Shop, label_id: UUID) -> Label | None:
    """A label of the shop that can be printed."""
    return (
        Label.objects.select_related("parcel__rma")
        .filter(shop=shop, pk=label_id, state=LabelState.READY)
        .first()
    )


def scans_of_parcels(shop_id: UUID, parcels: list[Parcel]) -> list[TrackingEvent]:
    """What the carriers said of ``parcels``, newest first."""
    keys = [parcel.tracking_key for parcel in parcels if parcel.tracking_key]
    if not keys:
        return []
    rows = TrackingEvent.objects.filter(shop_id=shop_id, tracking_key__in=keys)
    names = {(parcel.carrier, parcel.tracking_key) for parcel in parcels}
    return [
        row
        for row in rows.order_by("-happened_at", "-id")[:100]
        if (row.carrier, row.tracking_key) in names
    ]
