"""SQLite whose writers take turns.

SQLite lets whoever happens to wake up first have the write lock; with several busy writers one may
sleep past its time-out again and again and fail with “database is locked”. Here writers queue for
a lock on a file beside the database, which the system hands on, and only who has it asks for the
write lock. It is given back as soon as the transaction has begun, so nothing is held for long and a
process that dies holds nothing.
Source: sqlite.org/c3ref/busy_timeout.html; flock(2).
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


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

    def _start_transaction_under_autocommit(self) -> None:
        turns = self._turn_file()
        if turns is None:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        fcntl.flock(turns, fcntl.LOCK_EX)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        finally:
            fcntl.flock(turns, fcntl.LOCK_UN)

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


def _make_private(path: str) -> None:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError:  # it is there; or SQLite says better than we what is wrong with the folder
        return
