"""The web server's worker: what it cannot answer in time it turns away at once.

More asks than can be answered would all wait, and be answered when nobody waits for them any more.
Who waited too long for a thread is told so, with a time to come again, for next to no work; the
others are answered as fast as ever.
"""

from __future__ import annotations

import random
import resource
import time
from functools import cache
from importlib import import_module
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from gunicorn.workers.gthread import ThreadWorker

from rebond.kernel.meters import count

LONGEST_WAIT = 4.0
"""Seconds that a request may wait for a thread."""
COME_AGAIN = (3, 10)
"""Seconds after which to come again; by chance, so that not all come at once."""
NEVER_TURNED_AWAY = frozenset({"/health/", "/ready/"})
OWN_FILES, FILES_OF_A_THREAD = 24, 4
"""Open files of a worker beside its lines: its own, and for each thread those of the database."""
COUNTED = "rebond_requests_turned_away_total"


class TimelyWorker(ThreadWorker):
    """A worker with threads that answers 503 to what waited longer than ``LONGEST_WAIT``.

    It takes no more lines than it may open files: the others wait in the system's own queue.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if files != resource.RLIM_INFINITY:
            spare = files - OWN_FILES - FILES_OF_A_THREAD * self.cfg.threads
            self.worker_connections: int = max(1, min(self.cfg.worker_connections, spare))

    def enqueue_req(self, conn: Any) -> None:
        """Let a connection with something to say wait for a thread."""
        conn.waits_since = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Take a connection up: from here on, time is its client's."""
        conn.waited = time.monotonic() - conn.waits_since
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer one request; True where the connection goes on."""
        waited, conn.waited = conn.waited, 0.0
        if waited <= LONGEST_WAIT or req.path in NEVER_TURNED_AWAY:
            return bool(super().handle_request(req, conn))
        count(COUNTED)
        closes = req.should_close() or not self.alive
        conn.sock.sendall(_answer(req, closes=closes))
        return not closes


def _answer(req: Any, *, closes: bool) -> bytes:
    asked = next((value for name, value in req.headers if name == "ACCEPT-LANGUAGE"), "")
    language = "fr" if asked.strip().lower().startswith("fr") else "en"
    away = import_module("rebond.config.away")  # with the application, after this worker
    kind, body = _said(language, is_machine=req.path.startswith(away.MACHINES))
    head = [
        "HTTP/1.1 503 Service Unavailable",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        f"Retry-After: {random.randint(*COME_AGAIN)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: default-src 'none'; style-src 'self'; frame-ancestors 'none'",
        f"Connection: {'close' if closes else 'keep-alive'}",
    ]
    sent = "\r\n".join([*head, "", ""]).encode("ascii")
    return sent if req.method == "HEAD" else sent + body


@cache
def _said(language: str, *, is_machine: bool) -> tuple[str, bytes]:
    """Type and body of the answer, made once."""
    with translation.override(language):
        if is_machine:
            told = import_module("rebond.api.errors").problem(503, "away_for_a_moment")
            return told.headers["Content-Type"], told.content
        page = {"language": language, "passes": True, "is_busy": True}
        return "text/html; charset=utf-8", render_to_string("ui/away.html", page).encode()
