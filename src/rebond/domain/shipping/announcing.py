"""Writes a parcel of a return; what its carrier reported before takes effect. Used in actions."""

from rebond.domain.products.models import Product
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState
from rebond.domain.shipping.events import ParcelAnnounced
from rebond.domain.shipping.models import Parcel, TrackingEvent
from rebond.domain.shipping.moving import follow
from rebond.kernel.events import record


def announced(
    rma: Return,
    *,
    carrier: str,
    carrier_name: str,
    number: str,
    by: str,
    inside: Parcel | None = None,
) -> Parcel:
    """A new parcel of ``rma``, whose order is locked; ``number`` is clean and may be empty.

    ``inside`` is the parcel of another return in whose box it lies.
    """
    parcel = Parcel.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        position=rma.parcels.count() + 1,
        carrier=carrier,
        carrier_name=carrier_name[:60],
        tracking_number=number,
        tracking_key=number.lower(),
        state=ParcelState.ANNOUNCED,
        weight_grams=weight_of(rma) if not rma.parcels.exists() else None,
        inside=inside,
    )
    rma.parcel_state = ParcelState.ANNOUNCED
    rma.touch("parcel_state")
    record(ParcelAnnounced(str(rma.pk), rma.number, carrier), shop_id=rma.shop_id, actor=by)
    follow_known(parcel, by=by)
    return parcel


def follow_known(parcel: Parcel, *, by: str) -> None:
    """Let what the carrier has said of the parcel's number take effect."""
    if parcel.tracking_key:
        known = TrackingEvent.objects.filter(
            shop_id=parcel.shop_id, carrier=parcel.carrier, tracking_key=parcel.tracking_key
        )
        follow(parcel, list(known), by=by)


def box_of(rma: Return) -> tuple[int, int, int] | None:
    """Millimetres of the one piece that comes back, longest first; None where there are more."""
    lines = list(rma.lines.values_list("sku", "quantity"))
    if len(lines) != 1 or lines[0][1] != 1:
        return None
    known = Product.objects.filter(shop_id=rma.shop_id, sku=lines[0][0]).exclude(dimensions="")
    told = known.values_list("dimensions", flat=True).first()
    if told is None:
        return None
    length, width, height = map(int, told.split("x"))
    return length, width, height


def weight_of(rma: Return) -> int | None:
    """Grams of all pieces together, without the box; None where one article's is not known."""
    lines = list(rma.lines.values_list("sku", "quantity"))
    known = dict(
        Product.objects.filter(
            shop_id=rma.shop_id, sku__in=[sku for sku, _ in lines], weight_grams__isnull=False
        ).values_list("sku", "weight_grams")
    )
    if not lines or any(sku not in known for sku, _ in lines):
        return None
    return sum((known[sku] or 0) * quantity for sku, quantity in lines)
