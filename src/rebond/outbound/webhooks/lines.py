"""Who is next: of the events about one thing an endpoint gets one after the other.

Used inside actions only.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from rebond.kernel.actions import once_in_action
from rebond.kernel.clock import now
from rebond.kernel.jobs import later
from rebond.kernel.models import Event
from rebond.kernel.prepared import Prepared
from rebond.outbound.webhooks.body import body_of
from rebond.outbound.webhooks.models import Delivery, DeliveryState, Endpoint

SEND = "rebond.outbound.webhooks.jobs.send"
SEND_TO_SLOW = "rebond.outbound.webhooks.jobs.send_to_slow"


def fan_out(row: Event) -> None:
    """Queue ``row`` for every endpoint that wants it, in the transaction that wrote it."""
    for endpoint in once_in_action(("endpoints", row.shop_id), partial(_active.all, row.shop_id)):
        if endpoint.wants(row.name):
            send_soon(delivery_for(endpoint, row))


_active = Prepared(lambda shop_id: Endpoint.objects.filter(shop_id=shop_id, is_active=True), UUID)


def delivery_for(endpoint: Endpoint, row: Event) -> Delivery:
    """The delivery of ``row`` to ``endpoint``, made where there is none yet."""
    made, _ = Delivery.objects.get_or_create(
        shop_id=row.shop_id,
        endpoint=endpoint,
        event_id=row.pk,
        defaults={
            "subject": row.subject,
            "sequence": row.sequence,
            "name": row.name,
            "body": body_of(row),
            "next_at": now(),
            "made_at": now(),
        },
    )
    made.endpoint = endpoint
    return made


def send_soon(delivery: Delivery) -> None:
    """Try ``delivery`` when its time has come; who keeps others waiting is served apart."""
    path = SEND_TO_SLOW if delivery.endpoint.is_slow else SEND
    later(path, delivery.pk, shop_id=delivery.shop_id, run_at=delivery.next_at)


def is_behind(delivery: Delivery) -> bool:
    """Whether an earlier event about the same thing has not arrived and may still."""
    return in_line(delivery).filter(sequence__lt=delivery.sequence).exists()


def in_line(delivery: Delivery) -> QuerySet[Delivery]:
    """All that waits for the same endpoint about the same thing."""
    return Delivery.objects.filter(
        shop_id=delivery.shop_id,
        endpoint_id=delivery.endpoint_id,
        subject=delivery.subject,
        state=DeliveryState.WAITING,
    )


def heads_due(shop_id: UUID, most: int) -> list[Delivery]:
    """What is due now and behind nothing, for endpoints that are on."""
    earlier = Delivery.objects.filter(
        shop_id=OuterRef("shop_id"),
        endpoint_id=OuterRef("endpoint_id"),
        subject=OuterRef("subject"),
        sequence__lt=OuterRef("sequence"),
        state=DeliveryState.WAITING,
    )
    due = Delivery.objects.filter(
        shop_id=shop_id,
        state=DeliveryState.WAITING,
        next_at__lte=now(),
        endpoint__is_active=True,
    ).select_related("endpoint")
    return list(due.filter(~Exists(earlier)).order_by("next_at", "id")[:most])
