"""PostgreSQL that is told, before each statement, whose rows are meant (``rebond.kernel.tenancy``).

It is told once for as long as that stays the same: for the connection where no transaction is
open, and for the transaction where it changes inside of one, so that a rollback takes back nothing
that we believe to be so. The policies that read it are in ``rebond.kernel.row_security``.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from rebond.kernel import tenancy

TELL = "SELECT set_config('rebond.shop', %s, %s)"
READS_NO_ROWS = ("ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
"""Must go first in a transaction, or go where it has failed."""


class _Telling(CursorWrapper):
    def _execute_with_wrappers(self, sql: Any, params: Any, many: bool, executor: Any) -> Any:
        self.db.tell(sql)
        return super()._execute_with_wrappers(sql, params, many, executor)  # type: ignore[misc]


class _TellingAndTimed(_Telling, CursorDebugWrapper):
    pass


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows what it told the server, and tells it anew when that has changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: str | None = None
        self._told_for_good: str | None = None

    def tell(self, sql: Any = "") -> None:
        """Tell the server whose rows are meant from now on, where it does not know."""
        whose = tenancy.told()
        if whose == self._told or self.needs_rollback:
            return
        if isinstance(sql, str) and sql.startswith(READS_NO_ROWS):
            return
        is_open = not self.autocommit
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(TELL, [whose, is_open])
        self._told = whose
        if not is_open:
            self._told_for_good = whose

    def init_connection_state(self) -> None:
        """A new connection knows nothing yet.

        Raises ``ImproperlyConfigured`` where a pooler stands between: it may lend the connection to
        somebody else between two statements, who would then see the wrong shop's rows.
        """
        self._told = self._told_for_good = None
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            # A pooler names a process of its own to its clients.
            is_lent = cursor.fetchone()[0] != self.connection.info.backend_pid
        if is_lent:
            raise ImproperlyConfigured(
                "REBOND_ROW_SECURITY needs a connection of its own: DATABASE_URL leads to a pooler"
            )

    def make_cursor(self, cursor: Any) -> Any:
        """A cursor that tells first."""
        return _Telling(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> Any:
        """The same, noting its statements."""
        return _TellingAndTimed(cursor, self)

    def _set_autocommit(self, autocommit: bool) -> None:
        if not autocommit and self.autocommit:
            self.tell()
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if autocommit:
            self._told = self._told_for_good

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._told = self._told_for_good

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._told = self._told_for_good

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None
