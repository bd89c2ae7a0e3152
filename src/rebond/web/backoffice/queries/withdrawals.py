"""The statements of withdrawal at the desk: the list, and one whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.actions import declared_in
from rebond.domain.withdrawals.assessing import candidates, last_day_of, pieces_left
from rebond.domain.withdrawals.models import Statement, WithdrawalCase
from rebond.domain.withdrawals.sealing import digest_of
from rebond.domain.withdrawals.states import CaseState
from rebond.kernel.clock import today
from rebond.kernel.models import Event
from rebond.kernel.paging import Page, capped_count, page_of
from rebond.outbound.notifications.models import Message
from rebond.web.backoffice.queries.duties import Row, duties_of_statement

ROWS = 50
MOST_COUNTED = 100
OPEN_STATES = (CaseState.SUBMITTED, CaseState.MATCHED)


@dataclass(frozen=True)
class Shown:
    """One statement with all that its page shows. ``left`` maps pieces that can come back."""

    case: WithdrawalCase
    statement: Statement
    is_whole: bool
    candidates: list[Order]
    left: list[tuple[OrderLine, int, int]]
    extended_day: date | None
    timeline: list[Event]
    messages: list[Message]
    duties: list[Row]


def cases_page(shop: Shop, *, view: str, cursor: str) -> Page[WithdrawalCase]:
    """One page of the statements: ``open``, ``all``, or ``flood``. Newest first."""
    rows = WithdrawalCase.objects.filter(shop=shop)
    if view == "open":
        rows = _open(shop)
    elif view == "flood":
        rows = rows.filter(is_flood=True, state__in=OPEN_STATES)
    detailed = rows.select_related("statement", "order", "rma")
    return page_of(detailed, by="submitted_at", cursor=cursor, size=ROWS)


def waiting(shop: Shop) -> int:
    """How many statements wait for a person, counted up to a hundred."""
    return capped_count(_open(shop), MOST_COUNTED)


def find_case(shop: Shop, statement_id: UUID) -> WithdrawalCase:
    """The case of the statement in ``shop``; else 404."""
    found = (
        WithdrawalCase.objects.select_related("statement__shop", "order__shop", "rma", "shop")
        .filter(shop=shop, statement_id=statement_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def shown(case: WithdrawalCase) -> Shown:
    """All that the page of ``case`` shows."""
    statement = case.statement
    events = Event.objects.filter(shop_id=case.shop_id, subject=statement.pk)
    timeline = list(events.order_by("sequence"))
    causes = [row.pk for row in timeline]
    letters = Message.objects.filter(shop_id=case.shop_id, cause__in=causes)
    return Shown(
        case=case,
        statement=statement,
        is_whole=is_whole(statement),
        candidates=candidates(statement) if case.is_open and case.order is None else [],
        left=_left(case),
        extended_day=last_day_of(case.order, informed=False) if case.order else None,
        timeline=timeline,
        messages=list(letters.order_by("made_at")),
        duties=duties_of_statement(statement, today(statement.shop.time_zone)),
    )


def is_whole(statement: Statement) -> bool:
    """Whether the statement is still what was sealed."""
    said = declared_in(statement)
    return statement.sha256 == digest_of(
        statement.reference, said, statement.text, statement.local_time
    )


def evidence_of(case: WithdrawalCase) -> dict[str, Any]:
    """Everything about one statement as plain JSON values, for a file."""
    seen, statement = shown(case), case.statement
    return {
        "reference": statement.reference,
        "received": statement.local_time,
        "received_utc": statement.submitted_at.isoformat(),
        "language": statement.language,
        "name": statement.name,
        "contract": statement.contract,
        "email": statement.email,
        "note": statement.note,
        "pieces": statement.pieces,
        "text": statement.text,
        "sha256": statement.sha256,
        "is_whole": seen.is_whole,
        "corrects": str(statement.corrects_id or ""),
        "state": case.state,
        "order": case.order.number if case.order else None,
        "return": case.rma.number if case.rma else None,
        "last_day": case.last_day.isoformat() if case.last_day else None,
        "is_late": case.is_late,
        "answer": {
            "reason": case.answer_reason,
            "basis": case.answer_basis,
            "note": case.answer_note,
        },
        "assessed_by": case.assessed_by,
        "events": [
            {"name": row.name, "at": row.at.isoformat(), "actor": row.actor, **row.payload}
            for row in seen.timeline
        ],
        "letters": [
            {
                "kind": letter.kind,
                "to": letter.to_address,
                "state": letter.state,
                "made_at": letter.made_at.isoformat(),
                "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
                "text": letter.text,
            }
            for letter in seen.messages
        ],
    }


def _open(shop: Shop) -> QuerySet[WithdrawalCase]:
    return WithdrawalCase.objects.filter(shop=shop, is_flood=False, state__in=OPEN_STATES)


def _left(case: WithdrawalCase) -> list[tuple[OrderLine, int, int]]:
    """Lines with the pieces that can come back, and those that the statement names."""
    if case.order is None or not case.is_open:
        return []
    named = {piece["line"]: int(piece["quantity"]) for piece in case.statement.pieces}
    return [
        (line, left, min(left, named.get(str(line.pk), 0)) if named else left)
        for line, left in pieces_left(case.order)
    ]
