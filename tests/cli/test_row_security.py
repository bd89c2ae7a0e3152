"""The host switches row security by a setting and `rebond migrate`, and is told how it stands."""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from rebond.kernel import row_security
from rebond.kernel.scratch import scratch_database

pytestmark = pytest.mark.postgresql
OPENED = ["shop", "open", "galerie", "Galerie", "--email=a@galerie.example", "--owner=b@x.example"]


@pytest.fixture
def url() -> Iterator[str]:
    """A database of its own on the server of the tests."""
    server = os.environ["DATABASE_URL"]
    with scratch_database(server, "switched") as url:
        yield url


def test_on_and_off_by_the_setting_and_migrate(url: str, tmp_path) -> None:
    def rebond(*words: str, is_on: bool, url: str = url) -> tuple[int, str]:
        told = {"DATABASE_URL": url, "REBOND_HOME": str(tmp_path)}
        told |= {"REBOND_ROW_SECURITY": "on" if is_on else "off"}
        done = subprocess.run(
            [sys.executable, "-m", "rebond", *words],
            capture_output=True,
            text=True,
            env={**os.environ, **told},
            input="a long enough password\n" * 2,
            timeout=300,
        )
        return done.returncode, done.stdout + done.stderr

    assert rebond("migrate", "--quiet", is_on=False) == (0, "")
    assert rebond("check", is_on=False)[0] == 0
    code, said = rebond("check", is_on=True)
    assert code == 1
    assert (
        f"MEND  {len(row_security.tables())} tables without row security: run `rebond migrate`"
        in said
    )

    assert rebond("migrate", "--quiet", is_on=True) == (0, "")
    code, said = rebond("check", is_on=True)
    assert (code, "ok    row security: the database keeps the shops apart" in said) == (0, True)
    code, said = rebond("check", is_on=False)
    assert (code, "MEND  the database has row security" in said) == (1, True)

    with psycopg.connect(url) as plain:
        assert rebond(*OPENED, is_on=True)[0] == 0
        assert plain.execute("SELECT count(*) FROM kernel_event").fetchone() == (0,)
        plain.execute("SET LOCAL rebond.shop = 'all'")
        assert plain.execute("SELECT count(*) FROM kernel_event").fetchone() != (0,)

    assert rebond("migrate", "--quiet", is_on=False) == (0, "")
    assert rebond("check", is_on=False)[0] == 0


def test_a_role_that_passes_policies_by_is_named(url: str, tmp_path) -> None:
    mighty = urlsplit(url)._replace(netloc=f"postgres@{urlsplit(url).netloc.split('@')[-1]}")
    try:
        psycopg.connect(mighty.geturl()).close()
    except psycopg.OperationalError:
        pytest.skip("no superuser of this server lets us in")
    told = {"DATABASE_URL": mighty.geturl(), "REBOND_HOME": str(tmp_path)}
    told |= {"REBOND_ROW_SECURITY": "on"}
    done = subprocess.run(
        [sys.executable, "-m", "rebond", "check"],
        capture_output=True,
        text=True,
        env={**os.environ, **told},
        timeout=300,
    )
    assert done.returncode == 1
    assert "MEND  this database role passes row security by" in done.stdout
