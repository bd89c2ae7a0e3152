"""The verbs of webhooks: name an endpoint, change it, take a try, write its answer, send again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.ids import uuid7
from rebond.kernel.models import Event
from rebond.outbound.webhooks.addresses import check_address
from rebond.outbound.webhooks.errors import EndpointOff, TooManyEndpoints, UnknownEvent
from rebond.outbound.webhooks.events import EndpointChanged, EndpointGone, EndpointSilent
from rebond.outbound.webhooks.lines import delivery_for, in_line, is_behind, send_soon
from rebond.outbound.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint
from rebond.outbound.webhooks.queries import event_names
from rebond.outbound.webhooks.signing import headers_of

MOST_ENDPOINTS = 20
MOST_AT_ONCE = 1000
LOST_AFTER = timedelta(minutes=2)
LONGEST_ANSWER = 2000
SLOW_MILLISECONDS = 4000
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between ten tries; 75 h 35 min in all. Source: Standard Webhooks 1.0, "Deliverability"."""


@dataclass(frozen=True)
class Try:
    """A try that has to be made now: what goes where. ``number`` counts from 1."""

    delivery_id: UUID
    number: int
    url: str
    body: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What came of a try. ``status`` None: no answer, ``error`` says why."""

    status: int | None
    body: str
    error: str
    milliseconds: int


@action
def add_endpoint(
    shop: Shop,
    url: str,
    types: Sequence[str],
    *,
    known: Collection[str],
    by: str,
    endpoint_id: UUID | None = None,
) -> Endpoint:
    """Send events of ``types`` (all where empty) to ``url`` from now on.

    ``known`` are the names of all events; the same ``endpoint_id`` twice is one endpoint. Raises
    ``AddressRefused``, ``UnknownEvent`` and ``TooManyEndpoints``.
    """
    made = Endpoint.objects.filter(shop=shop, pk=endpoint_id).first() if endpoint_id else None
    if made is not None:
        return made
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if Endpoint.objects.filter(shop=shop).count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(limit=MOST_ENDPOINTS)
    endpoint = Endpoint.objects.create(
        id=endpoint_id or uuid7(),
        shop=shop,
        url=check_address(url),
        types=_checked(types, known),
        made_by=by,
        made_at=now(),
    )
    _say(endpoint, by)
    return endpoint


@action
def change_endpoint(
    shop: Shop,
    endpoint_id: UUID,
    *,
    url: str,
    types: Sequence[str],
    is_active: bool,
    known: Collection[str],
    by: str,
) -> Endpoint:
    """Set the address, the types, and whether anything is sent. Raises as ``add_endpoint``."""
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(shop=shop, pk=endpoint_id)
    endpoint.url, endpoint.types = check_address(url), _checked(types, known)
    endpoint.is_active = is_active
    endpoint.why_off = "" if is_active else (endpoint.why_off or "by_hand")
    endpoint.save(update_fields=["url", "types", "is_active", "why_off"])
    _say(endpoint, by)
    return endpoint


@action
def rotate_secret(shop: Shop, endpoint_id: UUID, *, by: str) -> Endpoint:
    """Sign with a new secret; the old one signs beside it for a day."""
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(shop=shop, pk=endpoint_id)
    endpoint.generation += 1
    endpoint.rotated_at = now()
    endpoint.save(update_fields=["generation", "rotated_at"])
    _say(endpoint, by)
    return endpoint


@action
def begin_try(delivery_id: UUID, *, among_slow: bool = False) -> Try | None:
    """Take the next try of a delivery; None when it is not its time, or another is before it.

    What was queued before its receiver became slow waits ``among_slow`` ones from now on.
    """
    delivery = (
        Delivery.objects.select_for_update(no_key=True, of=("self",))
        .select_related("endpoint")
        .get(pk=delivery_id)
    )
    endpoint, moment = delivery.endpoint, now()
    is_due = delivery.state == DeliveryState.WAITING and delivery.next_at <= moment
    if not is_due or not endpoint.is_active or is_behind(delivery):
        return None
    if endpoint.is_slow and not among_slow:
        send_soon(delivery)
        return None
    delivery.attempts += 1
    delivery.next_at = moment + LOST_AFTER
    delivery.save(update_fields=["attempts", "next_at"])
    headers = headers_of(
        endpoint.pk,
        endpoint.generation,
        endpoint.rotated_at,
        message_id=str(delivery.pk),
        body=delivery.body,
        at=moment,
    )
    return Try(delivery.pk, delivery.attempts, endpoint.url, delivery.body, headers)


@action
def end_try(delivery_id: UUID, number: int, answer: Answer) -> None:
    """Write down what came of try ``number``; what follows is a pause, the next event, or nothing.

    410 turns the endpoint off, and the shop hears of it; so it does when the last try has failed,
    once a day. A try that was thought lost and answers late changes nothing.
    """
    delivery = (
        Delivery.objects.select_for_update(no_key=True, of=("self",))
        .select_related("endpoint")
        .get(pk=delivery_id)
    )
    _note_pace(delivery.endpoint, answer)
    Attempt.objects.create(
        shop_id=delivery.shop_id,
        delivery=delivery,
        status=answer.status,
        answer=answer.body[:LONGEST_ANSWER].replace("\0", ""),
        error=answer.error[:200],
        milliseconds=answer.milliseconds,
        at=now(),
    )
    if delivery.attempts != number or delivery.state != DeliveryState.WAITING:
        return
    delivery.last_status = answer.status
    if answer.status is not None and 200 <= answer.status < 300:
        delivery.state = DeliveryState.DELIVERED
    elif answer.status == 410 or number > len(PAUSES):
        delivery.state = DeliveryState.DEAD
    else:
        delivery.next_at = now() + PAUSES[number - 1]
        send_soon(delivery)
    delivery.save(update_fields=["state", "next_at", "last_status"])
    if answer.status == 410:
        _turn_off(delivery.endpoint)
    elif delivery.state == DeliveryState.DEAD:
        _say_silent(delivery.endpoint)
    following = in_line(delivery).order_by("sequence").first()
    if delivery.state != DeliveryState.WAITING and following is not None:
        following.endpoint = delivery.endpoint
        send_soon(following)


@action
def replay(shop: Shop, delivery_id: UUID) -> Delivery:
    """Send a delivery again: the same id, the same bytes. Raises ``EndpointOff``."""
    found = Delivery.objects.select_for_update(no_key=True, of=("self",))
    delivery = found.select_related("endpoint").get(shop=shop, pk=delivery_id)
    if not delivery.endpoint.is_active:
        raise EndpointOff
    _wait_again(delivery)
    return delivery


@action
def replay_range(shop: Shop, endpoint_id: UUID, *, since: datetime, until: datetime) -> int:
    """Send again what happened from ``since`` to ``until``, at most 1000 events; says how many.

    An event that was never queued, because the endpoint was off, is sent too. Raises
    ``EndpointOff``.
    """
    endpoint = Endpoint.objects.get(shop=shop, pk=endpoint_id)
    if not endpoint.is_active:
        raise EndpointOff
    # Names first: the index of events begins with them.
    named = Event.objects.filter(shop_id=shop.pk, name__in=endpoint.types or event_names())
    found = list(named.filter(at__gte=since, at__lt=until).order_by("pk")[:MOST_AT_ONCE])
    for row in found:
        _wait_again(delivery_for(endpoint, row))
    return len(found)


def _checked(types: Sequence[str], known: Collection[str]) -> list[str]:
    for name in types:
        if name not in known:
            raise UnknownEvent(type=name[:60])
    return sorted(set(types))


def _say(endpoint: Endpoint, by: str) -> None:
    event = EndpointChanged(str(endpoint.pk), "yes" if endpoint.is_active else "no")
    record(event, shop_id=endpoint.shop_id, actor=by)


def _note_pace(endpoint: Endpoint, answer: Answer) -> None:
    is_slow = answer.status is None or answer.milliseconds > SLOW_MILLISECONDS
    if endpoint.is_slow != is_slow:
        endpoint.is_slow = is_slow
        endpoint.save(update_fields=["is_slow"])


def _turn_off(endpoint: Endpoint) -> None:
    endpoint.is_active, endpoint.why_off = False, "gone"
    endpoint.save(update_fields=["is_active", "why_off"])
    record(EndpointGone(str(endpoint.pk)), shop_id=endpoint.shop_id, actor="system")


def _say_silent(endpoint: Endpoint) -> None:
    event, since = EndpointSilent(str(endpoint.pk)), now() - timedelta(days=1)
    said = Event.objects.filter(shop_id=endpoint.shop_id, name=event.name, at__gt=since)
    if not said.filter(subject=endpoint.pk).exists():
        record(event, shop_id=endpoint.shop_id, actor="system")


def _wait_again(delivery: Delivery) -> None:
    delivery.state, delivery.attempts, delivery.next_at = DeliveryState.WAITING, 0, now()
    delivery.save(update_fields=["state", "attempts", "next_at"])
    send_soon(delivery)
