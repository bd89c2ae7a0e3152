"""Lets a table grow and nothing else: the database itself refuses to change or remove rows.

SQLite makes a table anew when its columns change and forgets its guards: such a migration ends with
the same step again.
"""

from typing import Any

from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation

POSTGRESQL = """
CREATE OR REPLACE FUNCTION rebond_refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION rebond_refuse_change();
"""
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END;
"""


def only_grows(table: str) -> Operation:
    """A migration step after which rows of ``table`` can be added, never changed or removed."""

    def forbid(apps: Any, editor: Any) -> None:
        for statement in statements(table, editor.connection.vendor):
            editor.execute(statement, params=None)

    def allow(apps: Any, editor: Any) -> None:
        for statement in undoing(table, editor.connection.vendor):
            editor.execute(statement, params=None)

    return RunPython(forbid, allow)


def statements(table: str, vendor: str) -> list[str]:
    """What makes ``table`` append-only on a database of ``vendor``."""
    if vendor == "postgresql":
        return [POSTGRESQL.format(table=table)]
    return [SQLITE.format(table=table, verb=verb) for verb in ("UPDATE", "DELETE")]


def undoing(table: str, vendor: str) -> list[str]:
    """What takes it back."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER {table}_append_only ON {table}"]
    return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("UPDATE", "DELETE")]
