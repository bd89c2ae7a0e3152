"""Row F30: the database that takes over had not heard of everything, and nobody is paid again."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from scripts import with_pg
from scripts.faults.installation import Installation, Provider
from scripts.faults.stage import Stage
from scripts.faults.steps import DUE, ROUNDS
from scripts.faults.table import Broken, Case, NotRun, expect

MANY, HEARD = 12, 4
SECONDS_TO_FOLLOW = 30


def promoted_with_loss(stage: Stage) -> str:
    """Four are paid before the line to the standby breaks, eight after it; then it takes over."""
    here, facts = stage.scene("received", many=MANY)
    with here, _standby(here) as second:
        provider, returns = here.provider(), facts["returns"]
        here.inside("work.inspect", returns=returns[:HEARD]).made  # noqa: B018
        here.live().made  # noqa: B018  (raises where it failed)
        _follow(here, second)
        cut_at = datetime.now(tz=UTC)
        _sql(second, "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")
        _wait_until(second, "SELECT count(*) = 0 FROM pg_stat_wal_receiver")
        here.inside("work.inspect", returns=returns[HEARD:]).made  # noqa: B018
        here.live().made  # noqa: B018
        paid = _paid(provider)
        expect(paid=(paid, {reference: 1 for reference in facts["payments"]}))
        with Installation(second, twin=here) as heir:
            early = heir.live()
            expect(decides_from_a_standby=(early.code == 0, False), asked=(_paid(provider), paid))
            _sql(second, "SELECT pg_promote()")
            _wait_until(second, "SELECT NOT pg_is_in_recovery()")
            expect(held=(heir.rebond("restored", "--since", cut_at.isoformat()).code, 1))
            heir.inside("work.inspect", returns=returns[HEARD:], decides=True).made  # noqa: B018
            for hours in range(ROUNDS):
                found = heir.live(hours=hours).made
                if len(found["documents"]) >= HEARD and not found["waiting_jobs"]:
                    break
            adopted = heir.inside("work.adopted").made
            expect(
                paid=(_paid(provider), paid),
                held=(adopted["held"], 0),
                refunds=({one[1] for one in found["refunds"]}, {DUE}),
                dead_jobs=(found["dead_jobs"], []),
                verify=(heir.verify(hours=hours), "kept"),
            )
    return f"{MANY - HEARD} of {MANY} payouts were lost with the line: nobody is paid twice"


CASES = [
    Case(
        "F30",
        "a standby takes over that had lost payouts",
        "nothing decided by a standby, no second payout",
        promoted_with_loss,
        only="postgresql",
        why="SQLite has no standby",
    )
]


def _paid(provider: Provider) -> dict[str, int]:
    told: dict[str, int] = {}
    for one in provider.refunds():
        if one["status"] == "succeeded":
            told[one["payment"]] = told.get(one["payment"], 0) + 1
    return told


@contextmanager
def _standby(here: Installation) -> Iterator[str]:
    """A second server that follows the one of ``here``; its address."""
    server = urlsplit(here.server)
    with tempfile.TemporaryDirectory(prefix="rebond-standby-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        identity = with_pg._unprivileged(folder)
        binaries = with_pg._binaries(folder, identity)
        data, port = folder / "data", with_pg._free_port()
        copy = [binaries / "pg_basebackup", "-D", data, "-R", "-X", "stream", "-c", "fast"]
        copy += ["-h", server.hostname, "-p", str(server.port), "-U", with_pg.HOST, "--no-sync"]
        _made(copy, identity)
        with (folder / "standby.log").open("wb") as log:
            command = [binaries / "postgres", "-D", data, "-p", str(port), *with_pg.SETTINGS]
            process = subprocess.Popen(command, stdout=log, stderr=log, **identity)
        try:
            if not with_pg._is_ready(process, data / "postmaster.pid"):
                raise Broken(f"no standby: {(folder / 'standby.log').read_text()[-1000:]}")
            yield urlunsplit(server._replace(netloc=f"{server.username}@127.0.0.1:{port}"))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _made(command: list[Any], identity: dict[str, Any]) -> None:
    try:
        made = subprocess.run(command, capture_output=True, text=True, **identity)
    except FileNotFoundError as missing:
        raise NotRun("this PostgreSQL came without pg_basebackup") from missing
    if made.returncode:
        raise Broken(f"pg_basebackup: {made.stderr[-1000:]}")


def _follow(here: Installation, second: str) -> None:
    """Wait until the standby has played all that its server wrote."""
    with psycopg.connect(here.server, autocommit=True) as first:
        place = first.execute("SELECT pg_current_wal_lsn()::text").fetchone()
    assert place is not None
    _wait_until(second, f"SELECT pg_last_wal_replay_lsn() >= '{place[0]}'::pg_lsn")


def _wait_until(server: str, question: str) -> None:
    until = time.monotonic() + SECONDS_TO_FOLLOW
    while time.monotonic() < until:
        with psycopg.connect(server, autocommit=True) as connection:
            row = connection.execute(question).fetchone()
        if row and row[0]:
            return
        time.sleep(0.1)
    raise Broken(f"never: {question}")


def _sql(server: str, *statements: str) -> None:
    """Say ``statements`` as the server's superuser."""
    with psycopg.connect(server, user=with_pg.HOST, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
