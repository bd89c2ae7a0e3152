"""Reads a list of hand-in points from a file: CSV with a header, or JSON.  (pure)"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from rebond.domain.shipping.errors import PointsUnreadable
from rebond.domain.shipping.points import NewPoint

MOST_BYTES = 10 * 1024 * 1024
NEEDED = ("reference", "kind", "name", "street", "postcode", "town", "country")
COLUMNS = (
    *NEEDED,
    *("carrier", "latitude", "longitude", "opening_hours", "wheelchair"),
)
YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
Row = tuple[int, Mapping[str, Any]]


def points_in(content: bytes) -> list[NewPoint]:
    """The points in ``content``, each with its line (CSV) or its place in the list (JSON), from 1.

    ``opening_hours`` are lines, in CSV with `` | `` between. ``wheelchair`` is ``yes``, ``no`` or
    empty. A cell that cannot be read is named in the point's ``problem``. Raises
    ``PointsUnreadable`` where the file itself is none: ``encoding``, ``json``, ``columns``,
    ``size``, or where a column is not known.
    """
    if len(content) > MOST_BYTES:
        raise _unreadable("size")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("encoding") from None
    rows = _json_rows(text) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text)
    return [_point(line, row) for line, row in rows]


def _json_rows(text: str) -> Iterator[Row]:
    try:
        read = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise _unreadable("json") from None
    listed = read.get("points") if isinstance(read, dict) else read
    if not isinstance(listed, list):
        raise _unreadable("json")
    for place, row in enumerate(listed, start=1):
        if not isinstance(row, dict):
            raise _unreadable("json", place)
        for name in row:
            if name not in COLUMNS:
                raise _unreadable("columns", place)
        yield place, row


def _csv_rows(text: str) -> Iterator[Row]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        known = set(names) <= set(COLUMNS) and len(set(names)) == len(names)
        if not known or not set(NEEDED) <= set(names):
            raise _unreadable("columns")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(names):
                    raise _unreadable("columns", reader.line_num)
                yield reader.line_num, dict(zip(names, cells, strict=False))
    except csv.Error:
        raise _unreadable("csv", reader.line_num) from None


def _point(line: int, row: Mapping[str, Any]) -> NewPoint:
    problems: list[str] = []

    def text(name: str) -> str:
        value = row.get(name)
        if value is None:
            return ""
        if isinstance(value, bool | list | dict):
            problems.append(name)
            return ""
        return " ".join(str(value).split())

    def degrees(name: str) -> Decimal | None:
        typed = text(name).replace(",", ".")
        if not typed:
            return None
        try:
            value = Decimal(typed)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) > 180:
            problems.append("coordinates")
            return None
        return round(value, 6)

    made = NewPoint(
        line=line,
        reference=text("reference"),
        kind=text("kind").lower(),
        name=text("name"),
        street=text("street"),
        postcode=text("postcode").upper(),
        town=text("town"),
        country=text("country").upper(),
        carrier_name=text("carrier"),
        latitude=degrees("latitude"),
        longitude=degrees("longitude"),
        opening_hours=_hours(row.get("opening_hours"), problems),
        is_step_free=_yes_or_no(row.get("wheelchair"), problems),
    )
    if not problems:
        return made
    return NewPoint(**{**_values(made), "problem": problems[0]})


def _values(point: NewPoint) -> dict[str, Any]:
    return {name: getattr(point, name) for name in (*NewPoint.COLUMNS, "line")}


def _hours(value: Any, problems: list[str]) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    rows = value.split("|") if isinstance(value, str) else value
    if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        problems.append("opening_hours")
        return ()
    return tuple(" ".join(row.split()) for row in rows if row.strip())


def _yes_or_no(value: Any, problems: list[str]) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word and word not in YES_OR_NO:
        problems.append("wheelchair")
    return YES_OR_NO.get(word)


def _unreadable(problem: str, line: int = 1) -> PointsUnreadable:
    return PointsUnreadable(problems=[{"line": line, "problem": problem}])
