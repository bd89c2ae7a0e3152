"""A box moves as one: what happens to it happens to each return in it. Used in actions."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState
from rebond.domain.shipping.announcing import follow_known
from rebond.domain.shipping.models import Parcel
from rebond.domain.shipping.moving import locked_parcel


def locked_box(parcel_id: UUID) -> list[Parcel]:
    """The parcel rows of one box, each return's order locked; the one asked for comes first."""
    asked = locked_parcel(parcel_id)
    host = asked if asked.inside_id is None else locked_parcel(asked.inside_id)
    rows = [host, *guests_in(host)]
    return sorted(rows, key=lambda one: one.pk != parcel_id)


def guests_in(box: Parcel) -> list[Parcel]:
    """The rows of the returns that lie in ``box``, which is locked, and they with it."""
    rows = Parcel.objects.filter(shop_id=box.shop_id, inside=box).exclude(state=ParcelState.NONE)
    return list(rows.select_related("rma").order_by("id"))


def number_box(box: Parcel, *, by: str) -> None:
    """Give the number of ``box`` to each return in it, and let what is known of it count."""
    for guest in guests_in(box):
        guest.carrier_name = box.carrier_name
        guest.tracking_number, guest.tracking_key = box.tracking_number, box.tracking_key
        guest.save(update_fields=["carrier_name", "tracking_number", "tracking_key"])
        follow_known(guest, by=by)


def drop_box(box: Parcel) -> None:
    """A box without its label is not on its way; nor is anything in it."""
    for guest in guests_in(box):
        if guest.state == ParcelState.ANNOUNCED:
            drop_parcel(guest)
    drop_parcel(box)


def drop_parcel(parcel: Parcel) -> None:
    """The return stands as if its parcel were not there, and lies in no box."""
    parcel.state, parcel.inside = ParcelState.NONE, None
    parcel.save(update_fields=["state", "inside"])
    rma: Return = parcel.rma
    others = rma.parcels.exclude(pk=parcel.pk).exclude(state=ParcelState.NONE)
    if rma.parcel_state == ParcelState.ANNOUNCED and not others.exists():
        rma.parcel_state = ParcelState.NONE
        rma.touch("parcel_state")
