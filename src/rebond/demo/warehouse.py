"""The demo's warehouse: two places, pieces on every way, a parcel that nobody announced."""

from __future__ import annotations

from itertools import cycle
from uuid import uuid4

from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import (
    NewScan,
    add_location,
    place_unit,
    redirect_unit,
    take_scan,
)
from rebond.domain.warehouse.grades import Disposition
from rebond.domain.warehouse.kinds import Command, Place, UnitState
from rebond.domain.warehouse.models import Location, Unit
from rebond.kernel.clock import now

BY = "staff:Karim Benali"
WAYS = (
    None,
    (Disposition.REFURBISH, "Griffure à polir"),
    (Disposition.RETURN_TO_VENDOR, "Défaut de série"),
    (Disposition.QUARANTINE, "Numéro de série illisible"),
    (Disposition.RESTOCK, "Comme neuf"),
)


def play_warehouse(shop: Shop) -> None:
    """Send accepted pieces on their ways, once."""
    if Location.objects.filter(shop=shop).exists():
        return
    shelf = add_location(shop, "Allée 3", Place.SELLABLE, by=BY)
    add_location(shop, "Seconde vie", Place.SECOND_HAND, by=BY)
    waiting = Unit.objects.filter(
        shop=shop, state=UnitState.WAITING, disposition=Disposition.RESTOCK
    )
    for unit, way in zip(waiting.order_by("id")[:10], cycle(WAYS), strict=False):
        if way is None:
            place_unit(shop, unit.pk, shelf.pk, by=BY)
        else:
            redirect_unit(shop, unit.pk, way[0], why=way[1], by=BY)
    told = NewScan(uuid4(), "demo", Command.SET_ASIDE, "6A98765432109", now())
    take_scan(shop, told, by=BY)
