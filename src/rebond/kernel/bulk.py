"""Writes many rows of one table at once: COPY on PostgreSQL, one prepared statement on SQLite.

For files of a million lines, where an object per row would cost more than the row. Values are
handed over as the database reads them on both sides: text, whole numbers, booleans and None; ids
as 32 hexadecimal digits, moments from ``moment``, dates as ISO text, JSON as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection, models

Cell = str | int | bool | None
BESIDE = "rebond_beside"


def moment(value: datetime) -> str:
    """An aware ``value`` as both databases read it: UTC, with its zone only where it is kept."""
    utc = value.astimezone(UTC)
    return str(utc if connection.vendor == "postgresql" else utc.replace(tzinfo=None))


class BulkTable:
    """The table of ``model``, written by the columns ``names`` in their order.

    ``names`` are field names (``order``, not ``order_id``). A column that is not named gets its
    field's default, the same for every row; one whose default the database makes is left to it.
    """

    def __init__(self, model: type[models.Model], *names: str) -> None:
        self.model = model
        self.names = names

    def insert(self, rows: Sequence[tuple[Cell, ...]]) -> None:
        """Add ``rows``, each with one cell for each name. Call inside a transaction."""
        if not rows:
            return
        if connection.vendor == "postgresql":
            self._copy(rows)
        else:
            self._execute_many(rows)

    def raise_by(self, name: str, amounts: Iterable[tuple[int, str]]) -> None:
        """Add to the column ``name``: pairs of how much and the row's id."""
        column = self._column(name)
        self._change(f"{column} = {column} + %s", amounts)

    def put(self, name: str, values: Iterable[tuple[Cell, str]]) -> None:
        """Set the column ``name``: pairs of the value and the row's id."""
        self._change(f"{self._column(name)} = %s", values)

    def _change(self, assignment: str, pairs: Iterable[tuple[Cell, str]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {self._name} SET {assignment} WHERE id = %s",
                list(pairs),
            )

    def _copy(self, rows: Sequence[tuple[Cell, ...]]) -> None:
        """COPY; into a table beside first where row security is on, for COPY knows no policies."""
        columns = ", ".join([*self._named_columns, *self._constants])
        target = BESIDE if settings.ROW_SECURITY else self._name
        with connection.cursor() as cursor:
            if settings.ROW_SECURITY:
                cursor.execute(
                    f"CREATE TEMP TABLE {BESIDE} AS SELECT {columns} FROM {self._name} LIMIT 0"
                )
            self._copy_into(cursor, f"{target} ({columns})", rows)
            if settings.ROW_SECURITY:
                cursor.execute(
                    f"INSERT INTO {self._name} ({columns}) SELECT {columns} FROM {BESIDE}"
                )
                cursor.execute(f"DROP TABLE {BESIDE}")

    def _copy_into(self, cursor: Any, target: str, rows: Sequence[tuple[Cell, ...]]) -> None:
        constants = tuple(self._constants.values())
        with cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row + constants)

    def _execute_many(self, rows: Sequence[tuple[Cell, ...]]) -> None:
        columns = ", ".join([*self._named_columns, *self._constants])
        marks = ["%s"] * len(self.names) + [_literal(value) for value in self._constants.values()]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self._name} ({columns}) VALUES ({', '.join(marks)})",
                rows,
            )

    def _column(self, name: str) -> str:
        field = self.model._meta.get_field(name)
        return _quoted(str(field.column))  # type: ignore[union-attr]

    @cached_property
    def _name(self) -> str:
        return _quoted(self.model._meta.db_table)

    @cached_property
    def _named_columns(self) -> list[str]:
        return [self._column(name) for name in self.names]

    @cached_property
    def _constants(self) -> dict[str, Cell]:
        """The columns that nobody names → what stands in them."""
        return {
            self._column(field.name): _cell(field)
            for field in self.model._meta.local_concrete_fields
            if field.name not in self.names and not field.has_db_default()
        }


def _cell(field: models.Field[object, object]) -> Cell:
    value = field.get_default()
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def _literal(value: Cell) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(int(value))
    return "'" + value.replace("'", "''").replace("%", "%%") + "'"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
