"""PostgreSQL databases that live for one task: made, used, and gone again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

TEMPLATE = "template0"
"""The server's own, which nobody can have put anything into."""


@contextmanager
def scratch_database(at: str, prefix: str) -> Iterator[str]:
    """The address of an empty database beside the one ``at``, dropped at the end."""
    name = f"{prefix}_{uuid4().hex[:12]}"
    with psycopg.connect(at, autocommit=True) as server:
        create(server, name)
        try:
            yield urlunsplit(urlsplit(at)._replace(path=f"/{name}"))
        finally:
            drop(server, name)


def create(server: psycopg.Connection[Any], name: str, *, template: str = TEMPLATE) -> None:
    """An empty database, or a copy of ``template``."""
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    server.execute(made.format(sql.Identifier(name), sql.Identifier(template)))


def drop(server: psycopg.Connection[Any], name: str) -> None:
    """Drop the database with whatever connections of ours are still open.

    ``WITH (FORCE)`` would also end the server's own cleaner, which an ordinary role may not; a
    plain drop waits for that one.
    """
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user",
        [name],
    )
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
