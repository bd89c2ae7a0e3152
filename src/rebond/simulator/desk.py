"""The counter of a provider on loopback: reads a call, and answers it in the manner planned."""

from __future__ import annotations

import json
import socket
import threading
import time
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from rebond.simulator.engine import Act, Engine
from rebond.simulator.ledger import Ledger, taken

GARBAGE = b'{"surprise": ["<html>", 1e308]}'
LINGER_ZERO = b"\x01\x00\x00\x00\x00\x00\x00\x00"


class Office(ThreadingHTTPServer):
    """A server with its ledger and engine. ``closing`` ends whoever is being kept waiting."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        counter: type[Counter],
        *,
        file: Path,
        opens: bool = False,
    ) -> None:
        super().__init__(address, counter)
        self.ledger = Ledger(file)
        self.engine = Engine(self.ledger, opens=opens)
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """Where callers find it."""
        return f"http://127.0.0.1:{self.server_port}"

    def server_close(self) -> None:
        """Let nobody wait any longer."""
        self.closing.set()
        super().server_close()


class Counter(BaseHTTPRequestHandler, ABC):
    """Answers one call. A provider says in ``get`` and ``post`` what its pages are."""

    server: Office
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Hand the page and its query to ``get``."""
        url = urlsplit(self.path)
        self.get(url.path.strip("/").split("/"), dict(parse_qsl(url.query)))

    def do_POST(self) -> None:
        """Hand the page and the body to ``post``."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.post(urlsplit(self.path).path.strip("/").split("/"), body)

    @abstractmethod
    def get(self, page: list[str], query: dict[str, str]) -> None:
        """Answer a call that asks."""

    @abstractmethod
    def post(self, page: list[str], body: bytes) -> None:
        """Answer a call that wants something done."""

    def fails_to_list(self, payment: str = "*") -> bool:
        """Answer a list in the faulty way that was planned, if one was."""
        if taken(self.server.ledger, "list_500", payment):
            self.say(500, {"code": "internal"})
        elif taken(self.server.ledger, "list_garbage", payment):
            self.play(Act(200, GARBAGE))
        else:
            return False
        return True

    def say(self, status: int, body: Any, **headers: str) -> None:
        """Send a plain answer."""
        self.play(Act(status, json.dumps(body).encode(), headers))

    def play(self, act: Act) -> None:
        """Let the caller meet ``act``."""
        if act.manner == "hang":
            self.server.closing.wait(act.seconds)
            self.close_connection = True
        elif act.manner == "reset":
            self._break()
        elif act.manner == "garbage":
            self._send(Act(200, GARBAGE))
        else:
            if act.manner == "slow":
                time.sleep(act.seconds)
            self._send(act)

    def _send(self, act: Act) -> None:
        self.send_response(act.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(act.body)))
        for name, value in act.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if act.manner == "drip":
            self._drip(act.body)
        elif act.manner == "cut":
            self.wfile.write(act.body[: len(act.body) // 2])
            self.wfile.flush()
            self._break()
        else:
            self.wfile.write(act.body)

    def _drip(self, body: bytes) -> None:
        self.close_connection = True
        try:
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.server.closing.wait(1):
                    return
        except OSError:
            return

    def _break(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self.connection.close()
        self.close_connection = True
