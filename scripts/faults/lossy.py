"""Row F12: on the line to the database pieces come late, as if sent again, and some break it."""

from __future__ import annotations

import random
import select
import socket
import struct
import threading
import time
from urllib.parse import urlsplit, urlunsplit

from scripts.faults.installation import Installation
from scripts.faults.proxy import MOST, CuttingProxy
from scripts.faults.stage import Stage
from scripts.faults.steps import ROUNDS, is_over, paid_and_told
from scripts.faults.table import Broken, Case, expect

LATE, LOST = 0.1, 0.004
SECONDS_LATE = 0.2
"""The least that Linux waits before it sends a piece of TCP again."""
SECONDS_TO_WORK = 45


class LossyProxy(CuttingProxy):
    """One piece in ten comes late, one in 250 takes the line with it; chance goes by ``seed``."""

    def __init__(self, host: str, port: int, *, seed: int) -> None:
        self._chance, self._guard = random.Random(seed), threading.Lock()
        self.late = self.broken = 0
        super().__init__(host, port)

    def _pass_on(self, line: socket.socket, server: socket.socket) -> bool:
        ready, _, _ = select.select([line, server], [], [])
        source, sink = (line, server) if line in ready else (server, line)
        piece = source.recv(MOST)
        with self._guard:
            drawn = self._chance.random()
            self.broken += drawn < LOST
            self.late += LOST <= drawn < LATE
        if drawn < LOST:
            for end in (line, server):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if drawn < LATE:
            time.sleep(SECONDS_LATE)
        sink.sendall(piece)
        return bool(piece)


def one_piece_in_ten(stage: Stage) -> str:
    """A real worker behind such a line does what it can; another ends it on a sound one."""
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        proxy = LossyProxy(*_server_of(here), seed=stage.seed)
        worker = here.begin_rebond("work", env={"DATABASE_URL": _behind(here, proxy.port)})
        until = time.monotonic() + SECONDS_TO_WORK
        while time.monotonic() < until and not (proxy.broken and is_over(here.look())):
            time.sleep(2)
        expect(worker_lives=(worker.poll(), None))
        worker.terminate()
        worker.wait(60)
        proxy.close()
        if not (proxy.late and proxy.broken):
            raise Broken(f"{proxy.late} pieces came late, {proxy.broken} lines broke: no trial")
        for hours in range(ROUNDS):
            found = here.live(hours=hours).made
            if is_over(found):
                break
        paid_and_told(here, provider, found, hours=hours)
        expect(requests=(len(provider.requests()), 1))
    return f"{proxy.late} pieces late, {proxy.broken} lines broken: paid once, nothing by halves"


CASES = [
    Case(
        "F12",
        "a tenth of the packets lost on the way to the database",
        "nothing by halves, paid once, the worker goes on",
        one_piece_in_ten,
        only="postgresql",
        why="SQLite has no line to the database",
    )
]


def _server_of(here: Installation) -> tuple[str, int]:
    server = urlsplit(here.url)
    return server.hostname or "", server.port or 5432


def _behind(here: Installation, port: int) -> str:
    server = urlsplit(here.url)
    place = f"{server.username}@127.0.0.1:{port}"
    return urlunsplit(server._replace(netloc=place, query="sslmode=disable&gssencmode=disable"))
