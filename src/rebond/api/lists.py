"""Long lists over the API: pages by cursor, filters that are known, only the fields asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema

from rebond.domain.machines.errors import CursorUnreadable, UnknownField, UnknownParameter
from rebond.kernel.paging import is_cursor, page_of

M = TypeVar("M", bound=Model)
PAGING = frozenset({"cursor", "limit", "fields"})
LONGEST_PAGE = 200


class PageOut(Schema):
    """One page, newest first. ``older`` and ``newer`` are cursors, empty where the list ends."""

    older: str
    newer: str


def check_parameters(request: HttpRequest, known: Collection[str]) -> None:
    """Raises ``UnknownParameter`` for a query parameter that would silently change nothing."""
    for name in request.GET:
        if name not in known and name not in PAGING:
            raise UnknownParameter(parameter=name[:40])


def listed(
    rows: QuerySet[M],
    *,
    by: str,
    cursor: str,
    limit: int,
    shape: Callable[[M], dict[str, Any]] | None = None,
    shape_all: Callable[[Sequence[M]], list[dict[str, Any]]] | None = None,
    fields: str = "",
    known_fields: Collection[str] = (),
) -> HttpResponse:
    """One page of ``rows`` as ``shape`` shows each, newest first by the column ``by``.

    ``shape_all`` shows a page together, where what belongs to its rows is found at once.
    ``fields`` names the fields wanted, with commas; all where it is empty. Raises
    ``CursorUnreadable`` and ``UnknownField``.
    """
    if cursor and not is_cursor(cursor):
        raise CursorUnreadable
    wanted = wanted_fields(fields, known_fields)
    page = page_of(rows, by=by, cursor=cursor, size=limit)
    shown = shape_all(page.rows) if shape_all else [shape(row) for row in page.rows if shape]
    items = [sparse(one, wanted) for one in shown]
    return JsonResponse({"items": items, "older": page.older, "newer": page.newer})


def wanted_fields(fields: str, known: Collection[str]) -> frozenset[str]:
    """The names in ``fields``; empty means all. Raises ``UnknownField``."""
    names = [name.strip() for name in fields.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise UnknownField(field=name[:40])
    return frozenset(names)


def sparse(shape: dict[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
    """Only the ``wanted`` fields of ``shape``; all of them where none is named."""
    return {name: shape[name] for name in shape if name in wanted} if wanted else shape


def walked(
    rows: QuerySet[M], *, after: UUID | None, limit: int, shape: Callable[[M], dict[str, Any]]
) -> dict[str, Any]:
    """The ``rows`` that follow ``after``, oldest first; ``next`` is where the next page begins.

    ``next`` is empty where the list ends for now. Ids grow with time.
    """
    further = rows.filter(pk__gt=after) if after else rows
    found = list(further.order_by("pk")[: limit + 1])
    items = [shape(row) for row in found[:limit]]
    return {"items": items, "next": str(found[limit - 1].pk) if len(found) > limit else ""}
