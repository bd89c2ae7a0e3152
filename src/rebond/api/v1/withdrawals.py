"""Statements of withdrawal over the API: read word for word, matched, made a return, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Number
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.domain.withdrawals.actions import (
    accept_withdrawal,
    answer_withdrawal,
    match_statement,
)
from rebond.domain.withdrawals.models import WithdrawalCase
from rebond.domain.withdrawals.states import AnswerReason, CaseState

router = Router(tags=["law"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class PieceOut(Schema):
    """Pieces of an order line that the consumer named."""

    order_line: str
    sku: str
    quantity: int


class WithdrawalOut(Schema):
    """A statement as it was made, and what became of it.

    ``text`` is the whole of it in the consumer's ``language``, sealed by ``sha256``; ``received``
    the moment on the shop's wall. ``pieces`` is empty where all is meant. ``question`` says why a
    person has to look. ``is_flood`` marks what came with very many others from one place.
    """

    id: str
    reference: str
    state: CaseState
    question: str
    received: str
    language: str
    name: str
    email: str
    contract: str
    note: str
    text: str
    sha256: str
    pieces: list[PieceOut]
    is_flood: bool
    order: str | None
    return_number: str | None
    last_day: str | None
    is_late: bool
    answer_reason: str
    answer_basis: str
    answer_note: str


class WithdrawalsOut(PageOut):
    """A page of statements, newest first."""

    items: list[WithdrawalOut]


class WithdrawalFilters(Schema):
    """Which statements, from where."""

    state: CaseState | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


class MatchIn(Body):
    """The order that is meant."""

    order: str = Field(..., min_length=1, max_length=80)


class WithdrawnPiecesIn(Body):
    """Pieces of one line of the order."""

    order_line: UUID
    quantity: Number = Field(..., ge=1, le=1_000_000)


class AcceptIn(Body):
    """What comes back."""

    lines: list[WithdrawnPiecesIn] = Field(..., min_length=1, max_length=500)


class WithdrawalAnswerIn(Body):
    """Why no return follows, and words to the consumer in their language."""

    reason: AnswerReason
    note: str = Field(..., min_length=1, max_length=2000)


@router.get(
    "/withdrawals",
    auth=Key(Scope.RETURNS_READ),
    response={200: WithdrawalsOut, **REFUSED},
    operation_id="list_withdrawals",
)
def withdrawals(
    request: HttpRequest, asked: Annotated[WithdrawalFilters, Query(...)]
) -> HttpResponse:
    """Who withdrew, newest first."""
    check_parameters(request, {"state"})
    rows = WithdrawalCase.objects.filter(shop=shop_of(request))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    detailed = rows.select_related("statement", "order", "rma").defer(
        "order__derived", "rma__terms"
    )
    return listed(detailed, by="submitted_at", cursor=asked.cursor, limit=asked.limit, shape=_out)


@router.get(
    "/withdrawals/{reference}",
    auth=Key(Scope.RETURNS_READ),
    response={200: WithdrawalOut, **REFUSED},
    operation_id="read_withdrawal",
)
def read(request: HttpRequest, reference: str) -> dict[str, Any]:
    """One statement by its reference."""
    return _out(_found(request, reference))


@router.post(
    "/withdrawals/{reference}/matches",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: WithdrawalOut, **REFUSED},
    operation_id="match_withdrawal",
)
def match(request: HttpRequest, reference: str, wanted: MatchIn) -> HttpResponse:
    """Say which order is meant. Needs an ``Idempotency-Key``, as do the other calls here."""

    def do(statement_id: UUID) -> None:
        match_statement(statement_id, wanted.order, by=actor_of(request))

    return _done(request, reference, "matches", do)


@router.post(
    "/withdrawals/{reference}/returns",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: WithdrawalOut, **REFUSED},
    operation_id="accept_withdrawal",
)
def accept(request: HttpRequest, reference: str, wanted: AcceptIn) -> HttpResponse:
    """Make the statement a return, as the law wants it; its number is in the answer."""

    def do(statement_id: UUID) -> None:
        pieces: dict[UUID, int] = {}
        for line in wanted.lines:
            pieces[line.order_line] = pieces.get(line.order_line, 0) + line.quantity
        accept_withdrawal(statement_id, pieces, by=actor_of(request))

    return _done(request, reference, "returns", do)


@router.post(
    "/withdrawals/{reference}/answers",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: WithdrawalOut, **REFUSED},
    operation_id="answer_withdrawal",
)
def answer(request: HttpRequest, reference: str, wanted: WithdrawalAnswerIn) -> HttpResponse:
    """Write to the consumer why no return follows; the article is added by itself."""

    def do(statement_id: UUID) -> None:
        answer_withdrawal(statement_id, wanted.reason, note=wanted.note, by=actor_of(request))

    return _done(request, reference, "answers", do)


def _done(
    request: HttpRequest, reference: str, verb: str, do: Callable[[UUID], None]
) -> HttpResponse:
    case = _found(request, reference)

    def change(_: str) -> HttpResponse:
        do(case.statement_id)
        return JsonResponse(_out(_found(request, reference)), status=201)

    return once(request, f"POST withdrawals/{case.pk}/{verb}", change)


def _found(request: HttpRequest, reference: str) -> WithdrawalCase:
    found = (
        WithdrawalCase.objects.select_related("statement", "order", "rma")
        .filter(shop=shop_of(request), statement__reference=reference[:40])
        .first()
    )
    if found is None:
        raise Http404
    return found


def _out(case: WithdrawalCase) -> dict[str, Any]:
    said = case.statement
    return {
        "id": str(said.pk),
        "reference": said.reference,
        "state": case.state,
        "question": case.question,
        "received": said.local_time,
        "language": said.language,
        "name": said.name,
        "email": said.email,
        "contract": said.contract,
        "note": said.note,
        "text": said.text,
        "sha256": said.sha256,
        "pieces": [
            {
                "order_line": piece["line"],
                "sku": piece.get("sku", ""),
                "quantity": int(piece["quantity"]),
            }
            for piece in said.pieces
        ],
        "is_flood": case.is_flood,
        "order": case.order.number if case.order is not None else None,
        "return_number": case.rma.number if case.rma is not None else None,
        "last_day": case.last_day.isoformat() if case.last_day else None,
        "is_late": case.is_late,
        "answer_reason": case.answer_reason,
        "answer_basis": case.answer_basis,
        "answer_note": case.answer_note,
    }
