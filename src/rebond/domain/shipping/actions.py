"""The verbs of a parcel."""

from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shipping.errors import NotToBeSent, TrackingNumberUnreadable, UnknownCarrier
from rebond.domain.shipping.events import ParcelAnnounced
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
