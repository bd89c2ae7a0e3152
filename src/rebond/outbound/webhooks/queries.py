"""Shapes for the pages and the API about webhooks."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from rebond.domain.shops.models import Shop
from rebond.kernel.events import Event
from rebond.outbound.webhooks.models import Delivery, DeliveryState, Endpoint


def event_names() -> list[str]:
    """The names of all events that there are, sorted."""
    kinds, found = list(Event.__subclasses__()), set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("rebond.") and "name" in vars(kind):
            found.add(kind.name)
    return sorted(found - {""})


def endpoints_of(shop: Shop) -> QuerySet[Endpoint]:
    """The endpoints, oldest first, with ``waiting`` and ``dead`` deliveries counted."""
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    dead = Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD))
    rows = Endpoint.objects.filter(shop=shop).annotate(waiting=waiting, dead=dead)
    return rows.order_by("made_at", "id")


def deliveries_of(endpoint: Endpoint) -> QuerySet[Delivery]:
    """What was sent to ``endpoint`` or is to be, without the bytes."""
    return Delivery.objects.filter(shop_id=endpoint.shop_id, endpoint=endpoint).defer("body")
