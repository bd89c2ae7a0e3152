"""Parcels of the demo: labels in stock, places to hand in; coming, lost, too light, labelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import (
    announce_parcel,
    ask_label,
    choose_method,
    lay_in_label,
    replace_points,
    set_shipping_terms,
    take_scans,
)
from rebond.domain.shipping.methods import ways_of
from rebond.domain.shipping.models import Parcel, ReturnPoint, StockLabel
from rebond.domain.shipping.point_files import points_in
from rebond.domain.shipping.sheets import label_sheet
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now, today

STOCK = 5
POINTS = Path(__file__).parent / "data" / "return_points.csv"
CARRIER = "simulator"


def set_up_labels(shop: Shop) -> None:
    """Lay in a few specimen labels and let them be given out, once."""
    if StockLabel.objects.filter(shop=shop).exists():
        return
    set_shipping_terms(shop, label_carrier="manual", lost_after_days=10, by="demo")
    for piece in range(1, STOCK + 1):
        number = f"6A0000000000{piece}"
        pdf = label_sheet(
            number,
            head="Colissimo (specimen)",
            postage="SPECIMEN",
            sender=[],
            recipient=list(shop.return_address),
            paper="a6",
            made_at=now(),
        )
        lay_in_label(shop, carrier_name="Colissimo", tracking_number=number, pdf=pdf, by="demo")


def set_up_points(shop: Shop) -> None:
    """Give the shop a few places where parcels are handed in, once."""
    if not ReturnPoint.objects.filter(shop=shop).exists():
        replace_points(shop, points_in(POINTS.read_bytes()), by="demo")


def choose(rma: Return, method: str, reference: str = "") -> Return:
    """The shopper says how it is sent and, with a place's ``reference``, where it is handed in."""
    if method in {way.method for way in ways_of(rma)}:
        point = ReturnPoint.objects.filter(shop=rma.shop_id, reference=reference).first()
        choose_method(rma.pk, method=method, point_id=point.pk if point else None, by="shopper")
    return rma


def send(
    rma: Return, *told: tuple[str, int, str], grams: int | None = None, days_left: int | None = None
) -> None:
    """Announce a parcel and let its carrier report: status, days ago, place; and when it means to
    be here, in ``days_left`` days."""
    number = f"SIM{rma.number.replace('-', '')}"
    parcel = announce_parcel(
        rma.pk, carrier=CARRIER, carrier_name="Mondial Relay", tracking_number=number, by="shopper"
    )
    if grams is not None:
        Parcel.objects.filter(pk=parcel.pk).update(weight_grams=grams)
    day = None if days_left is None else today(rma.shop.time_zone) + timedelta(days=days_left)
    take_scans(rma.shop_id, CARRIER, _scans(number, told, grams, day))


def take_label(rma: Return) -> None:
    """The shopper takes a prepaid label and has not sent the parcel yet."""
    ask_label(rma.pk, by="shopper")


def _scans(
    number: str, told: Sequence[tuple[str, int, str]], grams: int | None, day: date | None
) -> list[Scan]:
    return [
        Scan(
            f"{number}-{place}-{status}",
            number,
            TrackingStatus(status),
            now() - timedelta(days=days),
            place,
            weight_grams=None if grams is None else grams // 3,
            expected_on=day,
        )
        for status, days, place in told
    ]
