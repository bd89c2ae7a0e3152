"""Writes rows, each time in one statement: no savepoint, no second look, no SQL made anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

MOST_AT_ONCE = 100


def insert_if_new(row: models.Model, **computed: tuple[str, list[Any]]) -> dict[str, Any] | None:
    """Insert ``row``; None where a unique constraint has one like it already.

    Another transaction that is writing the same is waited for. ``computed`` names columns that the
    database works out: SQL with its parameters. Returns what came to stand in them.
    """
    columns = _columns(row)
    marks, values = [], []
    for column in columns:
        if column.name in computed:
            sql, given = computed[column.name]
            marks.append(sql)
            values += given
        else:
            marks.append("%s")
            values.append(column.get_db_prep_save(getattr(row, column.attname), connection))
    told = ", ".join(connection.ops.quote_name(name) for name in computed) or "id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_into(type(row), columns)} ({', '.join(marks)}) ON CONFLICT DO NOTHING "
            f"RETURNING {told}",
            values,
        )
        found = cursor.fetchone()
    if found is None:
        return None
    _note_stored(row)
    return dict(zip(computed, found, strict=True)) if computed else {}


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert ``rows`` of one model, which leave the same columns to the database.

    As ``bulk_create`` does, without working the SQL out anew each time.
    """
    for start in range(0, len(rows), MOST_AT_ONCE):
        some = rows[start : start + MOST_AT_ONCE]
        columns = _columns(some[0])
        marks = f"({', '.join(['%s'] * len(columns))})"
        values = [
            column.get_db_prep_save(getattr(row, column.attname), connection)
            for row in some
            for column in columns
        ]
        with connection.cursor() as cursor:
            into = _into(type(some[0]), columns)
            cursor.execute(f"{into} {', '.join([marks] * len(some))}", values)
        for row in some:
            _note_stored(row)


def update_columns(row: models.Model, *names: str) -> None:
    """Write the fields ``names`` of a row that is there, as ``save(update_fields=…)`` does.

    Raises ``DoesNotExist`` where it is there no longer.
    """
    columns = [_named(type(row), name) for name in names]
    quoted = connection.ops.quote_name
    sets = ", ".join(f"{quoted(str(column.column))} = %s" for column in columns)
    values = [
        column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns
    ]
    key = _named(type(row), "id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quoted(row._meta.db_table)} SET {sets} WHERE {quoted('id')} = %s",
            [*values, key.get_db_prep_value(row.pk, connection)],
        )
        if cursor.rowcount != 1:
            raise type(row).DoesNotExist  # type: ignore[attr-defined]


def _columns(row: models.Model) -> tuple[Any, ...]:
    """The columns that ``row`` fills itself."""
    return tuple(
        column
        for column in row._meta.concrete_fields
        if not isinstance(getattr(row, column.attname), DatabaseDefault)
    )


@cache
def _into(model: type[models.Model], columns: tuple[Any, ...]) -> str:
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(str(column.column)) for column in columns)
    return f"INSERT INTO {quoted(model._meta.db_table)} ({names}) VALUES"


def _note_stored(row: models.Model) -> None:
    row._state.adding = False
    row._state.db = connection.alias


def as_stored(model: type[models.Model], name: str, value: Any) -> Any:
    """``value`` as the column ``name`` of ``model`` is written on this database."""
    return _named(model, name).get_db_prep_value(value, connection)


def _named(model: type[models.Model], name: str) -> Any:
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    return column
