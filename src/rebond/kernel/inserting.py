"""Writes one row in one statement and says whether it was new: no savepoint, no second look."""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def insert_if_new(row: models.Model, **computed: tuple[str, list[Any]]) -> dict[str, Any] | None:
    """Insert ``row``; None where a unique constraint has one like it already.

    Another transaction that is writing the same is waited for. ``computed`` names columns that the
    database works out: SQL with its parameters. Returns what came to stand in them.
    """
    columns, marks, values = [], [], []
    for column in row._meta.concrete_fields:
        if isinstance(getattr(row, column.attname), DatabaseDefault):
            continue
        columns.append(connection.ops.quote_name(str(column.column)))
        if column.name in computed:
            sql, given = computed[column.name]
            marks.append(sql)
            values += given
        else:
            marks.append("%s")
            values.append(column.get_db_prep_save(getattr(row, column.attname), connection))
    told = ", ".join(connection.ops.quote_name(name) for name in computed) or "id"
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(marks)}) "
            f"ON CONFLICT DO NOTHING RETURNING {told}",
            values,
        )
        found = cursor.fetchone()
    if found is None:
        return None
    row._state.adding = False
    row._state.db = connection.alias
    return dict(zip(computed, found, strict=True)) if computed else {}


def as_stored(model: type[models.Model], name: str, value: Any) -> Any:
    """``value`` as the column ``name`` of ``model`` is written on this database."""
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    return column.get_db_prep_value(value, connection)
