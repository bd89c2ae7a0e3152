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
class ChecklistChanged(Event):
    """What is asked of the pieces of a category changed; ``category`` is "" for all others."""

    name = "checklist.changed"
    about = "checklist_id"

    checklist_id: str
    category: str
    questions: int


@dataclass(frozen=True)
class ReturnInspected(Event):
    """Every piece that arrived was looked at."""

    name = "return.inspected"
    about = "return_id"

    return_id: str
    number: str
    accepted: int
    refused: int


@dataclass(frozen=True)
class LooseParcelSetAside(Event):
    """A parcel arrived that nobody announced."""

    name = "loose_parcel.set_aside"
    about = "parcel_id"

    parcel_id: str
    code: str


@dataclass(frozen=True)
class LooseParcelMatched(Event):
    """Somebody found out whose parcel it is."""

    name = "loose_parcel.matched"
    about = "parcel_id"

    parcel_id: str
    found: str


@dataclass(frozen=True)
class LocationAdded(Event):
    """A place for goods got its name."""

    name = "location.added"
    about = "location_id"

    location_id: str
    place: str


@dataclass(frozen=True)
class StockMoved(Event):
    """Pieces were put on a shelf, or taken from it where ``pieces`` is negative."""

    name = "stock.moved"
    about = "location_id"

    location_id: str
    movement_id: str
    place: str
    sku: str
    pieces: int


@dataclass(frozen=True)
class UnitRedirected(Event):
    """A piece goes elsewhere than was decided before."""

    name = "unit.redirected"
    about = "unit_id"

    unit_id: str
    was: str
    disposition: str


@dataclass(frozen=True)
class WorkFinished(Event):
    """A piece was refurbished, or nothing could be done. Parts cost in minor units."""

    name = "work_order.finished"
    about = "unit_id"

    unit_id: str
    minutes: int
    parts_minor: int
    currency: str
    disposition: str


@dataclass(frozen=True)
class BatchSent(Event):
    """Pieces left the house together."""

    name = "batch.sent"
    about = "batch_id"

    batch_id: str
    disposition: str
    pieces: int
