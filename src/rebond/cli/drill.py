"""Tries a restore in a place of its own, checks every promise there, and measures the time."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from rebond.cli.passphrase import NAME
from rebond.kernel.scratch import scratch_database


def run(archive: Path, args: argparse.Namespace, passphrase: str) -> int:
    """Restore ``archive`` beside the installation and verify it; the exit code."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rebond-drill-") as folder:
        try:
            with _database(Path(folder), args.into) as url:
                env = _surroundings(Path(folder), url, passphrase)
                for words in (["restore", str(archive.resolve())], ["verify", "--full"]):
                    if subprocess.run([sys.executable, "-m", "rebond", *words], env=env).returncode:
                        print(f"The drill failed at `rebond {words[0]}`.", file=sys.stderr)
                        return 1
                    minutes = (time.monotonic() - began) / 60
                    print(f"{words[0]}: {minutes:.2f} minutes since the begin", flush=True)
        except psycopg.Error as problem:
            print(f"No database for the drill: {problem}", file=sys.stderr)
            print("Name an empty one: --into postgresql://…", file=sys.stderr)
            return 1
    print(f"The archive can be used; the drill took {minutes:.2f} minutes.")
    return 0


@contextmanager
def _database(folder: Path, into: str | None) -> Iterator[str]:
    """The address of an empty database that is gone afterwards, unless it was given."""
    at_home = _own_address()
    if into or not at_home:
        yield into or f"sqlite:///{folder}/rebond.sqlite3"
        return
    with scratch_database(at_home, "rebond_drill") as url:
        yield url


def _own_address() -> str:
    """The address of our PostgreSQL database; "" for SQLite."""
    url = settings.DATABASE_ADDRESS
    return url if urlsplit(url).scheme.startswith("postgres") else ""


def _surroundings(folder: Path, url: str, passphrase: str) -> dict[str, str]:
    """An environment in which nothing of the living installation is touched."""
    own = ("REBOND_HOME", "REBOND_HEADS_FILE", "REBOND_PLATFORM_FOLDER", "REBOND_SMTP_URL")
    env = {name: value for name, value in os.environ.items() if name not in own}
    env |= {"REBOND_HOME": str(folder), "DATABASE_URL": url}
    return env | ({NAME: passphrase} if passphrase else {})
