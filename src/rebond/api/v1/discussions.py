"""Discussions over the API: a proposal is made, answered and read, before anything is decided."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of
from rebond.api.bodies import Body, Number
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.api.v1.return_shapes import find_return, known_return
from rebond.domain.discussions.actions import (
    Point,
    Proposal,
    answer_discussion,
    open_discussion,
    send_pieces_back,
)
from rebond.domain.discussions.models import Discussion
from rebond.domain.discussions.queries import discussion_of
from rebond.domain.discussions.states import Reply
from rebond.domain.machines.scopes import Scope

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class PointIn(Body):
    """So much of the price of some pieces of a line would be kept; 100: nothing is paid."""

    line: UUID
    quantity: Number = Field(..., ge=1, le=1_000_000)
    kept_percent: Number = Field(..., ge=1, le=100)


class ProposalIn(Body):
    """What was found and is proposed. ``photos`` are ids of photos of the return, at least one."""

    points: list[PointIn] = Field(..., min_length=1, max_length=500)
    text: str = Field(..., min_length=1, max_length=2000)
    clause: str = Field(..., min_length=1, max_length=2000)
    photos: list[UUID] = Field(..., min_length=1, max_length=10)
    days: Number = Field(5, ge=1, le=14)


class ReplyIn(Body):
    """What the shopper says; who contests says why."""

    reply: Literal["accept", "contest", "keep"]
    text: str = Field("", max_length=2000)


class SentBackIn(Body):
    """The parcel that brings the pieces back."""

    carrier: str = Field(..., min_length=1, max_length=60)
    tracking_number: str = Field("", max_length=80)


class DiscussedPointOut(Schema):
    """A part of the proposal; ``kept_minor`` in minor units of the order's currency."""

    line: str
    title: str
    quantity: int
    kept_percent: int
    kept_minor: int


class DiscussionOut(Schema):
    """A discussion. ``state``: ``open``, ``accepted``, ``contested``, ``keeps`` (the shopper wants
    the pieces back), ``sent_back`` or ``lapsed``."""

    id: str
    state: str
    points: list[DiscussedPointOut]
    text: str
    clause: str
    currency: str
    may_keep: bool
    made_at: str
    answer_by: str
    reply: str
    ended_at: str | None


@router.post(
    "/returns/{number}/discussions",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: DiscussionOut, **REFUSED},
    operation_id="open_discussion",
)
def propose(request: HttpRequest, number: str, told: ProposalIn) -> HttpResponse:
    """Show the shopper what was found; nothing is decided before their word or its day."""
    rma = known_return(request, number)
    proposal = Proposal(
        points=tuple(Point(one.line, one.quantity, one.kept_percent) for one in told.points),
        text=told.text,
        clause=told.clause,
        days=told.days,
        photos=tuple(told.photos),
    )

    def do(_: str) -> HttpResponse:
        made = open_discussion(rma.pk, proposal, by=actor_of(request))
        return JsonResponse(discussion_out(made), status=201)

    return once(request, f"POST returns/{rma.pk}/discussions", do)


@router.post(
    "/returns/{number}/discussion-replies",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: DiscussionOut, **REFUSED},
    operation_id="answer_discussion",
)
def answer(request: HttpRequest, number: str, told: ReplyIn) -> HttpResponse:
    """Take the shopper's word on the proposal."""
    rma = known_return(request, number)

    def do(_: str) -> HttpResponse:
        row = answer_discussion(rma.pk, Reply(told.reply), told.text, by=actor_of(request))
        return JsonResponse(discussion_out(row), status=201)

    return once(request, f"POST returns/{rma.pk}/discussion-replies", do)


@router.post(
    "/returns/{number}/discussion-shipments",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: DiscussionOut, **REFUSED},
    operation_id="send_pieces_back",
)
def send_back(request: HttpRequest, number: str, told: SentBackIn) -> HttpResponse:
    """Note that the pieces go back to who wanted them; the return is closed."""
    rma = known_return(request, number)

    def do(_: str) -> HttpResponse:
        row = send_pieces_back(
            rma.pk,
            carrier=told.carrier,
            tracking_number=told.tracking_number,
            by=actor_of(request),
        )
        return JsonResponse(discussion_out(row), status=201)

    return once(request, f"POST returns/{rma.pk}/discussion-shipments", do)


@router.get(
    "/returns/{number}/discussions",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[DiscussionOut], **REFUSED},
    operation_id="list_discussions",
)
def listing(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What was discussed about the return: at most one."""
    found = discussion_of(find_return(request, number))
    return [discussion_out(found)] if found is not None else []


def discussion_out(row: Discussion) -> dict[str, Any]:
    """What ``DiscussionOut`` describes."""
    return {
        "id": str(row.pk),
        "state": str(row.state),
        "points": row.points,
        "text": row.text,
        "clause": row.clause,
        "currency": row.currency,
        "may_keep": row.may_keep,
        "made_at": row.made_at.isoformat(),
        "answer_by": row.answer_by.isoformat(),
        "reply": row.reply,
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }
