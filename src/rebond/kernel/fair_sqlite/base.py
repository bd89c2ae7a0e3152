"""SQLite whose writers take turns.

SQLite lets whoever happens to wake up first have the write lock, and who does not get it sleeps
longer each time, up to a tenth of a second, while the lock is free again. With several busy writers
most of the time is slept away, and one may sleep past its time-out again and again and fail with
“database is locked”. Here writers queue for a lock on a file beside the database, which the system
hands on. Only who has it asks for the write lock, and asks again at once; the others sleep without
looking. It is given back as soon as the transaction has begun, so nothing is held for long and a
process that dies holds nothing.
Source: sqlite.org/c3ref/busy_timeout.html; flock(2).
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import OperationalError
from django.db.backends.sqlite3 import base

T = TypeVar("T")

LOOKS_AGAIN_SECONDS = 0.0005
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
USUAL_SECONDS = 5.0
"""How long SQLite's driver waits where nobody says anything."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits for its turn before it begins to write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns: int | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a database that is made here can be read by nobody else on the machine."""
        if not self.is_in_memory_db():
            _make_private(str(self.settings_dict["NAME"]))
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor whose single writes, outside a transaction, wait for their turn too."""
        return self.connection.cursor(factory=lambda connection: _Cursor(connection, self))

    def in_turn(self, write: Callable[[], T]) -> T:
        """Call ``write``, which asks for the write lock, when its turn has come.

        Raises ``OperationalError`` when nobody gave the lock back in all the time that SQLite
        would have waited.
        """
        turns = self._turn_file()
        if turns is None:
            return write()
        fcntl.flock(turns, fcntl.LOCK_EX)
        try:
            return self._as_soon_as_free(write)
        finally:
            fcntl.flock(turns, fcntl.LOCK_UN)

    def _as_soon_as_free(self, write: Callable[[], T]) -> T:
        seconds = float(self.settings_dict["OPTIONS"].get("timeout", USUAL_SECONDS))
        until = time.monotonic() + seconds
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    return write()
                except (OperationalError, sqlite3.OperationalError) as refused:
                    if "locked" not in str(refused) or time.monotonic() > until:
                        raise
                time.sleep(LOOKS_AGAIN_SECONDS)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def _start_transaction_under_autocommit(self) -> None:
        self.in_turn(super()._start_transaction_under_autocommit)  # type: ignore[misc]

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]
        if self._turns is not None:
            os.close(self._turns)
            self._turns = None

    def _turn_file(self) -> int | None:
        """The file to queue at; None for a database in memory, which has one writer."""
        if self._turns is None and not self.is_in_memory_db():
            path = f"{self.settings_dict['NAME']}-turn"
            self._turns = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._turns


class _Cursor(base.SQLiteCursorWrapper):
    """A cursor that knows whose it is."""

    def __init__(self, connection: Any, wrapper: DatabaseWrapper) -> None:
        super().__init__(connection)
        self._wrapper = wrapper

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement."""
        if self.connection.in_transaction or not query.startswith(WRITES):
            return super().execute(query, params)
        return self._wrapper.in_turn(lambda: base.SQLiteCursorWrapper.execute(self, query, params))


def _make_private(path: str) -> None:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError:  # it is there; or SQLite says better than we what is wrong with the folder
        return
