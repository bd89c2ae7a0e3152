"""What the receiving desk scans, taken once and in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rebond.domain.orders.models import Order
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shipping.models import Parcel, ReturnSlip
from rebond.domain.shipping.queries import slip_with
from rebond.domain.shipping.slip_codes import printed
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions.parcels import book_in, is_expected
from rebond.domain.warehouse.errors import ParcelMatched, ParcelUnmatched
from rebond.domain.warehouse.events import LooseParcelMatched, LooseParcelSetAside
from rebond.domain.warehouse.kinds import Command, Heard
from rebond.domain.warehouse.models import LooseParcel, Scan
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record


@dataclass(frozen=True)
class NewScan:
    """What a station sends. ``key`` is made by it, once for each thing said."""

    key: UUID
    station: str
    command: Command
    code: str
    made_at: datetime


@action
def take_scan(shop: Shop, told: NewScan, *, by: str) -> Scan:
    """Do what the station asks, once: the same key again gives the same row.

    A code is the number of a return, a tracking number, the code of a return slip, or a product
    code of the return that this station opened last. Nothing is refused: what cannot be is heard
    as such.
    """
    scan, is_new = Scan.objects.get_or_create(
        shop=shop,
        key=told.key,
        defaults={
            "station": told.station[:40],
            "code": " ".join(told.code.split())[:120],
            "heard": Heard.NOTHING,
            "by": by,
            "made_at": told.made_at,
            "at": now(),
        },
    )
    if is_new:
        _DO[told.command](scan, current_return(shop.pk, scan.station))
        scan.save()
    return scan


@action
def match_parcel(shop: Shop, parcel_id: UUID, number: str, *, by: str) -> LooseParcel:
    """Say whose parcel it is: the number of a return, or of an order.

    Raises ``ParcelUnmatched`` where there is none, ``ParcelMatched`` where somebody was quicker.
    """
    parcel = LooseParcel.objects.get(shop=shop, pk=parcel_id)
    rma = Return.objects.filter(shop=shop, number_key=number.strip().lower()).first()
    order = None if rma else Order.objects.filter(shop=shop, number=number.strip()).first()
    if rma is None and order is None:
        raise ParcelUnmatched(asked=number.strip()[:40])
    if not LooseParcel.objects.filter(shop=shop, pk=parcel.pk, matched_at=None).update(
        rma=rma, order=order, awaits_return=order is not None, matched_by=by, matched_at=now()
    ):
        raise ParcelMatched(code=parcel.code)
    event = LooseParcelMatched(str(parcel.pk), rma.number if rma else number.strip())
    record(event, shop_id=shop.pk, actor=by)
    parcel.refresh_from_db()
    return parcel


@action
def bind_parcel(shop: Shop, parcel_id: UUID, rma_id: UUID, *, by: str) -> bool:
    """Say that the return was made from this parcel of the same order.

    False where another return was bound before, or the parcel is of another order.
    """
    rma = Return.objects.get(shop=shop, pk=rma_id)
    bound = LooseParcel.objects.filter(
        shop=shop, pk=parcel_id, order=rma.order_id, awaits_return=True
    ).update(rma=rma, awaits_return=False)
    if bound:
        record(LooseParcelMatched(str(parcel_id), rma.number), shop_id=shop.pk, actor=by)
    return bool(bound)


def current_return(shop_id: UUID, station: str) -> Return | None:
    """The return that ``station`` opened last and has not booked in since."""
    steps = (Heard.OPENED, Heard.BOOKED_IN)
    last = (
        Scan.objects.filter(shop_id=shop_id, station=station, heard__in=steps)
        .select_related("rma__shop")
        .order_by("-id")
        .first()
    )
    return last.rma if last is not None and last.heard == Heard.OPENED else None


def _hear_code(scan: Scan, current: Return | None) -> None:
    found = _return_named(scan)
    if found is not None:
        scan.rma = found
        scan.heard = Heard.OPENED if is_expected(found) else Heard.NOT_EXPECTED
        return
    slip = slip_with(scan.shop_id, scan.code)
    if slip is not None:
        _hear_slip(scan, slip)
    elif current is not None:
        _hear_piece(scan, Return.objects.locked(pk=current.pk))
    elif Product.objects.filter(shop_id=scan.shop_id, sku__iexact=scan.code).exists():
        scan.heard = Heard.RETURN_FIRST
    else:
        scan.heard = Heard.UNKNOWN


def _return_named(scan: Scan) -> Return | None:
    """The return that the code names itself or by one of its parcels, the newest first."""
    key = "".join(scan.code.split()).lower()
    rma = Return.objects.filter(shop_id=scan.shop_id, number_key=key).first()
    if rma is not None or not key:
        return rma
    parcels = Parcel.objects.filter(shop_id=scan.shop_id, tracking_key=key).select_related("rma")
    waiting = parcels.exclude(state=ParcelState.RECEIVED)
    parcel = waiting.order_by("-id").first() or parcels.order_by("-id").first()
    return parcel.rma if parcel else None


def _hear_slip(scan: Scan, slip: ReturnSlip) -> None:
    """The sheet from the outgoing parcel: its order's return, or a parcel nobody announced."""
    standing = Return.objects.filter(
        shop_id=scan.shop_id,
        order=slip.order_id,
        request_state__in=[RequestState.REQUESTED, RequestState.NEEDS_INFO, RequestState.APPROVED],
    ).order_by("-requested_at", "-id")
    waiting = [one for one in standing if is_expected(one)]
    undecided = [one for one in standing if one.request_state != RequestState.APPROVED]
    if waiting or undecided:
        scan.rma = (waiting or undecided)[0]
        scan.heard = Heard.OPENED if waiting else Heard.NOT_EXPECTED
        LooseParcel.objects.filter(
            shop_id=scan.shop_id, order=slip.order_id, awaits_return=True
        ).update(rma=scan.rma, awaits_return=False)
        return
    _book_loose(scan, slip)


def _book_loose(scan: Scan, slip: ReturnSlip) -> None:
    moment = now()
    scan.heard = Heard.SLIP
    scan.parcel, is_new = LooseParcel.objects.get_or_create(
        shop_id=scan.shop_id,
        slip=slip,
        awaits_return=True,
        defaults={
            "code": printed(slip.code),
            "order_id": slip.order_id,
            "by": scan.by,
            "at": moment,
            "matched_by": scan.by,
            "matched_at": moment,
        },
    )
    if is_new:
        for event in (
            LooseParcelSetAside(str(scan.parcel.pk), scan.parcel.code),
            LooseParcelMatched(str(scan.parcel.pk), slip.order.number),
        ):
            record(event, shop_id=scan.shop_id, actor=scan.by)


def _hear_piece(scan: Scan, rma: Return) -> None:
    scan.rma = rma
    lines = [line for line in rma.lines.order_by("position") if _is(line, scan.code)]
    if not lines:
        known = Product.objects.filter(shop_id=scan.shop_id, sku__iexact=scan.code).exists()
        scan.heard = Heard.WRONG_ITEM if known else Heard.UNKNOWN
        return
    here = unbooked(rma)
    free = [one for one in lines if one.received_quantity + here[one.pk] < one.quantity]
    scan.line = (free or lines)[0]
    scan.heard = Heard.PIECE if free and is_expected(rma) else Heard.EXTRA


def _is(line: ReturnLine, code: str) -> bool:
    return line.sku.casefold() == code.casefold()


def unbooked(rma: Return) -> Counter[UUID]:
    """Pieces by line that were scanned and are not booked in yet, by whatever station."""
    scans = Scan.objects.filter(
        shop_id=rma.shop_id, rma=rma, receipt=None, heard=Heard.PIECE
    ).values_list("line_id", flat=True)
    return Counter(line for line in scans if line is not None)


def _book_in(scan: Scan, current: Return | None) -> None:
    """Receive everything that was scanned for the return; what another did since is left out."""
    if current is None:
        return
    rma = Return.objects.locked(pk=current.pk)
    scan.rma = rma
    missing = {line.pk: line.quantity - line.received_quantity for line in rma.lines.all()}
    counts = {line: min(n, missing[line]) for line, n in unbooked(rma).items()}
    if not is_expected(rma):
        scan.heard = Heard.NOT_EXPECTED
        return
    if not sum(counts.values()):
        return
    scan.receipt = book_in(rma, counts, note=_surprises(rma), by=scan.by)
    scan.heard = Heard.BOOKED_IN
    Scan.objects.filter(shop_id=rma.shop_id, rma=rma, receipt=None).exclude(
        heard=Heard.OPENED
    ).exclude(pk=scan.pk).update(receipt=scan.receipt)


def _surprises(rma: Return) -> str:
    """The codes that did not belong to the return, for the receipt's remark."""
    odd = Scan.objects.filter(
        shop_id=rma.shop_id, rma=rma, receipt=None, heard__in=[Heard.EXTRA, Heard.WRONG_ITEM]
    ).order_by("id")
    counted = Counter(odd.values_list("heard", "code"))
    return ", ".join(f"{n} × {code} ({heard})" for (heard, code), n in counted.items())


def _set_aside(scan: Scan, current: Return | None) -> None:
    """Book in a parcel that nobody announced."""
    if not scan.code:
        return
    slip = slip_with(scan.shop_id, scan.code)
    if slip is not None:
        _hear_slip(scan, slip)
        return
    parcel = LooseParcel.objects.create(shop_id=scan.shop_id, code=scan.code, by=scan.by, at=now())
    scan.parcel, scan.heard = parcel, Heard.SET_ASIDE
    event = LooseParcelSetAside(str(parcel.pk), parcel.code)
    record(event, shop_id=scan.shop_id, actor=scan.by)


def _take_back(scan: Scan, current: Return | None) -> None:
    """Undo this station's last piece that is not booked in."""
    if current is None:
        return
    Return.objects.locked(pk=current.pk)
    counted = (Heard.PIECE, Heard.EXTRA, Heard.WRONG_ITEM)
    last = (
        Scan.objects.filter(
            shop_id=scan.shop_id,
            station=scan.station,
            rma=current,
            receipt=None,
            heard__in=counted,
        )
        .order_by("-id")
        .first()
    )
    if last is None:
        return
    Scan.objects.filter(shop_id=scan.shop_id, pk=last.pk).update(heard=Heard.TAKEN_BACK)
    scan.rma, scan.code, scan.heard = current, last.code, Heard.TAKEN_BACK


_DO = {
    Command.CODE: _hear_code,
    Command.BOOK_IN: _book_in,
    Command.SET_ASIDE: _set_aside,
    Command.TAKE_BACK: _take_back,
}
