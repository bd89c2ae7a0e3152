"""Which database is used, and on which build of SQLite.

SQLite 3.7.0 to 3.51.2 can lose committed pages in WAL mode when two connections
meet at a checkpoint. We run on a build without that fault and fall back to a
rollback journal where only a faulty one is found.
Source: docs/decisions/0003-sqlite-build.md.
"""

import sqlite3
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SOUND = (3, 51, 3)
PREPARED_AFTER = 3
"""How often a connection sees a statement before it is prepared."""
GUARDED = "rebond.kernel.guarded_postgresql"
BACK_PORTED = {(3, 44): 6, (3, 50): 7}


def use_sound_sqlite() -> None:
    """Put the bundled SQLite in the place of the system's, before Django loads its driver."""
    if is_sound(sqlite3.sqlite_version_info):
        return
    try:
        bundled = import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = bundled
    sys.modules["sqlite3.dbapi2"] = import_module("pysqlite3.dbapi2")


def is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite ``version`` is free of the WAL-reset fault."""
    if version >= SOUND:
        return True
    major, minor, patch = version[:3]
    return patch >= BACK_PORTED.get((major, minor), 10_000)


def databases(url: str, *, row_security: bool = False) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for ``url``: ``sqlite:///path`` or ``postgresql://user:pw@host/name``.

    With ``row_security`` PostgreSQL is told whose rows are meant. Raises ``ValueError`` for any
    other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"default": _sqlite(unquote(parts.path[1:] or ":memory:"))}
    if parts.scheme in {"postgres", "postgresql"}:
        return {"default": _postgresql(url, row_security=row_security)}
    raise ValueError(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {url!r}")


def _sqlite(path: str) -> dict[str, Any]:
    current = sys.modules["sqlite3"].sqlite_version_info
    journal = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        if is_sound(current)
        else "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA;"
    )
    if path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "rebond.kernel.fair_sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": journal
            + "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000;"
            + "PRAGMA temp_store=MEMORY;",
        },
    }


def _postgresql(url: str, *, row_security: bool) -> dict[str, Any]:
    """Statements that come often are prepared on the server, which then need not plan them again.

    With ``?prepare=off`` they are not, for a pooler between us and the server that cannot.
    """
    parts = urlsplit(url)
    query: dict[str, Any] = dict(parse_qsl(parts.query))
    if query.pop("prepare", "on") != "off":
        query |= {"server_side_binding": True, "prepare_threshold": PREPARED_AFTER}
    return {
        "ENGINE": GUARDED if row_security else "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "rebond",
        "USER": unquote(parts.username or "") or query.pop("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
