"""Many shops with many receivers of events, and what became of the deliveries."""

import time
from typing import Any

from tests import world

from rebond.domain.orders.events import OrderEntered
from rebond.domain.shops.models import Shop
from rebond.kernel.models import Event
from rebond.outbound.notifications.models import Message
from rebond.outbound.webhooks.actions import add_endpoint
from rebond.outbound.webhooks.models import Attempt, Delivery

ENTERED = OrderEntered.name


def endpoints(addresses: list[list[str]]) -> dict[str, Any]:
    """A shop for each list, with an endpoint for each of its addresses, that hears of orders."""
    for place, of_shop in enumerate(addresses):
        shop = world.small_shop(f"ear-{place}")
        for address in of_shop:
            add_endpoint(shop, address, [ENTERED], known=[ENTERED], by="load")
    return {"shops": len(addresses)}


def events(each: int, per_second: float = 0) -> dict[str, Any]:
    """``each`` orders are entered in every one of those shops, so many in a second, or at once."""
    due = time.monotonic()
    for number in range(each):
        for shop in Shop.objects.filter(slug__startswith="ear-"):
            world.order_of(shop, number=f"E-{number}")
            due += 1 / per_second if per_second else 0
            time.sleep(max(0.0, due - time.monotonic()))
    return {"events": Event.objects.filter(name=ENTERED).count()}


def deliveries(dead: str) -> dict[str, Any]:
    """Deliveries to living endpoints: how many wait, the lag of each that arrived, in seconds."""
    living = Delivery.objects.exclude(endpoint__url__contains=dead)
    lags = [
        (at - made).total_seconds()
        for made, at in Attempt.objects.filter(
            delivery__in=living, status__range=(200, 299)
        ).values_list("delivery__made_at", "at")
    ]
    ends = Attempt.objects.filter(delivery__in=living).order_by("at").values_list("at", flat=True)
    span = (ends.last() - ends.first()).total_seconds() if ends else 0
    return {
        "waiting": living.filter(state="waiting").count(),
        "lags": lags,
        "seconds": span,
        "unanswered": Attempt.objects.filter(status=None).count(),
    }


def told() -> dict[str, Any]:
    """What became of the first event for the only address, and whether the shop got a mail."""
    delivery = Delivery.objects.select_related("endpoint").order_by("made_at", "id").first()
    assert delivery is not None
    tries = list(Attempt.objects.filter(delivery=delivery).order_by("at"))
    return {
        "state": delivery.state,
        "tries": len(tries),
        "hours": (tries[-1].at - tries[0].at).total_seconds() / 3600 if tries else 0,
        "longest": max((len(one.answer) for one in tries), default=0),
        "is_active": delivery.endpoint.is_active,
        "letters": Message.objects.filter(kind="endpoint_fails").count(),
    }
