"""A stage for faults and storms on the database that the tests run on."""

import sys
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection
from scripts.faults.installation import Installation
from scripts.faults.stage import Stage


@pytest.fixture(scope="session")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    """A small stage whose installations begin as copies of the tests' empty database."""
    with django_db_blocker.unblock():
        server = _server()
        with Stage(server, is_small=True, blank=_blank(server)) as made:
            yield made


def _server() -> str:
    """The PostgreSQL server of the tests; empty for SQLite."""
    if connection.vendor == "sqlite":
        return ""
    at = connection.settings_dict
    login = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}"
    return f"postgresql://{login}@{at['HOST']}:{at['PORT']}/postgres"


def _blank(server: str) -> Installation:
    """An installation with the tables that the tests' database has, and nothing in them."""
    if server:
        connection.close()
        return Installation(server, template=connection.settings_dict["NAME"])
    blank = Installation()
    connection.ensure_connection()
    copy = sys.modules["sqlite3"].connect(blank.folder / "rebond.sqlite3")
    connection.connection.backup(copy)
    copy.close()
    return blank
