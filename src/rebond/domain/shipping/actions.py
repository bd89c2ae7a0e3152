"""The verbs of a parcel."""

from datetime import datetime
from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shipping.errors import NotToBeSent, TrackingNumberUnreadable, UnknownCarrier
from rebond.domain.shipping.events import ParcelAnnounced, ParcelDelivered, ParcelHandedIn
from rebond.domain.shipping.models import Parcel
from rebond.domain.shipping.ports import carriers
from rebond.kernel.actions import action
from rebond.kernel.events import record


@action
def announce_parcel(
    rma_id: UUID, *, carrier: str, carrier_name: str, tracking_number: str, by: str
) -> Parcel:
    """Note that a parcel of this return is on its way.

    ``carrier`` is a plug's key, ``carrier_name`` what the shopper calls it. Raises
    ``NotToBeSent`` unless the return is approved and not yet received, ``UnknownCarrier``, and
    ``TrackingNumberUnreadable`` when the carrier has no such numbers.
    """
    rma = Return.objects.locked(pk=rma_id)
    if rma.request_state != RequestState.APPROVED or rma.parcel_state == ParcelState.RECEIVED:
        raise NotToBeSent(number=rma.number, state=rma.request_state)
    if carrier not in carriers:
        raise UnknownCarrier(carrier=carrier[:30])
    try:
        number = carriers[carrier]().clean_number(tracking_number)
    except ValueError as problem:
        raise TrackingNumberUnreadable(carrier=carrier) from problem
    parcel = Parcel.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        position=rma.parcels.count() + 1,
        carrier=carrier,
        carrier_name=carrier_name[:60],
        tracking_number=number,
        tracking_key=number.lower(),
        state=ParcelState.ANNOUNCED,
    )
    rma.parcel_state = ParcelState.ANNOUNCED
    rma.touch("parcel_state")
    record(ParcelAnnounced(str(rma.pk), rma.number, carrier), shop_id=rma.shop_id, actor=by)
    return parcel


@action
def note_hand_in(parcel_id: UUID, *, at: datetime, by: str) -> Parcel:
    """Note the proof that a parcel was sent; the first one counts, and is told once."""
    parcel = _locked(parcel_id)
    if parcel.handed_in_at is None:
        _move(parcel, ParcelState.IN_TRANSIT, "handed_in_at", at)
        event = ParcelHandedIn(str(parcel.rma_id), parcel.rma.number, str(parcel.pk))
        record(event, shop_id=parcel.shop_id, actor=by)
    return parcel


@action
def note_delivery(parcel_id: UUID, *, at: datetime, by: str) -> Parcel:
    """Note that the carrier delivered a parcel to us; told once."""
    parcel = _locked(parcel_id)
    if parcel.delivered_at is None:
        _move(parcel, ParcelState.DELIVERED, "delivered_at", at)
        event = ParcelDelivered(str(parcel.rma_id), parcel.rma.number, str(parcel.pk))
        record(event, shop_id=parcel.shop_id, actor=by)
    return parcel


def _locked(parcel_id: UUID) -> Parcel:
    rma_id = Parcel.objects.values_list("rma_id", flat=True).get(pk=parcel_id)
    Return.objects.locked(pk=rma_id)
    return Parcel.objects.select_related("rma").get(pk=parcel_id)


_ON_THE_WAY = (ParcelState.NONE, ParcelState.ANNOUNCED, ParcelState.IN_TRANSIT)


def _move(parcel: Parcel, state: ParcelState, stamp: str, at: datetime) -> None:
    """Stamp the parcel; its state and the return's only ever go forward."""
    setattr(parcel, stamp, at)
    if parcel.state in _ON_THE_WAY:
        parcel.state = state
    parcel.save(update_fields=[stamp, "state"])
    rma = parcel.rma
    if rma.parcel_state in _ON_THE_WAY:
        rma.parcel_state = state
        rma.touch("parcel_state")
