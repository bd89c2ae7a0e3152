"""What people ask about their data, answered; and how long things are kept."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, check_parameters, walked
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.domain.privacy.actions import (
    ask_about_data,
    erase_person,
    hand_out_copy,
    refuse_request,
)
from rebond.domain.privacy.queries import kept_by, last_purge
from rebond.domain.shoppers.holdings import DataKind
from rebond.domain.shoppers.models import DataRequest, DataRequestState, RequestKind

router = Router(tags=["privacy"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class DataRequestIn(Body):
    """A request that reached the shop outside its portal.

    ``note`` says how it came, and how the shop knows that it is this person.
    """

    kind: RequestKind
    email: str = Field(..., min_length=3, max_length=254)
    note: str = Field(..., min_length=1, max_length=500)


class RefusalIn(Body):
    """Why nothing is handed out or erased; the person reads it."""

    answer: str = Field(..., min_length=1, max_length=500)


class DataRequestOut(Schema):
    """A request for a ``copy`` of somebody's data, or to ``erase`` it.

    ``email`` is empty once the letter about its end has left. ``is_proven``: a code was typed that
    only this mailbox got. ``kept`` counts rows that the law has the shop keep after an erasure.
    """

    id: str
    kind: RequestKind
    state: DataRequestState
    email: str
    is_proven: bool
    note: str
    asked_at: str
    due_on: str
    ended_at: str | None
    answer: str
    kept: int


class DataRequestsOut(Schema):
    """Requests, the oldest first. ``next`` goes into ``after``; empty where the list ends."""

    items: list[DataRequestOut]
    next: str


class DataRequestFilters(Schema):
    """Which requests, from where."""

    state: DataRequestState | None = None
    kind: RequestKind | None = None
    after: UUID | None = None
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


class RetentionOut(Schema):
    """How many months one kind of data is kept, by default and at least; ``rule`` says why."""

    kind: DataKind
    months: int
    usual: int
    least: int
    rule: str


class PurgeOut(Schema):
    """The last removal that came to its end: how much went, by kind of data."""

    begun_at: str
    ended_at: str
    rows: dict[str, int]


class RetentionsOut(Schema):
    """Each kind of data, and what was removed last."""

    kinds: list[RetentionOut]
    last_purge: PurgeOut | None


@router.get(
    "/data-requests",
    auth=Key(Scope.PRIVACY_READ),
    response={200: DataRequestsOut, **REFUSED},
    operation_id="list_data_requests",
)
def listed(
    request: HttpRequest, asked: Annotated[DataRequestFilters, Query(...)]
) -> dict[str, Any]:
    """What people asked about their data."""
    check_parameters(request, {"state", "kind", "after"})
    rows = DataRequest.objects.filter(shop=shop_of(request))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind)
    return walked(rows, after=asked.after, limit=asked.limit, shape=_out)


@router.get(
    "/data-requests/{request_id}",
    auth=Key(Scope.PRIVACY_READ),
    response={200: DataRequestOut, **REFUSED},
    operation_id="read_data_request",
)
def read(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """One request, and what became of it."""
    return _out(_known(request, request_id))


@router.post(
    "/data-requests",
    auth=Key(Scope.PRIVACY_WRITE),
    response={201: DataRequestOut, **REFUSED},
    operation_id="note_data_request",
)
def note(request: HttpRequest, wanted: DataRequestIn) -> HttpResponse:
    """Note that somebody asks. Needs an ``Idempotency-Key``. The answer is due within a month."""
    shop = shop_of(request)

    def do(_: str) -> HttpResponse:
        made = ask_about_data(
            shop,
            wanted.kind,
            wanted.email,
            by=actor_of(request),
            language=shop.language,
            note=wanted.note,
        )
        return JsonResponse(_out(made), status=201)

    return once(request, "POST data-requests", do)


@router.post(
    "/data-requests/{request_id}/fulfilments",
    auth=Key(Scope.PRIVACY_WRITE),
    response={201: DataRequestOut, **REFUSED},
    operation_id="fulfil_data_request",
)
def fulfil(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Do what was asked for. Needs an ``Idempotency-Key``.

    A copy goes to the person alone: a link by mail, good for seven days. An erasure cannot be
    undone; it is refused while something with the person is unfinished (``matters_open``).
    """
    asked = _known(request, request_id)
    act = hand_out_copy if asked.kind == RequestKind.COPY else erase_person

    def do(_: str) -> HttpResponse:
        return JsonResponse(_out(act(asked.pk, by=actor_of(request))), status=201)

    return once(request, f"POST data-requests/{asked.pk}/fulfilments", do)


@router.post(
    "/data-requests/{request_id}/refusals",
    auth=Key(Scope.PRIVACY_WRITE),
    response={201: DataRequestOut, **REFUSED},
    operation_id="refuse_data_request",
)
def refuse(request: HttpRequest, request_id: UUID, wanted: RefusalIn) -> HttpResponse:
    """Say no, and why. Needs an ``Idempotency-Key``."""
    asked = _known(request, request_id)

    def do(_: str) -> HttpResponse:
        ended = refuse_request(asked.pk, answer=wanted.answer, by=actor_of(request))
        return JsonResponse(_out(ended), status=201)

    return once(request, f"POST data-requests/{asked.pk}/refusals", do)


@router.get(
    "/retention",
    auth=Key(Scope.PRIVACY_READ),
    response={200: RetentionsOut, **REFUSED},
    operation_id="read_retention",
)
def retention(request: HttpRequest) -> dict[str, Any]:
    """How long what is kept."""
    shop = shop_of(request)
    purge = last_purge(shop)
    return {
        "kinds": [vars(one) for one in kept_by(shop)],
        "last_purge": {
            "begun_at": purge.begun_at.isoformat(),
            "ended_at": purge.ended_at.isoformat(),
            "rows": purge.rows,
        }
        if purge is not None and purge.ended_at is not None
        else None,
    }


def _known(request: HttpRequest, request_id: UUID) -> DataRequest:
    found = DataRequest.objects.filter(shop=shop_of(request), pk=request_id).first()
    if found is None:
        raise Http404
    return found


def _out(asked: DataRequest) -> dict[str, Any]:
    return {
        "id": str(asked.pk),
        "kind": asked.kind,
        "state": asked.state,
        "email": asked.email,
        "is_proven": asked.is_proven,
        "note": asked.note,
        "asked_at": asked.asked_at.isoformat(),
        "due_on": asked.due_on.isoformat(),
        "ended_at": asked.ended_at.isoformat() if asked.ended_at else None,
        "answer": asked.answer,
        "kept": asked.kept,
    }
