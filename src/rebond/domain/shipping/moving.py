"""Moves a parcel forward: its stamps, its state, the return's, and the events. Used in actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState
from rebond.domain.shipping.events import (
    ClaimEnded,
    HandInCorrected,
    ParcelDelivered,
    ParcelHandedIn,
    ParcelLost,
)
from rebond.domain.shipping.models import Parcel, ParcelClaim, TrackingEvent
from rebond.domain.shipping.states import ClaimState
from rebond.domain.shipping.tracking import PROVES_HAND_IN, TrackingStatus
from rebond.kernel.clock import now
from rebond.kernel.events import record

ORDER = (
    ParcelState.NONE,
    ParcelState.ANNOUNCED,
    ParcelState.LOST,
    ParcelState.IN_TRANSIT,
    ParcelState.DELIVERED,
    ParcelState.RECEIVED,
)


def locked_parcel(parcel_id: UUID) -> Parcel:
    """The parcel, read after the orders of all returns in its box were locked."""
    locked: set[UUID] = set()
    while joined := _returns_beside(parcel_id) - locked:
        Return.objects.locked_together(joined)
        locked |= joined
    return Parcel.objects.select_related("rma").get(pk=parcel_id)


def _returns_beside(parcel_id: UUID) -> set[UUID]:
    box = Parcel.objects.values_list("inside", flat=True).get(pk=parcel_id) or parcel_id
    rows = Parcel.objects.filter(Q(pk=box) | Q(inside=box))
    return set(rows.values_list("rma_id", flat=True))


def hand_in(parcel: Parcel, *, at: datetime, by: str) -> None:
    """Note the proof that it was sent: told once; an earlier moment found later corrects it.

    The earliest proof counts, because the law lets us withhold a refund only until then.
    Source: C. conso. L221-24 al. 2.
    """
    if parcel.handed_in_at is not None and parcel.handed_in_at <= at:
        return
    is_first = parcel.handed_in_at is None
    _stamp(parcel, ParcelState.IN_TRANSIT, "handed_in_at", at)
    kind = ParcelHandedIn if is_first else HandInCorrected
    event = kind(str(parcel.rma_id), parcel.rma.number, str(parcel.pk))
    record(event, shop_id=parcel.shop_id, actor=by)


def deliver(parcel: Parcel, *, at: datetime, by: str) -> None:
    """Note that the carrier delivered it to us; told once."""
    if parcel.delivered_at is not None:
        return
    _stamp(parcel, ParcelState.DELIVERED, "delivered_at", at)
    event = ParcelDelivered(str(parcel.rma_id), parcel.rma.number, str(parcel.pk))
    record(event, shop_id=parcel.shop_id, actor=by)


def lose(parcel: Parcel, *, why: str, by: str) -> bool:
    """Open a claim about a parcel that is not here; False where there is nothing to claim."""
    known = ParcelClaim.objects.filter(shop_id=parcel.shop_id, parcel=parcel)
    if parcel.delivered_at or parcel.received_at or known.exists():
        return False
    ParcelClaim.objects.create(
        shop_id=parcel.shop_id,
        parcel=parcel,
        state=ClaimState.OPEN,
        why=why,
        opened_at=now(),
        currency=parcel.rma.shop.currency,
    )
    parcel.state = ParcelState.LOST
    parcel.save(update_fields=["state"])
    rma = parcel.rma
    if rma.parcel_state != ParcelState.RECEIVED and rma.parcels.count() == 1:
        rma.parcel_state = ParcelState.LOST
        rma.touch("parcel_state")
    event = ParcelLost(str(rma.pk), rma.number, str(parcel.pk), why)
    record(event, shop_id=parcel.shop_id, actor=by)
    return True


def find_again(parcel: Parcel, *, by: str) -> None:
    """End the open claim of a parcel that has turned up."""
    claim = ParcelClaim.objects.filter(
        shop_id=parcel.shop_id, parcel=parcel, state=ClaimState.OPEN
    ).first()
    if claim is not None:
        close_claim(claim, parcel, ClaimState.FOUND, by=by)


def close_claim(claim: ParcelClaim, parcel: Parcel, state: ClaimState, *, by: str) -> None:
    """Write the end of a claim; the caller has set what else belongs to it."""
    claim.state, claim.ended_at, claim.ended_by = state, now(), by[:120]
    claim.save()
    event = ClaimEnded(str(parcel.rma_id), parcel.rma.number, str(parcel.pk), state.value)
    record(event, shop_id=parcel.shop_id, actor=by)


def follow(parcel: Parcel, scans: Sequence[TrackingEvent], *, by: str) -> None:
    """Let reports about the parcel take effect, whatever their order.

    ``scans`` may have been followed before: the earliest proof and the first delivery count, and
    nothing goes backwards.
    """
    if not scans:
        return
    proofs = [one.happened_at for one in scans if one.status in PROVES_HAND_IN]
    ends = [one.happened_at for one in scans if one.status == TrackingStatus.DELIVERED]
    is_newer = _keep_newest(parcel, scans)
    if proofs:
        hand_in(parcel, at=min(proofs), by=by)
    if ends:
        deliver(parcel, at=min(ends), by=by)
    newest = max(scans, key=lambda one: one.happened_at)
    if newest.status == TrackingStatus.LOST:
        lose(parcel, why="carrier", by=by)
    elif is_newer and proofs:
        find_again(parcel, by=by)


def _keep_newest(parcel: Parcel, scans: Sequence[TrackingEvent]) -> bool:
    """Note the newest report and the newest weight; whether there was anything newer."""
    newest = max(one.happened_at for one in scans)
    is_newer = parcel.last_scan_at is None or newest > parcel.last_scan_at
    if is_newer:
        parcel.last_scan_at = newest
    weighed = [one for one in scans if one.weight_grams is not None]
    if weighed:
        parcel.weighed_grams = max(weighed, key=lambda one: one.happened_at).weight_grams
    parcel.save(update_fields=["last_scan_at", "weighed_grams"])
    return is_newer


def _stamp(parcel: Parcel, state: ParcelState, stamp: str, at: datetime) -> None:
    """Stamp the parcel; its state and the return's only ever go forward."""
    setattr(parcel, stamp, at)
    if _is_before(parcel.state, state):
        parcel.state = state
    parcel.save(update_fields=[stamp, "state"])
    rma = parcel.rma
    if _is_before(rma.parcel_state, state):
        rma.parcel_state = state
        rma.touch("parcel_state")


def _is_before(one: str, other: ParcelState) -> bool:
    return ORDER.index(ParcelState(one)) < ORDER.index(other)
