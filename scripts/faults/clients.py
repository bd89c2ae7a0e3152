"""Callers over HTTP that finish their requests at the same instant.

`python -m scripts.faults.clients` reads a JSON list from its standard input; each entry is one
process with one or more requests (``method``, ``url``, ``headers``, ``body``). All but the last
byte of every body is sent before the gate opens. Who is turned away comes again, as the answer asks
for, until it is served. Prints the answers in the same shape: ``status``, ``body``.
"""

from __future__ import annotations

import json
import random
import socket
import sys
import time
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from scripts.faults.crowd import crowd

Line = tuple[socket.socket, bytes]
TURNED_AWAY = 503
MOST_TRIES = 60


def main() -> None:
    """Play what stands on the standard input."""
    callers: list[list[dict[str, Any]]] = json.load(sys.stdin)

    def prepare(who: int) -> list[Line]:
        return [_almost_sent(request) for request in callers[who]]

    def act(who: int, lines: list[Line]) -> list[dict[str, Any]]:
        for line, last in lines:
            line.sendall(last)
        found = [_answer(line) for line, _ in lines]
        return [
            _served(request, answer) for request, answer in zip(callers[who], found, strict=True)
        ]

    print(json.dumps(crowd(len(callers), prepare, act)))


def _almost_sent(request: dict[str, Any]) -> Line:
    url = urlsplit(request["url"])
    body = request["body"].encode()
    headers = {
        "Host": url.netloc,
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **request.get("headers", {}),
    }
    head = f"{request.get('method', 'POST')} {url.path} HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line = socket.create_connection((url.hostname or "", url.port or 80), timeout=120)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(head.encode() + b"\r\n" + body[:-1])
    return line, body[-1:]


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request, sent again for as long as it is turned away."""
    line, last = _almost_sent(request)
    line.sendall(last)
    return _served(request, _answer(line))


def _served(request: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """``answer``, or the one to the same request sent again later."""
    tries = 0
    while answer["status"] == TURNED_AWAY and tries < MOST_TRIES:
        time.sleep(0.2 + random.random())
        line, last = _almost_sent(request)
        line.sendall(last)
        answer, tries = _answer(line), tries + 1
    return answer


def _answer(line: socket.socket) -> dict[str, Any]:
    answer = HTTPResponse(line)
    answer.begin()
    found = {"status": answer.status, "body": answer.read().decode("utf-8", "replace")}
    line.close()
    return found


if __name__ == "__main__":
    main()
