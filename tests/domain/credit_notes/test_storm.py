"""Numbers stay dense while eight processes write one series and a fifth is rolled back."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

SCRIPT = Path(__file__).with_name("storm.py")
ROOT = Path(__file__).parents[3]
WRITERS, EACH = 8, 12


@pytest.fixture
def database(tmp_path) -> Iterator[str]:
    """The address of a database of its own, on the server that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/storm.sqlite3"
        return
    at = connection.settings_dict
    server = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}"
    name = f"storm_{uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def start(database: str, home: Path, *words: object) -> subprocess.Popen[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("REBOND_")}
    env = {**known, "DATABASE_URL": database, "REBOND_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *map(str, words)],
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def result(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err[-3000:]
    return out.strip()


@pytest.mark.django_db
def test_numbers_are_dense_whatever_is_rolled_back(database, tmp_path):
    result(start(database, tmp_path, "prepare", WRITERS))

    began = time.monotonic()
    writers = [start(database, tmp_path, "write", who, EACH) for who in range(WRITERS)]
    rolled_back = sum(json.loads(result(writer))["rolled_back"] for writer in writers)
    took = time.monotonic() - began
    seen = json.loads(result(start(database, tmp_path, "look")))

    assert seen["numbers"] == list(range(1, WRITERS * EACH + 1))
    assert seen["broken"] == []
    assert seen["in_order"]
    assert rolled_back > 0
    assert took < 60
