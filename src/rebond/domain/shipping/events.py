"""What a parcel says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class ParcelAnnounced(Event):
    """The shopper, or somebody for them, said how the parcel travels."""

    name = "parcel.announced"
    about = "return_id"

    return_id: str
    number: str
    carrier: str


@dataclass(frozen=True)
class ParcelHandedIn(Event):
    """The carrier has the parcel: its first scan, or a receipt that the shopper showed."""

    name = "parcel.handed_in"
    about = "return_id"

    return_id: str
    number: str
    parcel_id: str


@dataclass(frozen=True)
class ParcelDelivered(Event):
    """The carrier says that the parcel was delivered to us."""

    name = "parcel.delivered"
    about = "return_id"

    return_id: str
    number: str
    parcel_id: str
