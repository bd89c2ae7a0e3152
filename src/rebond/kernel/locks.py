"""A lock with a name, for what has no row yet."""

from __future__ import annotations

import hashlib

from django.db import connection


def try_lock(name: str) -> bool:
    """Take the lock ``name`` until the running transaction ends; False where another holds it.

    On SQLite a transaction that writes has everything to itself: there it is always free.
    """
    if connection.vendor != "postgresql":
        return True
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    return bool(row[0])
