"""Pages of a long list that are found by where the last one ended, never by counting rows.

Every page costs the same, the first and the ten thousandth: an index is entered at a place and
read for one page's length.
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


class _Way(Enum):
    OLDER = "o"
    NEWER = "n"


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows, newest first. ``newer`` and ``older`` are cursors, empty where the list ends."""

    rows: list[M] = field(default_factory=list)
    newer: str = ""
    older: str = ""


def page_of(rows: QuerySet[M], *, by: str, cursor: str = "", size: int = 50) -> Page[M]:
    """The page of ``rows`` at ``cursor``, newest first by the column ``by`` and then by id.

    ``by`` is never null and stands in an index together with the id. A cursor that cannot be
    read gives the first page. One query.
    """
    place = _read(cursor)
    if place is None:
        found = list(rows.order_by(f"-{by}", "-id")[: size + 1])
        return _page(found[:size], by, newer=False, older=len(found) > size)
    way, moment, last = place
    if way is _Way.OLDER:
        further = rows.filter(**{f"{by}__lte": moment}).exclude(**{by: moment, "id__gte": last})
        found = list(further.order_by(f"-{by}", "-id")[: size + 1])
        return _page(found[:size], by, newer=True, older=len(found) > size)
    further = rows.filter(**{f"{by}__gte": moment}).exclude(**{by: moment, "id__lte": last})
    found = list(further.order_by(by, "id")[: size + 1])
    return _page(found[:size][::-1], by, newer=len(found) > size, older=True)


def is_cursor(text: str) -> bool:
    """Whether ``text`` is a cursor that ``page_of`` can read."""
    return _read(text) is not None


def capped_count(rows: QuerySet[Any], most: int) -> int:
    """How many ``rows`` there are, but never more than ``most`` + 1: the rest is not counted."""
    return rows.order_by().values("pk")[: most + 1].count()


def _page(rows: list[M], by: str, *, newer: bool, older: bool) -> Page[M]:
    if not rows:
        return Page()
    return Page(
        rows,
        newer=_write(_Way.NEWER, rows[0], by) if newer else "",
        older=_write(_Way.OLDER, rows[-1], by) if older else "",
    )


def _write(way: _Way, row: Model, by: str) -> str:
    text = f"{way.value}|{getattr(row, by).isoformat()}|{row.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[_Way, datetime, UUID] | None:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        way, moment, last = base64.urlsafe_b64decode(padded.encode()).decode().split("|")
        at = datetime.fromisoformat(moment)
        return (_Way(way), at.astimezone(UTC), UUID(last)) if at.tzinfo else None
    except (ValueError, OverflowError, binascii.Error):
        return None
