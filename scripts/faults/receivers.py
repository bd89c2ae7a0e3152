"""Other systems that get our events: one that says yes, one that never says anything."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Takes what is sent and says yes."""

    def __enter__(self) -> int:
        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return int(self._server.server_port)

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Silent:
    """Takes the call and never answers."""

    def __enter__(self) -> int:
        self._door = socket.socket()
        self._door.bind(("127.0.0.1", 0))
        self._door.listen(512)
        return int(self._door.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._door.close()


class Odd:
    """A receiver that answers in one odd ``manner``; ``url`` is where, ``followed`` who came along.

    ``ends`` and ``tries`` say what must become of an event: its state, and after how many tries;
    ``stays_on`` and ``letters`` whether its address stays on, and whether the shop is written to.
    """

    def __init__(self, manner: str) -> None:
        self.manner = manner
        self.ends, self.tries, self.stays_on, self.letters = ODD[manner]
        self.followed = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._door())
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Odd:
        if self.manner == "is down":
            self._server.server_close()
        else:
            threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.manner != "is down":
            self._server.shutdown()
            self._server.server_close()

    def _door(self) -> type[BaseHTTPRequestHandler]:
        odd = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                odd.followed += self.path != "/hook"
                if odd.manner == SLOW:
                    time.sleep(29)
                with contextlib.suppress(OSError):
                    self.send_response(STATUS.get(odd.manner, 200))
                    if odd.manner == "sends elsewhere (302)":
                        self.send_header("Location", odd.url.replace("/hook", "/elsewhere"))
                    self.end_headers()
                    for _ in range(GIGABYTE // MEGABYTE if odd.manner == HUGE else 0):
                        self.wfile.write(b"x" * MEGABYTE)

            def do_GET(self) -> None:
                odd.followed += 1

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Door


SLOW, HUGE = "answers 200 after 29 s", "answers with 1 GB"
MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
STATUS = {"sends elsewhere (302)": 302, "is gone (410)": 410}
ODD = {
    "is down": ("dead", 10, True, 1),
    "sends elsewhere (302)": ("dead", 10, True, 1),
    "is gone (410)": ("dead", 1, False, 1),
    HUGE: ("delivered", 1, True, 0),
    SLOW: ("waiting", 2, True, 0),
}
