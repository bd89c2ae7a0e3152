"""Parcels that a carrier comes for: the window that was booked, and what may still be.

A pickup is booked with its label, in one call; so it is asked for, looked up and given back as
labels are (see ``actions.labels``), and never booked twice.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shipping.errors import (
    LabelAlreadyThere,
    MethodNotOffered,
    NoLabelOffered,
    PickupWindowUnknown,
)
from rebond.domain.shipping.methods import PICKUP, chosen_of, has_door
from rebond.domain.shipping.models import Label, Parcel, ShippingTerms
from rebond.domain.shipping.ports import Ability, PickupWindow, Place, carriers
from rebond.domain.shipping.states import OVER, LabelState
from rebond.kernel.actions import outside_transaction
from rebond.kernel.clock import today
from rebond.kernel.companies import Account

BOOKED_AHEAD = timedelta(days=60)
CALLED_OFF = (RequestState.CANCELLED, RequestState.EXPIRED, RequestState.DECLINED)
"""Ends of a return with which its pickup is called off."""


def window_of(label: Label) -> PickupWindow | None:
    """When the carrier comes for the label's parcel; None where it is handed in."""
    if label.pickup_on is None or label.pickup_from is None or label.pickup_to is None:
        return None
    return PickupWindow(label.pickup_on, label.pickup_from, label.pickup_to)


def pickup_of(rma: Return) -> Label | None:
    """The newest booking of a pickup for the return, whatever became of it."""
    rows = Label.objects.filter(shop_id=rma.shop_id, parcel__rma=rma, pickup_on__isnull=False)
    return rows.select_related("parcel").order_by("-asked_at", "-id").first()


def pickup_is_offered(rma: Return) -> bool:
    """Whether a pickup can be booked now: it was chosen, the goods are waited for, the shop's
    carrier comes to doors, and none is booked or in doubt."""
    waits = rma.request_state == RequestState.APPROVED and rma.parcel_state in (
        ParcelState.NONE,
        ParcelState.ANNOUNCED,
    )
    chosen = chosen_of(rma)
    if not waits or rma.keeps_goods or chosen is None or chosen.method != PICKUP:
        return False
    standing = Label.objects.filter(shop_id=rma.shop_id, parcel__rma=rma).exclude(state__in=OVER)
    comes = has_door(rma.shopper) and Ability.PICKUP in _abilities(rma.shop_id)
    return comes and not standing.exists()


def windows_for(rma: Return) -> list[PickupWindow] | None:
    """When the shop's carrier could come for the parcel, from tomorrow on; None where it cannot
    be asked now."""
    terms = ShippingTerms.objects.filter(shop_id=rma.shop_id).first()
    carrier = terms.label_carrier if terms else ""
    if carrier not in carriers:
        return []
    place, first = door_of(rma), today(rma.shop.time_zone) + timedelta(days=1)
    outside_transaction()
    found = carriers[carrier](Account(rma.shop.slug)).pickup_windows(place, first)
    return None if found is None else list(found)


def refuse_pickup(rma: Return, window: PickupWindow | None, can: frozenset[Ability]) -> None:
    """Raise what ``ask_label`` raises about a pickup in ``window``; ``can``: its carrier's."""
    chosen = chosen_of(rma)
    is_chosen = chosen is not None and chosen.method == PICKUP
    if window is None:
        if is_chosen:
            raise PickupWindowUnknown
        return
    if not is_chosen:
        raise MethodNotOffered(number=rma.number, method=PICKUP)
    if Ability.PICKUP not in can or not has_door(rma.shopper):
        raise NoLabelOffered(carrier="")
    day = today(rma.shop.time_zone)
    if not day <= window.day <= day + BOOKED_AHEAD:
        raise PickupWindowUnknown
    labels = Label.objects.filter(shop_id=rma.shop_id, parcel__rma=rma)
    if labels.exclude(state__in=OVER).exists():
        raise LabelAlreadyThere(number=rma.number)


def pickups_to_call_off(rma_id: UUID) -> list[Label]:
    """Pickups that stand although their return has ended."""
    rma = Return.objects.only("id", "shop_id", "request_state").get(pk=rma_id)
    if rma.request_state not in CALLED_OFF:
        return []
    mine = Parcel.objects.filter(shop_id=rma.shop_id, rma=rma)
    boxes = {inside or own for own, inside in mine.values_list("pk", "inside")}
    rows = Label.objects.filter(shop_id=rma.shop_id, parcel__in=boxes, state=LabelState.READY)
    return list(rows.filter(pickup_on__isnull=False).exclude(_still_waited_for()))


def _still_waited_for() -> Q:
    """Labels of boxes in which a return lies that has not ended."""
    open_guest = Parcel.objects.filter(
        shop=OuterRef("shop"), inside=OuterRef("parcel"), state=ParcelState.ANNOUNCED
    ).exclude(rma__request_state__in=CALLED_OFF)
    return Q(Exists(open_guest)) | ~Q(parcel__rma__request_state__in=CALLED_OFF)


def in_doubt() -> Q:
    """Labels for which a person should look: no sure answer, or a pickup that could not be called
    off with its return."""
    stands = (
        Q(
            state__in=[LabelState.READY, LabelState.VOIDING],
            pickup_on__isnull=False,
            parcel__handed_in_at=None,
            parcel__rma__request_state__in=CALLED_OFF,
        )
        & ~_still_waited_for()
    )
    return Q(state__in=[LabelState.UNKNOWN, LabelState.UNCLEAR]) | stands


def door_of(rma: Return) -> Place:
    """Where the parcel starts: the shopper's address."""
    shopper = rma.shopper
    country = (shopper.country if shopper else "") or (rma.order.country if rma.order else "")
    return place_of(
        shopper.name if shopper else "",
        list(shopper.address) if shopper else [],
        country,
        shopper.email if shopper else "",
    )


def place_of(name: str, lines: list[str], country: str, email: str) -> Place:
    """An address out of its lines; the last one is read as postcode and town."""
    postcode, _, town = (lines[-1] if lines else "").partition(" ")
    return Place(name, tuple(lines[:-1]), postcode, town, country, email)


def _abilities(shop_id: UUID) -> frozenset[Ability]:
    terms = ShippingTerms.objects.filter(shop_id=shop_id)
    carrier = terms.values_list("label_carrier", flat=True).first() or ""
    return carriers[carrier].can if carrier in carriers else frozenset()
