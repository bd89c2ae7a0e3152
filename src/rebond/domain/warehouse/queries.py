"""Parcels nobody announced, for screens: those whose order is known."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.orders.models import Order
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.models import LooseParcel


def parcels_to_file(shop: Shop, *, most: int) -> list[LooseParcel]:
    """Parcels that wait for a return of their order, with the order, the oldest first."""
    rows = LooseParcel.objects.filter(shop=shop, awaits_return=True).select_related("order")
    return list(rows.order_by("id")[:most])


def loose_parcel_of(order: Order, parcel_id: str) -> LooseParcel | None:
    """The parcel of ``order`` with this id that waits for a return; None where there is none."""
    try:
        which = UUID(parcel_id)
    except ValueError:
        return None
    rows = LooseParcel.objects.filter(shop_id=order.shop_id, order=order, awaits_return=True)
    return rows.filter(pk=which).first()
