"""Yesterday's backup comes back: nobody is paid a second time, and payouts go on by themselves."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from tests.integrations.conftest import SECRET
from tests.integrations.restoring import ORDERS

from rebond.kernel import scratch

SCRIPT = Path(__file__).with_name("restoring.py")
ROOT = Path(__file__).parents[2]


class SqliteFile:
    """A database that is a file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "rebond.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def lose(self) -> None:
        for part in self.file.parent.glob(f"{self.file.name}*"):
            part.unlink()

    def drop(self) -> None:
        """The folder goes by itself."""


class PostgresDatabase:
    """A database on the server of the tests."""

    def __init__(self) -> None:
        at = connection.settings_dict
        self.server = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}"
        self.name = f"restored_{uuid4().hex[:12]}"
        self.url = f"{self.server}/{self.name}"
        self._run(scratch.create)

    def lose(self) -> None:
        self._run(scratch.drop)
        self._run(scratch.create)

    def drop(self) -> None:
        self._run(scratch.drop)

    def _run(self, does) -> None:
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as admin:
            does(admin, self.name)


@pytest.fixture
def database(db, tmp_path):
    made = SqliteFile(tmp_path) if connection.vendor == "sqlite" else PostgresDatabase()
    yield made
    made.drop()


@pytest.fixture
def run(database, provider, tmp_path):
    """Runs one command in a process of its own, against the database and the provider."""
    env = {
        **os.environ,
        "DATABASE_URL": database.url,
        "REBOND_HOME": str(tmp_path),
        "REBOND_SIMULATOR_SECRET": SECRET,
        "REBOND_SIMULATOR_TIMEOUT": "10",
        "PYTHONPATH": f"{ROOT}:{ROOT}/src",
    }

    def start(*command: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, *command], env=env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, done.stdout + done.stderr[-3000:]
        return done.stdout if code != 1 else done.stdout + done.stderr

    return start


@pytest.mark.timeout(600)
def test_after_a_restore_nobody_is_paid_twice(run, database, provider, tmp_path):
    for number in range(ORDERS):
        provider.opens(f"pay_galerie_{1000 + number}", 13080)
    run(str(SCRIPT), "prepare")
    assert len(provider.refunds()) == 10
    archive = run("-m", "rebond", "backup").split()[0]
    run(str(SCRIPT), "more")
    paid = Counter(refund["payment"] for refund in provider.refunds())
    assert len(paid) == ORDERS and set(paid.values()) == {1}

    assert "there is a shop" in run("-m", "rebond", "restore", archive, code=1)
    database.lose()
    (tmp_path / "secret_key").unlink()
    assert "Payouts wait" in run("-m", "rebond", "restore", archive)
    told = run("-m", "rebond", "restored", code=1)
    assert "simulator" in told and "Payouts wait for the comparison." in told
    run(str(SCRIPT), "work")

    after = Counter(refund["payment"] for refund in provider.refunds())
    assert after == paid
    seen = json.loads(run(str(SCRIPT), "tell").splitlines()[-1])
    # 30 by our own reference; 20 decided anew and paid with what was lost; 10 wait for a word.
    assert seen["refunds"] == {"succeeded": 50}
    assert (seen["lost"], seen["outside"]) == (30, 10)
    assert (seen["held"], seen["lifted_by"]) == (0, ["system"])
    assert seen["broken"] == []
    assert "Nothing is held." in run("-m", "rebond", "restored")
    shown = run("-m", "rebond", "reconcile", code=1)
    assert "10 differences are open" in shown
