"""What the warehouse says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class ParcelReceived(Event):
    """Goods of a return arrived."""

    name = "parcel.received"
    about = "return_id"

    return_id: str
    number: str
    pieces: int


@dataclass(frozen=True)
class ReturnInspected(Event):
    """Every piece that arrived was looked at."""

    name = "return.inspected"
    about = "return_id"

    return_id: str
    number: str
    accepted: int
    refused: int
