"""Which version of the tables a database has, and the way to just that version."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rebond.kernel.backup.archive import Unreadable


def applied() -> list[list[str]]:
    """Every migration that this database went through, app and name."""
    executor = MigrationExecutor(connection)
    return sorted([app, name] for app, name in executor.loader.applied_migrations)


def migrate_to(wanted: Sequence[Sequence[str]]) -> None:
    """Bring an empty database to just the migrations ``wanted``.

    Raises ``Unreadable`` where this version of Rebond does not know one of them, or the database
    has gone further already.
    """
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    nodes = {(app, name) for app, name in wanted}
    unknown = sorted(nodes - _known(executor))
    if unknown:
        raise Unreadable(
            f"it is of a newer version of Rebond, which has {unknown[0][0]} {unknown[0][1]}"
        )
    known = nodes & set(graph.nodes)
    if set(executor.loader.applied_migrations) - nodes:
        raise Unreadable("this database has newer tables already: give it an empty one")
    ends = [node for node in known if not _children(executor, node) & known]
    executor.migrate(sorted(ends))


def _known(executor: MigrationExecutor) -> set[tuple[str, str]]:
    """Every migration of this version, and those that were joined into one of them."""
    here = executor.loader.disk_migrations
    return set(here) | {(a, n) for one in here.values() for a, n in one.replaces}


def _children(executor: MigrationExecutor, node: tuple[str, str]) -> set[tuple[str, str]]:
    children = executor.loader.graph.node_map[node].children
    return {child.key for child in children if child.key[0] == node[0]}
