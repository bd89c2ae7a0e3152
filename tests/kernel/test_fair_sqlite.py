"""Writers of a SQLite file take turns."""

import fcntl
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

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
