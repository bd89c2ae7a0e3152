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
class ParcelLeft(Event):
    """The goods of a return were taken out of the box of another one before it was sent."""

    name = "parcel.left"
    about = "return_id"

    return_id: str
    number: str
    parcel_id: str


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


@dataclass(frozen=True)
class HandInCorrected(Event):
    """A scan that came late shows that the parcel was handed in earlier than we believed."""

    name = "parcel.hand_in_corrected"
    about = "return_id"

    return_id: str
    number: str
    parcel_id: str


@dataclass(frozen=True)
class ParcelLost(Event):
    """A parcel counts as lost; ``why`` is ``carrier`` or ``silence``."""

    name = "parcel.lost"
    about = "return_id"

    return_id: str
    number: str
    parcel_id: str
    why: str


@dataclass(frozen=True)
class ClaimEnded(Event):
    """A claim about a lost parcel has its end; ``ended`` is a ``ClaimState``."""

    name = "parcel_claim.ended"
    about = "return_id"

    return_id: str
    number: str
    parcel_id: str
    ended: str


@dataclass(frozen=True)
class LabelAsked(Event):
    """A prepaid label is wanted; it is bought next."""

    name = "label.asked"
    about = "return_id"

    return_id: str
    number: str
    label_id: str


@dataclass(frozen=True)
class LabelReady(Event):
    """A prepaid label is there to be printed; ``pickup_on`` is the day on which the carrier comes
    for the parcel, or empty."""

    name = "label.ready"
    about = "return_id"

    return_id: str
    number: str
    label_id: str
    pickup_on: str = ""


@dataclass(frozen=True)
class LabelFailed(Event):
    """The carrier made no label; ``code`` is its word."""

    name = "label.failed"
    about = "return_id"

    return_id: str
    number: str
    label_id: str
    code: str


@dataclass(frozen=True)
class LabelVoided(Event):
    """A label was given back and will not be paid for."""

    name = "label.voided"
    about = "return_id"

    return_id: str
    number: str
    label_id: str


@dataclass(frozen=True)
class LabelsLaidIn(Event):
    """Prepaid labels were put into the stock."""

    name = "label_stock.laid_in"
    about = "shop_id"

    shop_id: str
    pieces: int


@dataclass(frozen=True)
class SlipsMade(Event):
    """Return slips were made for orders that had none."""

    name = "return_slips.made"
    about = "shop_id"

    shop_id: str
    pieces: int


@dataclass(frozen=True)
class SendingReminded(Event):
    """The shopper is reminded to send the goods; ``ends_on`` is the last day, or empty."""

    name = "sending.reminded"
    about = "return_id"

    return_id: str
    number: str
    turn: int
    ends_on: str


@dataclass(frozen=True)
class MethodChosen(Event):
    """The shopper chose how the goods travel back; ``fee_minor`` is kept from the refund."""

    name = "sending.method_chosen"
    about = "return_id"

    return_id: str
    number: str
    method: str
    fee_minor: int
    currency: str


@dataclass(frozen=True)
class PointsReplaced(Event):
    """The places where parcels are handed in were replaced by a new list."""

    name = "return_points.replaced"
    about = "shop_id"

    shop_id: str
    points: int


@dataclass(frozen=True)
class ShippingTermsChanged(Event):
    """The shop changed who makes its labels, or when a parcel counts as lost."""

    name = "shipping_terms.changed"
    about = "shop_id"

    shop_id: str
    label_carrier: str
    lost_after_days: int
