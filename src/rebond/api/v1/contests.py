"""Contested grades over the API: asked for, and read. Only a person at the desk answers one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.api.v1.return_shapes import find_return, known_return
from rebond.domain.contests.actions import contest_grade
from rebond.domain.contests.models import Contest
from rebond.domain.contests.queries import contest_of
from rebond.domain.machines.scopes import Scope

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class ContestIn(Body):
    """What the shopper sees differently, in their words."""

    text: str = Field(..., min_length=1, max_length=2000)


class ContestOut(Schema):
    """A contested grade; ``outcome`` is null while it is open, then ``stands`` or ``corrected``."""

    id: str
    text: str
    made_at: str
    answer_by: str
    outcome: str | None
    answer: str
    answered_at: str | None


@router.post(
    "/returns/{number}/contests",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: ContestOut, **REFUSED},
    operation_id="contest_grade",
)
def contest(request: HttpRequest, number: str, said: ContestIn) -> HttpResponse:
    """Have somebody else look at the grades of the return again, once."""
    rma = known_return(request, number)

    def do(_: str) -> HttpResponse:
        made = contest_grade(rma.pk, said.text, by=actor_of(request))
        return JsonResponse(contest_out(made), status=201)

    return once(request, f"POST returns/{rma.pk}/contests", do)


@router.get(
    "/returns/{number}/contests",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[ContestOut], **REFUSED},
    operation_id="list_contests",
)
def listing(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What was contested about the return: at most one."""
    found = contest_of(find_return(request, number))
    return [contest_out(found)] if found is not None else []


def contest_out(contest: Contest) -> dict[str, Any]:
    """What ``ContestOut`` describes."""
    return {
        "id": str(contest.pk),
        "text": contest.text,
        "made_at": contest.made_at.isoformat(),
        "answer_by": contest.answer_by.isoformat(),
        "outcome": contest.outcome or None,
        "answer": contest.answer,
        "answered_at": contest.answered_at.isoformat() if contest.answered_at else None,
    }
