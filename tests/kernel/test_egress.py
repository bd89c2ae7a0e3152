"""A call out ends in its time as a whole, whatever the other side does with each byte."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from rebond.kernel import egress
from rebond.kernel.egress import NoAnswer, request

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
def server() -> Iterator[Callable[..., str]]:
    """Starts a server that reads a request and hands the line to ``serve``; its address."""
    listeners = []

    def start(serve: Callable[[socket.socket, bytes], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def run() -> None:
            line, _ = listener.accept()
            with line:
                try:
                    serve(line, _whole(line))
                except OSError:
                    return

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    for listener in listeners:
        listener.close()


def _whole(line: socket.socket) -> bytes:
    """A request with its body, which may come in pieces."""
    asked = b""
    while b"\r\n\r\n" not in asked:
        asked += line.recv(65536)
    head, _, body = asked.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: ([0-9]+)", head)
    while length and len(body) < int(length[1]):
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


def trickle(data: bytes) -> Callable[[socket.socket, bytes], None]:
    def serve(line: socket.socket, asked: bytes) -> None:
        for byte in data:
            line.sendall(bytes([byte]))
            time.sleep(0.1)

    return serve


@pytest.mark.parametrize(
    "reply",
    [HEAD + b"Content-Length: 500\r\n\r\n" + b"x" * 500, b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 500],
    ids=["body", "head"],
)
def test_a_reply_that_trickles_in_ends_with_the_time(reply, server):
    began = time.monotonic()

    with pytest.raises(NoAnswer):
        request("GET", server(trickle(reply)), seconds=0.7)

    assert time.monotonic() - began < 1.5  # each byte alone came in time


def test_the_usual_time_is_twenty_seconds_for_everything(server, monkeypatch):
    asked = []
    monkeypatch.setattr(egress, "_Line", lambda ends_at, _: asked.append(ends_at) or 1 / 0)

    with pytest.raises(ZeroDivisionError):
        request("GET", "http://127.0.0.1:9/")

    assert 19 < asked[0] - time.monotonic() <= 20


@pytest.mark.slow
def test_a_byte_a_second_is_left_after_twenty_seconds(server):
    def serve(line: socket.socket, asked: bytes) -> None:
        line.sendall(HEAD + b"Content-Length: 500\r\n\r\n")
        for _ in range(500):
            line.sendall(b"x")
            time.sleep(1)

    began = time.monotonic()

    with pytest.raises(NoAnswer):
        request("GET", server(serve))

    assert 19 < time.monotonic() - began < 21


def test_a_server_that_never_answers_is_left_in_time(server):
    began = time.monotonic()

    with pytest.raises(NoAnswer):
        request("GET", server(lambda line, asked: time.sleep(3)), seconds=0.5)

    assert time.monotonic() - began < 1.5


def test_a_body_cut_short_is_no_answer(server):
    cut = HEAD + b"Content-Length: 50\r\n\r\nhalf"

    with pytest.raises(NoAnswer):
        request("GET", server(lambda line, asked: line.sendall(cut)))


def test_too_large_a_body_is_no_answer(server, monkeypatch):
    monkeypatch.setattr(egress, "MOST_BYTES", 10)
    whole = HEAD + b"Content-Length: 20\r\n\r\n" + b"x" * 20

    with pytest.raises(NoAnswer, match="too large"):
        request("GET", server(lambda line, asked: line.sendall(whole)))


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1/", "http://[::1", "http://\x00/"])
def test_an_address_that_is_none_is_no_answer(address):
    with pytest.raises(NoAnswer):
        request("GET", address)


def test_a_redirect_is_a_reply_and_nothing_is_followed(server):
    away = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"

    reply = request("POST", server(lambda line, asked: line.sendall(away)), json={"a": 1})

    assert (reply.status, reply.headers["location"]) == (302, "http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"json": {"a": "é"}}, [b"application/json", b'{"a":"\xc3\xa9"}']),
        ({"form": {"a": "1 2"}}, [b"application/x-www-form-urlencoded", b"a=1+2"]),
        ({"content": b"\x00raw"}, [b"\x00raw"]),
        ({"auth": ("name", "secret")}, [b"Basic bmFtZTpzZWNyZXQ="]),
    ],
)
def test_what_is_sent_is_what_was_asked_for(given, expected, server):
    seen = []

    def serve(line: socket.socket, asked: bytes) -> None:
        seen.append(asked)
        line.sendall(HEAD + b"Content-Length: 2\r\n\r\nok")

    reply = request("POST", server(serve), **given)

    assert reply.body == b"ok"
    assert all(part in seen[0] for part in expected)
