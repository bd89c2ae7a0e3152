"""What carriers report: kept once, in whatever order it comes, and followed."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from rebond.domain.shipping.models import Parcel, TrackingEvent
from rebond.domain.shipping.moving import follow, locked_parcel
from rebond.domain.shipping.tracking import Scan
from rebond.kernel.actions import action


@action
def take_scans(shop_id: UUID, carrier: str, scans: Sequence[Scan]) -> int:
    """Keep the reports that are new and let them take effect; returns how many were new.

    One about a number that no parcel has yet is kept too: it counts when the parcel is announced.
    """
    fresh: dict[str, list[TrackingEvent]] = defaultdict(list)
    for scan in scans:
        row, is_new = _kept(shop_id, carrier, scan)
        if is_new:
            fresh[row.tracking_key].append(row)
    parcels = Parcel.objects.filter(
        shop_id=shop_id, carrier=carrier, tracking_key__in=sorted(fresh)
    )
    for parcel_id in parcels.order_by("id").values_list("pk", flat=True):
        parcel = locked_parcel(parcel_id)
        follow(parcel, fresh[parcel.tracking_key], by=f"carrier:{carrier}")
    return sum(map(len, fresh.values()))


def _kept(shop_id: UUID, carrier: str, scan: Scan) -> tuple[TrackingEvent, bool]:
    return TrackingEvent.objects.get_or_create(
        shop_id=shop_id,
        carrier=carrier,
        tracking_key=scan.tracking_number.lower()[:80],
        event_id=scan.event_id[:120],
        defaults={
            "status": scan.status,
            "happened_at": scan.happened_at,
            "place": scan.place[:120],
            "words": scan.words[:200],
            "weight_grams": scan.weight_grams,
        },
    )
