"""What carriers report: kept once, in whatever order it comes, and followed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from rebond.domain.shipping.models import Parcel, TrackingEvent
from rebond.domain.shipping.moving import follow, locked_parcel
from rebond.domain.shipping.tracking import Scan
from rebond.kernel.actions import action


@action
def take_scans(shop_id: UUID, carrier: str, scans: Sequence[Scan]) -> int:
    """Keep the reports that are new and let them take effect; returns how many were new.

    One about a number that no parcel has yet is kept too: it counts when the parcel is announced.
    The day of arrival is of the newest report that tells one, be it known already: carriers think
    again without a new scan.
    """
    fresh: dict[str, list[TrackingEvent]] = defaultdict(list)
    for scan in scans:
        row, is_new = _kept(shop_id, carrier, scan)
        if is_new:
            fresh[row.tracking_key].append(row)
    days = _days_of_arrival(scans)
    parcels = Parcel.objects.filter(
        shop_id=shop_id, carrier=carrier, tracking_key__in=sorted({*fresh, *days})
    )
    told = parcels.order_by("id").values_list("pk", "tracking_key", "expected_on")
    for parcel_id, key, known_day in told:
        is_moved = days.get(key, known_day) != known_day
        if not is_moved and key not in fresh:
            continue
        parcel = locked_parcel(parcel_id)
        if is_moved:
            parcel.expected_on = days[key]
            parcel.save(update_fields=["expected_on"])
        follow(parcel, fresh.get(key, ()), by=f"carrier:{carrier}")
    return sum(map(len, fresh.values()))


def _days_of_arrival(scans: Sequence[Scan]) -> dict[str, date]:
    """By number, the day that its newest report with a day tells."""
    told = sorted((scan for scan in scans if scan.expected_on), key=lambda scan: scan.happened_at)
    return {_key(scan): scan.expected_on for scan in told if scan.expected_on}


def _key(scan: Scan) -> str:
    return scan.tracking_number.lower()[:80]


def _kept(shop_id: UUID, carrier: str, scan: Scan) -> tuple[TrackingEvent, bool]:
    return TrackingEvent.objects.get_or_create(
        shop_id=shop_id,
        carrier=carrier,
        tracking_key=_key(scan),
        event_id=scan.event_id[:120],
        defaults={
            "status": scan.status,
            "happened_at": scan.happened_at,
            "place": scan.place[:120],
            "words": scan.words[:200],
            "weight_grams": scan.weight_grams,
        },
    )
