"""A database for one task goes away whatever is still at work in it."""

import os
import time

import psycopg
import pytest

from rebond.kernel import scratch

pytestmark = pytest.mark.postgresql
CLEANED_SLOWLY = """
CREATE TABLE much WITH (
    autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1
) AS SELECT n, repeat('x', 200) AS text FROM generate_series(1, 200000) AS n;
DELETE FROM much WHERE n % 2 = 0;
"""
SOMEBODY_ELSE = """
SELECT 1 FROM pg_stat_activity
WHERE datname = current_database() AND usename IS DISTINCT FROM current_user
"""


def exists(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_connection_that_was_forgotten_does_not_keep_it() -> None:
    with scratch.scratch_database(os.environ["DATABASE_URL"], "forgotten") as url:
        forgotten = psycopg.connect(url, autocommit=True)

    assert not exists(url)
    with pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")


def test_it_is_gone_after_a_failure_too() -> None:
    with (
        pytest.raises(RuntimeError),
        scratch.scratch_database(os.environ["DATABASE_URL"], "failed") as url,
    ):
        raise RuntimeError

    assert not exists(url)


@pytest.mark.slow
def test_the_servers_own_cleaner_does_not_keep_it() -> None:
    with scratch.scratch_database(os.environ["DATABASE_URL"], "cleaned") as url:
        with psycopg.connect(url) as connection:
            connection.execute(CLEANED_SLOWLY)
        until = time.monotonic() + 150
        with psycopg.connect(url, autocommit=True) as watching:
            while not watching.execute(SOMEBODY_ELSE).fetchone():
                assert time.monotonic() < until, "the cleaner never came"
                time.sleep(0.2)

    assert not exists(url)
