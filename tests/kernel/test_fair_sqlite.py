"""Writers of a SQLite file take turns."""

import fcntl
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from rebond.config.database import databases
from rebond.kernel.fair_sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrapper(tmp_path):
    """A connection to a file of its own."""
    settings = databases(f"sqlite:///{tmp_path}/own.sqlite3")["default"]
    made = DatabaseWrapper({**connection.settings_dict, **settings}, alias="own")
    yield made
    made.close()


def test_a_writer_waits_for_its_turn_and_gives_it_back(wrapper, tmp_path):
    wrapper.inc_thread_sharing()
    wrapper.ensure_connection()
    begun = threading.Event()

    def write() -> None:
        wrapper._start_transaction_under_autocommit()
        begun.set()

    with Path(f"{tmp_path}/own.sqlite3-turn").open("w") as turns:
        fcntl.flock(turns, fcntl.LOCK_EX)
        writer = threading.Thread(target=write)
        writer.start()
        assert not begun.wait(0.2)
        fcntl.flock(turns, fcntl.LOCK_UN)
        assert begun.wait(5)
        writer.join()
        fcntl.flock(turns, fcntl.LOCK_EX | fcntl.LOCK_NB)  # begun, so the turn is free again
    assert wrapper.connection.in_transaction
    wrapper.connection.rollback()


def test_a_single_write_waits_for_its_turn_too(wrapper, tmp_path):
    wrapper.inc_thread_sharing()
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE one (n INTEGER)")
    written = threading.Event()

    def write() -> None:
        with wrapper.cursor() as cursor:
            cursor.execute("INSERT INTO one VALUES (%s)", [1])
        written.set()

    with Path(f"{tmp_path}/own.sqlite3-turn").open("w") as turns:
        fcntl.flock(turns, fcntl.LOCK_EX)
        writer = threading.Thread(target=write)
        writer.start()
        assert not written.wait(0.2)
        fcntl.flock(turns, fcntl.LOCK_UN)
        assert written.wait(5)
        writer.join()


@pytest.mark.parametrize("held", [0.05, 0.3])
def test_who_is_first_in_line_begins_when_the_lock_is_free(wrapper, tmp_path, held):
    wrapper.inc_thread_sharing()
    wrapper.ensure_connection()
    wrapper.connection.execute("CREATE TABLE one (n INTEGER)")
    began: list[float] = []

    def write() -> None:
        wrapper._start_transaction_under_autocommit()
        began.append(time.monotonic())

    other = sqlite3.connect(f"{tmp_path}/own.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(held)
    other.execute("COMMIT")
    freed = time.monotonic()
    writer.join()
    other.close()

    # SQLite's own waiting would look again after up to a tenth of a second.
    assert began[0] - freed < 0.02
    assert wrapper.connection.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
    wrapper.connection.rollback()


def test_who_waited_too_long_is_told(wrapper, tmp_path):
    wrapper.settings_dict["OPTIONS"]["timeout"] = 0.1
    wrapper.ensure_connection()
    wrapper.connection.execute("CREATE TABLE one (n INTEGER)")
    other = sqlite3.connect(f"{tmp_path}/own.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="locked"):
        wrapper._start_transaction_under_autocommit()
    other.execute("COMMIT")
    other.close()

    wrapper._start_transaction_under_autocommit()
    wrapper.connection.rollback()


def test_a_connection_that_is_closed_keeps_no_file(wrapper):
    wrapper.ensure_connection()
    wrapper._start_transaction_under_autocommit()
    wrapper.connection.rollback()
    assert wrapper._turns is not None

    wrapper.close()

    assert wrapper._turns is None


def test_a_database_in_memory_has_one_writer_and_no_queue():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        with transaction.atomic():
            assert connection._turn_file() is None
