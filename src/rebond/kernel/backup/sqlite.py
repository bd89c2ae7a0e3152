"""Copies a SQLite database as it is at one moment, while others go on writing."""

from __future__ import annotations

import sys
from pathlib import Path

from rebond.kernel.backup.archive import Unreadable

NAME = "database/rebond.sqlite3"


def copy_out(source: Path, target: Path) -> None:
    """Write ``source`` to ``target`` by SQLite's online backup. Raises ``Unreadable``: damaged.

    In one step, so that the copy is one moment; with a write-ahead log nobody waits for it.
    Source: https://sqlite.org/backup.html.
    """
    if not source.exists():
        raise Unreadable(f"there is no database {source}")
    driver = sys.modules["sqlite3"]
    target.parent.mkdir(parents=True, exist_ok=True)
    here = driver.connect(f"file:{source}?mode=ro", uri=True, timeout=60)
    there = driver.connect(target)
    try:
        here.backup(there, pages=-1)
        there.execute("PRAGMA journal_mode=DELETE")
        found = there.execute("PRAGMA quick_check(5)").fetchall()
    finally:
        there.close()
        here.close()
    if found != [("ok",)]:
        told = "; ".join(str(row[0]) for row in found)
        raise Unreadable(f"the database is damaged: {told}")
