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
