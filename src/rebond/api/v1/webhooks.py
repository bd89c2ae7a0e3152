"""Webhooks out, over the API: endpoints, their secrets, what was sent, sending it again."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Moment, YesOrNo
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.outbound.webhooks.actions import (
    add_endpoint,
    change_endpoint,
    replay,
    replay_range,
    rotate_secret,
)
from rebond.outbound.webhooks.models import Delivery, DeliveryState, Endpoint
from rebond.outbound.webhooks.queries import deliveries_of, event_names
from rebond.outbound.webhooks.signing import secret_of

router = Router(tags=["webhooks"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class EndpointIn(Body):
    """Where events go. ``types`` are names of events; all of them where it is empty."""

    url: str = Field(..., min_length=1, max_length=500)
    types: list[str] = Field(default_factory=list, max_length=300)


class EndpointChangeIn(EndpointIn):
    """The whole endpoint as it shall be."""

    is_active: YesOrNo = True


class EndpointOut(Schema):
    """An endpoint. ``why_off``: ``gone`` after a 410, ``by_hand``, or empty while it is on."""

    id: str
    url: str
    types: list[str]
    is_active: bool
    why_off: str
    made_at: str


class EndpointWithSecretOut(EndpointOut):
    """The same with its secret, which is shown this once; empty when the request is repeated."""

    secret: str


class AttemptOut(Schema):
    """One try. ``status`` is null where there was no answer."""

    status: int | None
    answer: str
    error: str
    milliseconds: int
    at: str


class DeliveryOut(Schema):
    """One event for one endpoint. ``id`` is the ``webhook-id`` of every try."""

    id: str
    endpoint: str
    event: str
    type: str
    subject: str
    sequence: int
    state: str
    attempts: int
    next_at: str | None
    last_status: int | None
    made_at: str


class DeliveriesOut(PageOut):
    """A page of deliveries, newest first."""

    items: list[DeliveryOut]


class WholeDeliveryOut(DeliveryOut):
    """A delivery with the body that is sent and every try."""

    body: str
    tries: list[AttemptOut]


class RangeIn(Body):
    """Everything that happened from ``since`` to ``until``, at most 1000 events."""

    since: Moment
    until: Moment


class ReplayedOut(Schema):
    """How many events are sent again."""

    count: int


class DeliveryFilters(Schema):
    """Which deliveries are listed."""

    state: DeliveryState | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


@router.post(
    "/webhook-endpoints",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={201: EndpointWithSecretOut, **REFUSED},
    operation_id="create_webhook_endpoint",
)
def create(request: HttpRequest, wanted: EndpointIn) -> HttpResponse:
    """Send events to an address from now on. Needs an ``Idempotency-Key``."""

    def do(name: str) -> HttpResponse:
        made = add_endpoint(
            shop_of(request),
            wanted.url,
            wanted.types,
            known=event_names(),
            by=actor_of(request),
            endpoint_id=UUID(name.removeprefix("api:")),
        )
        return _with_secret(made, status=201)

    return once(request, "POST webhook-endpoints", do)


@router.get(
    "/webhook-endpoints",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={200: list[EndpointOut], **REFUSED},
    operation_id="list_webhook_endpoints",
)
def endpoints(request: HttpRequest) -> list[dict[str, Any]]:
    """All endpoints, oldest first."""
    rows = Endpoint.objects.filter(shop=shop_of(request)).order_by("made_at", "id")
    return [_endpoint_out(endpoint) for endpoint in rows]


@router.get(
    "/webhook-endpoints/{endpoint_id}",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={200: EndpointOut, **REFUSED},
    operation_id="read_webhook_endpoint",
)
def endpoint(request: HttpRequest, endpoint_id: UUID) -> dict[str, Any]:
    """One endpoint."""
    return _endpoint_out(_endpoint(request, endpoint_id))


@router.put(
    "/webhook-endpoints/{endpoint_id}",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={200: EndpointOut, **REFUSED},
    operation_id="change_webhook_endpoint",
)
def change(request: HttpRequest, endpoint_id: UUID, wanted: EndpointChangeIn) -> dict[str, Any]:
    """Set the address, the types, and whether anything is sent."""
    found = _endpoint(request, endpoint_id)
    changed = change_endpoint(
        shop_of(request),
        found.pk,
        url=wanted.url,
        types=wanted.types,
        is_active=wanted.is_active,
        known=event_names(),
        by=actor_of(request),
    )
    return _endpoint_out(changed)


@router.post(
    "/webhook-endpoints/{endpoint_id}/secrets",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={201: EndpointWithSecretOut, **REFUSED},
    operation_id="rotate_webhook_secret",
)
def rotate(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Sign with a new secret; for a day the old one signs too. Needs an ``Idempotency-Key``."""
    found = _endpoint(request, endpoint_id)

    def do(_: str) -> HttpResponse:
        rotated = rotate_secret(shop_of(request), found.pk, by=actor_of(request))
        return _with_secret(rotated, status=201)

    return once(request, f"POST webhook-endpoints/{found.pk}/secrets", do)


@router.get(
    "/webhook-endpoints/{endpoint_id}/deliveries",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={200: DeliveriesOut, **REFUSED},
    operation_id="list_webhook_deliveries",
)
def deliveries(
    request: HttpRequest, endpoint_id: UUID, asked: Annotated[DeliveryFilters, Query(...)]
) -> HttpResponse:
    """What was sent to the endpoint or is to be, newest first."""
    check_parameters(request, {"state"})
    rows = deliveries_of(_endpoint(request, endpoint_id))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    return listed(rows, by="made_at", cursor=asked.cursor, limit=asked.limit, shape=_delivery_out)


@router.get(
    "/webhook-deliveries/{delivery_id}",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={200: WholeDeliveryOut, **REFUSED},
    operation_id="read_webhook_delivery",
)
def delivery(request: HttpRequest, delivery_id: UUID) -> dict[str, Any]:
    """One delivery with its body and what each try was answered."""
    return _whole(_delivery(request, delivery_id))


@router.post(
    "/webhook-deliveries/{delivery_id}/replays",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={201: WholeDeliveryOut, **REFUSED},
    operation_id="replay_webhook_delivery",
)
def send_again(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Send it again: the same id, the same bytes. Needs an ``Idempotency-Key``."""
    found = _delivery(request, delivery_id)

    def do(_: str) -> HttpResponse:
        made = replay(shop_of(request), found.pk)
        return JsonResponse(_whole(made), status=201)

    return once(request, f"POST webhook-deliveries/{found.pk}/replays", do)


@router.post(
    "/webhook-endpoints/{endpoint_id}/replays",
    auth=Key(Scope.WEBHOOKS_WRITE),
    response={201: ReplayedOut, **REFUSED},
    operation_id="replay_webhook_range",
)
def send_range_again(request: HttpRequest, endpoint_id: UUID, wanted: RangeIn) -> HttpResponse:
    """Send again what happened in a while, also what was missed while the endpoint was off."""
    found = _endpoint(request, endpoint_id)

    def do(_: str) -> HttpResponse:
        count = replay_range(shop_of(request), found.pk, since=wanted.since, until=wanted.until)
        return JsonResponse({"count": count}, status=201)

    return once(request, f"POST webhook-endpoints/{found.pk}/replays", do)


def _endpoint(request: HttpRequest, endpoint_id: UUID) -> Endpoint:
    found = Endpoint.objects.filter(shop=shop_of(request), pk=endpoint_id).first()
    if found is None:
        raise Http404
    return found


def _delivery(request: HttpRequest, delivery_id: UUID) -> Delivery:
    found = Delivery.objects.filter(shop=shop_of(request), pk=delivery_id).first()
    if found is None:
        raise Http404
    return found


def _with_secret(made: Endpoint, *, status: int) -> HttpResponse:
    shown = _endpoint_out(made)
    secret = secret_of(made.pk, made.generation)
    answer = JsonResponse(shown | {"secret": secret}, status=status)
    answer.kept_body = JsonResponse(shown | {"secret": ""}).content.decode()  # type: ignore[attr-defined]
    return answer


def _endpoint_out(found: Endpoint) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "url": found.url,
        "types": found.types,
        "is_active": found.is_active,
        "why_off": found.why_off,
        "made_at": found.made_at.isoformat(),
    }


def _delivery_out(found: Delivery) -> dict[str, Any]:
    is_waiting = found.state == DeliveryState.WAITING
    return {
        "id": str(found.pk),
        "endpoint": str(found.endpoint_id),
        "event": str(found.event_id),
        "type": found.name,
        "subject": str(found.subject),
        "sequence": found.sequence,
        "state": str(found.state),
        "attempts": found.attempts,
        "next_at": found.next_at.isoformat() if is_waiting else None,
        "last_status": found.last_status,
        "made_at": found.made_at.isoformat(),
    }


def _whole(found: Delivery) -> dict[str, Any]:
    tries = [
        {
            "status": one.status,
            "answer": one.answer,
            "error": one.error,
            "milliseconds": one.milliseconds,
            "at": one.at.isoformat(),
        }
        for one in found.tries.order_by("at", "id")
    ]
    return _delivery_out(found) | {"body": found.body, "tries": tries}
