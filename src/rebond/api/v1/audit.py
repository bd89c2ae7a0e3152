"""The audit over the API: who changed what and who looked at whom; is its chain whole."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, shop_of
from rebond.api.bodies import Moment
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.domain.audit.models import AuditEntry
from rebond.domain.machines.scopes import Scope
from rebond.insights.verification.audit import AT_ONCE, check_piece, heads_of

router = Router(tags=["audit"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 422: Problem}


class EntryOut(Schema):
    """One change or one look.

    ``verb`` is the name of the event, or ``looked.customer`` and ``looked.export``. ``who_kind`` is
    ``staff``, ``key`` or ``console``, ``who`` the id of the place or key, ``network`` where they
    came from. ``event`` is the id in the feed, null for a look. ``hash`` seals this entry and the
    one before.
    """

    id: str
    number: int
    at: str
    who_kind: str
    who: str
    network: str
    verb: str
    subject: str
    event: str | None
    hash: str


class EntriesOut(PageOut):
    """A page of entries, newest first."""

    items: list[EntryOut]


class EntryFilters(Schema):
    """Which entries. ``at_before`` is the first moment that is too late."""

    who: UUID | None = None
    verb: str = Field("", max_length=60)
    subject: UUID | None = None
    at_from: Moment | None = None
    at_before: Moment | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


class CheckedOut(Schema):
    """What a piece of the chain is like.

    ``checked`` entries were looked at. ``breaches`` says what is wrong, in words; none where all is
    well. ``next`` goes into ``after`` for the piece that follows; null at the end of the chain.
    """

    checked: int
    breaches: list[str]
    next: int | None


class Piece(Schema):
    """Where a piece begins: after the entry with this number."""

    after: int = Field(0, ge=0, le=10**15)


@router.get(
    "/audit-entries",
    auth=Key(Scope.AUDIT_READ),
    response={200: EntriesOut, **REFUSED},
    operation_id="list_audit_entries",
)
def entries(request: HttpRequest, asked: Annotated[EntryFilters, Query(...)]) -> HttpResponse:
    """Who changed what, and who looked at whom."""
    check_parameters(request, {"who", "verb", "subject", "at_from", "at_before"})
    rows = AuditEntry.objects.filter(shop=shop_of(request))
    wanted = {
        "who": str(asked.who) if asked.who else "",
        "verb": asked.verb,
        "subject": asked.subject,
        "at__gte": asked.at_from,
        "at__lt": asked.at_before,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return listed(rows, by="at", cursor=asked.cursor, limit=asked.limit, shape=_out)


@router.get(
    "/audit-entries/verification",
    auth=Key(Scope.AUDIT_READ),
    response={200: CheckedOut, **REFUSED},
    operation_id="verify_audit_entries",
)
def verified(request: HttpRequest, asked: Annotated[Piece, Query(...)]) -> dict[str, Any]:
    """Whether the chain is whole: numbers, hashes, events and the heads that were kept outside.

    500 entries at a time; go on with ``after`` until ``next`` is null.
    """
    check_parameters(request, {"after"})
    shop_id = shop_of(request).pk
    piece = check_piece(shop_id, heads_of(shop_id), after=asked.after, most=AT_ONCE)
    return {
        "checked": piece.checked,
        "breaches": piece.breaches,
        "next": None if piece.is_last else piece.last,
    }


def _out(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": str(entry.pk),
        "number": entry.number,
        "at": entry.at.isoformat(),
        "who_kind": entry.who_kind,
        "who": entry.who,
        "network": entry.network,
        "verb": entry.verb,
        "subject": str(entry.subject),
        "event": str(entry.event) if entry.event else None,
        "hash": entry.hash,
    }
