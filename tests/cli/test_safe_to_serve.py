"""What keeps an installation from being served in public."""

import os
import subprocess
import sys

import pytest

PUBLIC = "https://returns.example.com"


def serve(tmp_path, **env: str) -> subprocess.CompletedProcess[str]:
    known = {k: v for k, v in os.environ.items() if not k.startswith(("REBOND_", "DATABASE"))}
    return subprocess.run(
        [sys.executable, "-m", "rebond", "serve", "--port=1"],
        capture_output=True,
        text=True,
        env={**known, "REBOND_HOME": str(tmp_path), "REBOND_BASE_URL": PUBLIC, **env},
        timeout=120,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("REBOND_DEBUG", "1"), ("REBOND_SECRET_KEY", "secret"), ("REBOND_HOSTS", "a.example,*")],
)
def test_an_unsafe_setting_is_named_and_nothing_is_served(name, value, tmp_path):
    done = serve(tmp_path, **{name: value})

    assert done.returncode == 2
    assert f"Not served in public: {name}" in done.stderr


def test_a_database_that_everybody_may_read_is_not_served(tmp_path):
    (tmp_path / "rebond.sqlite3").touch(0o644)

    done = serve(tmp_path)

    assert done.returncode == 2
    assert f"chmod o-rwx {tmp_path}/rebond.sqlite3" in done.stderr


def test_a_database_that_we_make_is_private(tmp_path):
    before = os.umask(0o022)
    try:
        subprocess.run(
            [sys.executable, "-m", "rebond", "migrate"],
            capture_output=True,
            check=True,
            env={**os.environ, "REBOND_HOME": str(tmp_path), "DATABASE_URL": _url(tmp_path)},
            timeout=300,
        )
    finally:
        os.umask(before)

    assert (tmp_path / "rebond.sqlite3").stat().st_mode & 0o077 == 0


def _url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/rebond.sqlite3"
