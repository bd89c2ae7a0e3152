"""Lost parcels: claimed, found, paid, given up."""

from datetime import datetime
from uuid import UUID

from rebond.domain.returns.states import ParcelState
from rebond.domain.shipping.errors import ClaimAnswerUnclear, ClaimOver
from rebond.domain.shipping.models import ParcelClaim
from rebond.domain.shipping.moving import close_claim, locked_parcel, lose
from rebond.domain.shipping.states import ClaimState
from rebond.kernel.actions import action


@action
def open_claim(parcel_id: UUID, *, silent_since: datetime | None, by: str) -> bool:
    """Count a parcel as lost. ``silent_since``: only if no report is newer than that moment.

    False where it has come meanwhile, was claimed before, or a newer report is here.
    """
    parcel = locked_parcel(parcel_id)
    if silent_since is not None:
        last = parcel.last_scan_at or parcel.handed_in_at
        if parcel.handed_in_at is None or last is None or last > silent_since:
            return False
    return lose(parcel, why="silence" if silent_since else "staff", by=by)


@action
def end_claim(
    shop_id: UUID,
    claim_id: UUID,
    *,
    answer: str,
    by: str,
    paid_minor: int | None = None,
    note: str = "",
) -> ParcelClaim:
    """Say how a lost parcel ended: ``found``, ``paid`` by the carrier, or ``given_up``.

    Raises ``ClaimOver``; ``ClaimAnswerUnclear`` for another answer, or one of a payment without
    its sum (minor units of the shop's currency, more than nothing).
    """
    claim = ParcelClaim.objects.only("id", "parcel_id").get(pk=claim_id, shop_id=shop_id)
    parcel = locked_parcel(claim.parcel_id)
    claim = ParcelClaim.objects.get(pk=claim_id, shop_id=shop_id)
    if claim.state != ClaimState.OPEN:
        raise ClaimOver
    if answer not in {ClaimState.FOUND, ClaimState.PAID, ClaimState.GIVEN_UP}:
        raise ClaimAnswerUnclear(answer=answer[:20])
    if answer == ClaimState.PAID and not (paid_minor and paid_minor > 0):
        raise ClaimAnswerUnclear(answer=answer)
    claim.paid_minor = paid_minor if answer == ClaimState.PAID else None
    claim.note = note[:500]
    if answer == ClaimState.FOUND and parcel.state == ParcelState.LOST:
        parcel.state = ParcelState.IN_TRANSIT
        parcel.save(update_fields=["state"])
        if parcel.rma.parcel_state == ParcelState.LOST:
            parcel.rma.parcel_state = ParcelState.IN_TRANSIT
            parcel.rma.touch("parcel_state")
    close_claim(claim, parcel, ClaimState(answer), by=by)
    return claim
