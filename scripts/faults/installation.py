"""An installation under trial: a folder, a database, a provider, a web server, workers.

Everything is a real process of ours on loopback; nothing of it stays when it is closed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from scripts.faults.table import Broken

from rebond.kernel import scratch

ROOT = Path(__file__).parents[2]
PYTHON = sys.executable
SECRET = "a secret of the rehearsal provider"
LONGEST = 540


@dataclass(frozen=True)
class Done:
    """How a process ended: its exit code (negative for a signal), what it said, its errors."""

    code: int
    out: str
    err: str

    @property
    def made(self) -> Any:
        """The JSON on its last line. Raises ``Broken`` when the process failed."""
        if self.code:
            raise Broken(f"a process ended with {self.code}: {self.err[-2000:]}")
        return json.loads(self.out.splitlines()[-1])


class Installation:
    """One installation. ``server`` is the address of a PostgreSQL server; empty for SQLite.

    It begins empty, as a copy of one whose processes have ended, or, on a server, with the
    tables of a database that nobody is connected to. As the ``twin`` of another it has its files,
    its provider and, on a server of its own, the database of the same name.
    """

    def __init__(
        self,
        server: str = "",
        *,
        like: Installation | None = None,
        template: str = "",
        twin: Installation | None = None,
    ) -> None:
        self.server = server
        self.folder = Path(tempfile.mkdtemp(prefix="rebond-fault-"))
        self.name = f"fault_{uuid4().hex[:12]}"
        self.provider_port, self.web_port = free_port(), free_port()
        self._running: list[subprocess.Popen[bytes]] = []
        if twin is not None:
            self.name, self.provider_port = twin.name, twin.provider_port
            shutil.copytree(twin.folder, self.folder, dirs_exist_ok=True)
            return
        if like is not None:
            shutil.copytree(like.folder, self.folder, dirs_exist_ok=True)
        if server:
            template = like.name if like is not None else template or "template1"
            with psycopg.connect(self.server, autocommit=True) as host:
                scratch.create(host, self.name, template=template)

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The address of the database."""
        if not self.server:
            return f"sqlite:///{self.folder}/rebond.sqlite3"
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{self.name}"))

    @property
    def env(self) -> dict[str, str]:
        """The environment of its processes; nothing of ours leaks in but the way to the code."""
        known = {k: v for k, v in os.environ.items() if not k.startswith(("REBOND_", "PYTEST_"))}
        return known | {
            "DATABASE_URL": self.url,
            "REBOND_HOME": str(self.folder),
            "REBOND_HEADS_FILE": str(self.folder / "heads.jsonl"),
            "REBOND_SMTP_URL": f"file://{self.folder}/outbox",
            "REBOND_SIMULATOR_URL": f"http://127.0.0.1:{self.provider_port}",
            "REBOND_SIMULATOR_SECRET": SECRET,
            "REBOND_SIMULATOR_TIMEOUT": "1",
            "REBOND_CRASH_LOG": str(self.crash_log),
            "REBOND_ROW_SECURITY": self.row_security,
        }

    @property
    def row_security(self) -> str:
        """As the server that is lent to us has it; SQLite has none."""
        return os.environ.get("REBOND_ROW_SECURITY", "off") if self.server else "off"

    @property
    def crash_log(self) -> Path:
        """Where a process writes the step at which it dies."""
        return self.folder / "crashes.log"

    def inside(
        self,
        part: str,
        *,
        hours: float = 0,
        before: Sequence[str] = (),
        env: dict[str, str] | None = None,
        **wish: Any,
    ) -> Done:
        """Run a function of ``scripts.faults.inside``, ``hours`` ahead of the clock.

        ``before`` stands in front of the command, for a tracer.
        """
        words = [*before, PYTHON, "-m", "scripts.faults.inside", part, json.dumps(wish)]
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=self.env | {"FAULTS_HOURS_AHEAD": str(hours)} | (env or {}),
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def rebond(self, *words: str, env: dict[str, str] | None = None) -> Done:
        """Run one of our commands to its end."""
        ran = subprocess.run(
            [PYTHON, "-m", "rebond", *words],
            cwd=ROOT,
            env=self.env | (env or {}),
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
        return Done(ran.returncode, ran.stdout, ran.stderr)

    def begin_rebond(
        self, *words: str, env: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Begin one of our commands; ended with the installation at the latest."""
        return self._begin(["rebond", *words], f"{words[0]}.log", env=env)

    def begin(self, part: str, **wish: Any) -> subprocess.Popen[bytes]:
        """Begin a function of ``scripts.faults.inside`` and do not wait for its end."""
        return self._begin(["scripts.faults.inside", part, json.dumps(wish)], f"{part}.log")

    def live(self, *, crash_at: str = "", env: dict[str, str] | None = None, **more: Any) -> Done:
        """One worker's life: all that is due is done, or the worker dies at ``crash_at``."""
        return self.inside("work.live", env={"REBOND_CRASH_AT": crash_at} | (env or {}), **more)

    def look(self, *, hours: float = 0) -> dict[str, Any]:
        """What stands in the database now, as ``inside.look`` tells it."""
        found: dict[str, Any] = self.inside("look.facts", hours=hours).made
        return found

    def verify(self, *, hours: float = 0) -> str:
        """``kept``, or the promises that ``rebond verify`` found broken."""
        done = self.inside("work.verify", hours=hours) if hours else self.rebond("verify")
        told = [text for text in done.out.splitlines() if text.startswith(("BROKEN", "   "))]
        return "kept" if done.code == 0 else " ".join(told) or done.err[-2000:]

    def has_died_at(self, step: str) -> bool:
        """Whether the log shows that a process named ``step`` and died there."""
        return self.crash_log.exists() and step in self.crash_log.read_text().split()

    def provider(self, *, tells_us: bool = False) -> Provider:
        """The rehearsal provider, started; ``tells_us``: it calls our door about changes."""
        hook = f"--hook={self.address}/hooks/payments/galerie/simulator/"
        words = [
            "rebond",
            "simulate",
            f"--port={self.provider_port}",
            f"--file={self.folder}/provider.db",
        ]
        address = self.env["REBOND_SIMULATOR_URL"]
        self._start([*words, *([hook] if tells_us else [])], "provider.log", f"{address}/health")
        return Provider(address)

    @property
    def address(self) -> str:
        """Where the web server answers."""
        return f"http://127.0.0.1:{self.web_port}"

    def web(
        self,
        *,
        before: Sequence[str] = (),
        crew: int = 4,
        threads: int = 4,
        patient: bool = True,
    ) -> int:
        """The API and its doors under gunicorn, ``crew`` processes; the process id of the first.

        ``before`` stands in front of the command. Not ``patient``: it is up once it takes a line,
        without having answered anybody.
        """
        words = [f"--workers={crew}", f"--threads={threads}", "--preload"]
        words += ["--worker-class=rebond.config.serving.TimelyWorker"]
        words += ["--no-control-socket", "--log-level=warning", f"--bind=127.0.0.1:{self.web_port}"]
        words = ["gunicorn", "rebond.config.wsgi:application", *words]
        sign = f"{self.address}/health/" if patient else ""
        return self._start(words, "web.log", sign, before=before).pid

    def web_errors(self) -> list[str]:
        """Lines of the web server's log that tell of an error of ours."""
        bad = ("Traceback", "database is locked", "Internal Server Error", "Error")
        text = (self.folder / "web.log").read_text(errors="replace")
        return [one for one in text.splitlines() if any(word in one for word in bad)]

    def stop(self) -> None:
        """End the processes that were started."""
        for process in reversed(self._running):
            process.send_signal(signal.SIGTERM)
        for process in self._running:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def close(self) -> None:
        """Stop everything and leave nothing behind."""
        self.stop()
        if self.server:
            with psycopg.connect(self.server, autocommit=True) as host:
                scratch.drop(host, self.name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(
        self, words: list[str], log: str, sign_of_life: str, *, before: Sequence[str] = ()
    ) -> subprocess.Popen[bytes]:
        process = self._begin(words, log, before=before)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if not sign_of_life:
                    socket.create_connection(("127.0.0.1", self.web_port), 2).close()
                    return process
                with urllib.request.urlopen(sign_of_life, timeout=2):
                    return process
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        said = (self.folder / log).read_text(errors="replace")
        raise Broken(f"{words[0]} did not start: {said[-1000:]}")

    def _begin(
        self,
        words: list[str],
        log: str,
        *,
        env: dict[str, str] | None = None,
        before: Sequence[str] = (),
    ) -> subprocess.Popen[bytes]:
        with (self.folder / log).open("ab") as told:
            process = subprocess.Popen(
                [*before, PYTHON, "-m", *words],
                cwd=ROOT,
                env=self.env | (env or {}),
                stdout=told,
                stderr=told,
            )
        self._running.append(process)
        return process


@dataclass(frozen=True)
class Provider:
    """What we say to the rehearsal provider, and what it has booked itself."""

    address: str

    def opens(self, reference: str, captured: int) -> None:
        """Make a payment known."""
        self._post("payments", reference=reference, currency="EUR", captured=captured)

    def plan(self, mode: str, *, count: int = 1, payment: str = "*", **detail: Any) -> None:
        """Let the next calls, about one payment or any, go in this way."""
        self._post("plan", mode=mode, count=count, payment=payment, detail=detail)

    def advance(self) -> list[dict[str, Any]]:
        """Let what was to come happen; returns the refunds that changed."""
        changed: list[dict[str, Any]] = self._post("advance")["changed"]
        return changed

    def refunds(self) -> list[dict[str, Any]]:
        """Every refund that it has booked, also failed ones."""
        booked: list[dict[str, Any]] = self._ledger()["refunds"]
        return booked

    def requests(self) -> list[str]:
        """The idempotency key of every request that arrived, in order."""
        return [call["key"] for call in self._ledger()["calls"]]

    def _ledger(self) -> Any:
        with urllib.request.urlopen(f"{self.address}/ledger", timeout=10) as page:
            return json.loads(page.read())

    def _post(self, page: str, **body: Any) -> Any:
        request = urllib.request.Request(f"{self.address}/{page}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
