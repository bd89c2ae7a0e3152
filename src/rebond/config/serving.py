"""The web server's worker: what it cannot answer in time it turns away at once.

More asks than can be answered would all wait, and be answered when nobody waits for them any more.
Who waited too long for a thread is told so, with a time to come again, for next to no work; the
others are answered as fast as ever. Nor does anybody who sends a byte now and then keep a thread: a
request is taken up once it has come.
"""

from __future__ import annotations

import random
import resource
import socket
import time
from collections import deque
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from selectors import EVENT_READ
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from gunicorn.workers.gthread import ThreadWorker

from rebond.config.gathering import MOST_LOOKED_AT, Come, come_so_far
from rebond.kernel.meters import count

LONGEST_WAIT = 4.0
"""Seconds that a request may wait for a thread."""
COME_AGAIN = (3, 10)
"""Seconds after which to come again; by chance, so that not all come at once."""
NEVER_TURNED_AWAY = frozenset({"/health/", "/ready/"})
OWN_FILES, FILES_OF_A_THREAD = 24, 4
"""Open files of a worker beside its lines: its own, and for each thread those of the database."""
LONGEST_SENDING = 20.0
"""Seconds that a request may take from its first byte until it has come."""
LONGEST_SILENCE = 5.0
"""Seconds that a new line may say nothing."""
LULLS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
"""Seconds until somebody who has sent a part is looked at again."""
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
COUNTED = "rebond_requests_turned_away_total"


class TimelyWorker(ThreadWorker):
    """A worker with threads that answers 503 to what waited longer than ``LONGEST_WAIT``.

    It takes no more lines than it may open files: the others wait in the system's own queue. A
    request that is not there yet waits without a thread, up to ``LONGEST_SENDING``; those whose
    bodies are long get half of the threads at most.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if files != resource.RLIM_INFINITY:
            spare = files - OWN_FILES - FILES_OF_A_THREAD * self.cfg.threads
            self.worker_connections: int = max(1, min(self.cfg.worker_connections, spare))
        self._listening: dict[Any, float] = {}
        self._lulled: deque[tuple[float, Any]] = deque()
        self._long: deque[Any] = deque()
        self._long_in_hand = 0

    def enqueue_req(self, conn: Any) -> None:
        """Let a connection whose request has come wait for a thread, and listen to the others."""
        come = _come_over(conn, self.cfg)
        if come is Come.PART:
            self._listen(conn)
            return
        conn.waits_since, conn.is_long = time.monotonic(), come is Come.LONG
        if conn.is_long and self._long_in_hand >= max(1, self.cfg.threads // 2):
            self._long.append(conn)
            return
        self._take(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """A thread is free again: for the next long one where it had one."""
        if conn.is_long:
            conn.is_long = False
            self._long_in_hand -= 1
        super().finish_request(conn, fs)
        if self._long and self._long_in_hand < max(1, self.cfg.threads // 2):
            self._take(self._long.popleft())

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for what comes, and look again at those who have sent a part."""
        if self._lulled:
            timeout = min(timeout, max(0.0, self._lulled[0][0] - time.monotonic()))
        super().wait_for_and_dispatch_events(timeout)
        moment = time.monotonic()
        while self._lulled and self._lulled[0][0] <= moment:
            _, conn = self._lulled.popleft()
            self.poller.register(conn.sock, EVENT_READ, partial(self._heard, conn))
        for conn, until in list(self._listening.items()):
            if until <= moment or not (self.alive or conn.looks):
                self._give_up(conn)

    def _take(self, conn: Any) -> None:
        self._long_in_hand += conn.is_long
        super().enqueue_req(conn)

    def _listen(self, conn: Any) -> None:
        """Wait for the rest without a thread; for a while only."""
        conn.sock.setblocking(False)
        conn.looks = 0
        self._listening[conn] = time.monotonic() + LONGEST_SILENCE
        self.poller.register(conn.sock, EVENT_READ, partial(self._heard, conn))

    def _heard(self, conn: Any, _line: Any) -> None:
        self.poller.unregister(conn.sock)
        if _come_over(conn, self.cfg) is not Come.PART:
            del self._listening[conn]
            conn.data_ready = True
            self.enqueue_req(conn)
            return
        moment = time.monotonic()
        if not conn.looks:
            self._listening[conn] = moment + LONGEST_SENDING
        lull = LULLS[min(conn.looks, len(LULLS) - 1)]
        conn.looks += 1
        self._lulled.append((moment + lull, conn))
        if len(self._lulled) > 1 and self._lulled[-2][0] > self._lulled[-1][0]:
            self._lulled = deque(sorted(self._lulled, key=lambda one: one[0]))

    def _give_up(self, conn: Any) -> None:
        del self._listening[conn]
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)
        self._lulled = deque(one for one in self._lulled if one[1] is not conn)
        if conn.looks:
            with suppress(OSError):
                conn.sock.send(TOO_SLOW)
        self.nr_conns -= 1
        conn.close()

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


def _come_over(conn: Any, cfg: Any) -> Come:
    """How far the next request of ``conn`` is; a line that broke or ended is for a thread."""
    if cfg.is_ssl or (conn.parser is not None and conn.parser.unreader.buf.getvalue()):
        return Come.WHOLE
    try:
        seen = conn.sock.recv(MOST_LOOKED_AT, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return Come.PART
    except OSError:
        return Come.WHOLE
    return come_so_far(seen) if seen else Come.WHOLE


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
