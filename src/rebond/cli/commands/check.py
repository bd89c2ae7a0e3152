"""Say whether this installation is fit to run: database, build of SQLite, settings, mail.

Changes nothing. Exit code 1 when something must be mended first.
"""

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from rebond.cli.boot import set_up

NO_TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but nothing is sent: install the extra `otel`"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options: none."""


def run(args: argparse.Namespace) -> int:
    """Print one line for each thing that was looked at."""
    set_up()
    settings = import_module("django.conf").settings
    mended = True
    for fine, text in [*_database(settings), *_django(), *_surroundings(settings)]:
        print(f"{'ok  ' if fine else 'MEND'}  {text}")
        mended = mended and fine
    return 0 if mended else 1


def _database(settings: Any) -> Iterator[tuple[bool, str]]:
    connection = import_module("django.db").connection
    if connection.vendor == "sqlite":
        version = sys.modules["sqlite3"].sqlite_version
        sound = import_module("rebond.config.database").is_sound(
            tuple(int(part) for part in version.split("."))
        )
        journal = "write-ahead log" if sound else "rollback journal (this build has a known fault)"
        yield True, f"SQLite {version}, {journal}: {settings.DATABASES['default']['NAME']}"
    else:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            yield True, f"PostgreSQL {cursor.fetchone()[0]}"
    executor = import_module("django.db.migrations.executor").MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    text = f"{len(waiting)} changes wait: run `rebond migrate`" if waiting else "up to date"
    yield not waiting, f"database {text}"
    yield from _shops_apart(settings, connection)


def _shops_apart(settings: Any, connection: Any) -> Iterator[tuple[bool, str]]:
    row_security = import_module("rebond.kernel.row_security")
    missing = row_security.why_not_apart()
    for text in missing:
        yield False, text
    if not settings.ROW_SECURITY or connection.vendor != "postgresql":
        return
    if row_security.is_passed_by():
        yield False, "this database role passes row security by: use one without SUPERUSER"
    elif not missing:
        yield True, "row security: the database keeps the shops apart"


def _django() -> Iterator[tuple[bool, str]]:
    checks = import_module("django.core.checks")
    found = [m for m in checks.run_checks() if m.level >= checks.ERROR]
    for message in found:
        yield False, str(message.msg)
    yield True, "settings and tables agree" if not found else "see above"


def _surroundings(settings: Any) -> Iterator[tuple[bool, str]]:
    yield True, f"address {settings.BASE_URL}"
    secure = settings.BASE_URL.startswith("https://")
    local = "127.0.0.1" in settings.BASE_URL or "localhost" in settings.BASE_URL
    yield secure or local, "cookies travel encrypted" if secure else "no TLS: only on this machine"
    yield (
        not settings.DEBUG,
        "errors are hidden from visitors"
        if not settings.DEBUG
        else ("REBOND_DEBUG shows errors to visitors"),
    )
    spans = import_module("rebond.kernel.spans")
    if spans.are_wanted():
        text = "traces go to OpenTelemetry" if spans.can_be_sent() else NO_TRACES
        yield spans.can_be_sent(), text
    yield True, f"mail {settings.SMTP_URL.split('@')[-1] or 'not set: letters wait'}"
