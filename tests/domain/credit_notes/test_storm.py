"""Numbers stay dense while eight processes write one series and a fifth is rolled back."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from rebond.kernel.scratch import scratch_database

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
    with scratch_database(f"{server}/postgres", "storm") as url:
        yield url


@pytest.mark.django_db
def test_numbers_are_dense_whatever_is_rolled_back(database, tmp_path):
    known = {name: value for name, value in os.environ.items() if not name.startswith("REBOND_")}
    path = os.pathsep.join([str(ROOT), known.get("PYTHONPATH", "")])
    storm = subprocess.run(
        [sys.executable, str(SCRIPT), str(WRITERS), str(EACH)],
        env={**known, "DATABASE_URL": database, "REBOND_HOME": str(tmp_path), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert storm.returncode == 0, storm.stderr[-3000:]

    seen = json.loads(storm.stdout)

    assert seen["died"] == []
    assert seen["numbers"] == list(range(1, WRITERS * EACH + 1))
    assert seen["broken"] == []
    assert seen["in_order"]
    assert seen["rolled_back"] > 0
