"""Everything that happened, as a feed that can be read from any place again.

An outage at the reader loses nothing: events are never deleted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, shop_of
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, check_parameters, walked
from rebond.domain.machines.scopes import Scope
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.outbound.webhooks.body import event_out

router = Router(tags=["events"])
REFUSED = {401: Problem, 403: Problem, 422: Problem}
# Ids are made before their transaction commits: what is younger may still get a neighbour.
SETTLED_AFTER = timedelta(seconds=10)


class EventOut(Schema):
    """Something that happened to ``subject``; ``data`` as docs/reference/events.md says."""

    id: str
    type: str
    timestamp: str
    subject: str
    sequence: int
    actor: str
    data: dict[str, Any]


class EventsOut(Schema):
    """Events, oldest first. ``next`` is the ``after`` of the next page, empty at the end."""

    items: list[EventOut]
    next: str


class EventFilters(Schema):
    """From where, how many, and which ``types`` (names with commas; all where empty)."""

    after: UUID | None = None
    limit: int = Field(100, ge=1, le=LONGEST_PAGE)
    types: str = Field("", max_length=2000)


@router.get(
    "/events",
    auth=Key(Scope.EVENTS_READ),
    response={200: EventsOut, **REFUSED},
    operation_id="list_events",
)
def events(request: HttpRequest, asked: Annotated[EventFilters, Query(...)]) -> dict[str, Any]:
    """What happened after the event ``after``. Younger than ten seconds comes with the next call.

    Keep the id of the last event that you read and send it again: nothing is left out.
    """
    check_parameters(request, {"after", "types"})
    rows = Event.objects.filter(shop_id=shop_of(request).pk, at__lte=now() - SETTLED_AFTER)
    names = [name.strip() for name in asked.types.split(",") if name.strip()]
    if names:
        rows = rows.filter(name__in=names)
    return walked(rows, after=asked.after, limit=asked.limit, shape=event_out)
