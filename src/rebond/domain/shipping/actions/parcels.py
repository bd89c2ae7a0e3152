"""A parcel: announced, handed in, delivered."""

from datetime import datetime
from uuid import UUID

from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shipping.actions.sharing import gather, locked_with_basket
from rebond.domain.shipping.announcing import announced
from rebond.domain.shipping.boxes import locked_box
from rebond.domain.shipping.errors import NotToBeSent, TrackingNumberUnreadable, UnknownCarrier
from rebond.domain.shipping.models import Parcel
from rebond.domain.shipping.moving import deliver, hand_in
from rebond.domain.shipping.ports import carriers
from rebond.kernel.actions import action


@action
def announce_parcel(
    rma_id: UUID, *, carrier: str, carrier_name: str, tracking_number: str, by: str
) -> Parcel:
    """Note that a parcel of this return is on its way.

    ``carrier`` is a plug's key, ``carrier_name`` what the shopper calls it. Raises
    ``NotToBeSent`` unless the return is approved and not yet received, ``UnknownCarrier``, and
    ``TrackingNumberUnreadable`` when the carrier has no such numbers. What the carrier reported
    of the number before takes effect at once. Returns that were asked for together with this one
    travel in it, where they can.
    """
    rma, siblings = locked_with_basket(rma_id)
    if rma.request_state != RequestState.APPROVED or rma.parcel_state == ParcelState.RECEIVED:
        raise NotToBeSent(number=rma.number, state=rma.request_state)
    if carrier not in carriers:
        raise UnknownCarrier(carrier=carrier[:30])
    try:
        number = carriers[carrier]().clean_number(tracking_number)
    except ValueError as problem:
        raise TrackingNumberUnreadable(carrier=carrier) from problem
    box = announced(rma, carrier=carrier, carrier_name=carrier_name, number=number, by=by)
    gather(box, siblings, by=by)
    return box


@action
def note_hand_in(parcel_id: UUID, *, at: datetime, by: str) -> Parcel:
    """Note the proof that a parcel was sent; the earliest one counts, and is told once.

    It counts for each return in its box.
    """
    box = locked_box(parcel_id)
    for parcel in box:
        hand_in(parcel, at=at, by=by)
    return box[0]


@action
def note_delivery(parcel_id: UUID, *, at: datetime, by: str) -> Parcel:
    """Note that the carrier delivered a parcel to us, with each return in its box; told once."""
    box = locked_box(parcel_id)
    for parcel in box:
        deliver(parcel, at=at, by=by)
    return box[0]
