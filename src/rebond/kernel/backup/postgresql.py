"""Copies the tables of a PostgreSQL database as they are at one moment, and puts them back.

By COPY in one transaction with one snapshot: the tables themselves are made by the migrations, so
no program of the server's version is needed and another version of the server reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from rebond.kernel.backup.archive import Part, Unreadable
from rebond.kernel.row_security import lifted

FOLDER = "database/"
SUFFIX = ".copy"
MADE_BY_MIGRATIONS = "django_migrations"
MARK = "rebond_restoring"
_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'
ORDER BY ordinal_position
"""


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Let everything that is read inside be of one moment."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def copy_out(folder: Path) -> tuple[list[Part], dict[str, Any]]:
    """Write each table to a file of ``folder``; what to pack, and columns and rows by table.

    Call inside ``one_snapshot``.
    """
    parts, told = [], {}
    for table in _tables():
        columns = _columns(table)
        path = folder / f"{table}{SUFFIX}"
        rows = _write(f"COPY {_named(table, columns)} TO STDOUT", path)
        parts.append(Part(f"{FOLDER}{table}{SUFFIX}", path))
        told[table] = {"columns": columns, "rows": rows}
    return parts, told


def copy_in(folder: Path, tables: dict[str, Any]) -> None:
    """Fill the tables, which have the columns of ``tables`` already, in one transaction.

    What migrations wrote is replaced. Raises ``Unreadable`` where the number of rows differs.
    """
    quote = connection.ops.quote_name
    with (
        transaction.atomic(durable=True),
        lifted(tables),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(quote(table) for table in tables)}")
        for table in _parents_first(list(tables)):
            told = tables[table]
            path = folder / f"{table}{SUFFIX}"
            rows = _read(f"COPY {_named(table, told['columns'])} FROM STDIN", path)
            if rows != told["rows"]:
                raise Unreadable(f"{table}: {rows} rows came back of {told['rows']}")
        for statement in _sequences():
            cursor.execute(statement)


def mark_begun() -> None:
    """Write down that a restore has begun, so that no worker starts before it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {MARK} (begun timestamptz DEFAULT now())")


def mark_ended() -> None:
    """Take the mark away."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {MARK}")


def is_begun() -> bool:
    """Whether a restore into this database has begun and not ended."""
    return connection.vendor == "postgresql" and _exists(MARK)


def _exists(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table])
        return bool(cursor.fetchone()[0])


def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - {MADE_BY_MIGRATIONS})


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [table])
        return [name for (name,) in cursor.fetchall()]


def _named(table: str, columns: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(_plain(table))} ({', '.join(quote(_plain(name)) for name in columns)})"


def _plain(name: str) -> str:
    """``name``, which is a plain word. Names of a foreign archive reach the database's language."""
    if not re.fullmatch(r"[a-z0-9_]{1,63}", name):
        raise Unreadable(f"{name!r} is no name of a table or column")
    return name


def _write(command: str, path: Path) -> int:
    with connection.connection.cursor() as cursor, path.open("wb") as file:
        with cursor.copy(command) as copy:
            for block in copy:
                file.write(block)
        return int(cursor.rowcount)


def _read(command: str, path: Path) -> int:
    with connection.connection.cursor() as cursor, path.open("rb") as file:
        with cursor.copy(command) as copy:
            while block := file.read(1 << 18):
                copy.write(block)
        return int(cursor.rowcount)


def _parents_first(tables: Sequence[str]) -> list[str]:
    """Tables after those they point to, for keys that the database checks row by row."""
    pointing: dict[str, set[str]] = {table: set() for table in tables}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
            "WHERE contype = 'f' AND NOT condeferrable"
        )
        for child, parent in cursor.fetchall():
            if child in pointing and parent in pointing and child != parent:
                pointing[child].add(parent)
    placed: list[str] = []
    while pointing:
        ready = sorted(table for table, parents in pointing.items() if parents <= set(placed))
        if not ready:
            raise Unreadable(f"these tables point in a circle: {', '.join(sorted(pointing))}")
        placed += ready
        for table in ready:
            del pointing[table]
    return placed


def _sequences() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return [str(one) for one in connection.ops.sequence_reset_sql(no_style(), models)]
