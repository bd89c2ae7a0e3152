"""What carriers report, in one list of words for all of them.  (pure)

The words are AfterShip's delivery status tags, which most trackers know, with ``lost`` apart
from the other exceptions because it opens a claim.
Source: https://www.aftership.com/docs/tracking/enum/delivery-statuses, read 2026-11-22.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class TrackingStatus(StrEnum):
    """How far a parcel is, as its carrier says."""

    PENDING = "pending"
    INFO_RECEIVED = "info_received"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAIL = "attempt_fail"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    EXPIRED = "expired"
    LOST = "lost"


# Each of these can only be said of a parcel that the carrier has in hands.
PROVES_HAND_IN = frozenset(
    {
        TrackingStatus.IN_TRANSIT,
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.ATTEMPT_FAIL,
        TrackingStatus.AVAILABLE_FOR_PICKUP,
        TrackingStatus.DELIVERED,
    }
)


@dataclass(frozen=True)
class Scan:
    """One report. ``event_id`` is the carrier's own name for it, or made from what it says.

    ``weight_grams`` is what the carrier weighed, ``expected_on`` the day on which it means to be
    at our door; None where it says nothing of it.
    """

    event_id: str
    tracking_number: str
    status: TrackingStatus
    happened_at: datetime
    place: str = ""
    words: str = ""
    weight_grams: int | None = None
    expected_on: date | None = None
