"""Requests that come by and by keep no thread: the others are served beside them."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.web.test_busy import ask, server, up

from rebond.config.gathering import MOST_LOOKED_AT, Come, come_so_far

assert server  # a fixture

HEAD = b"POST /s/galerie/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize(
    ("seen", "come"),
    [
        (b"", Come.PART),
        (b"GET / HT", Come.PART),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", Come.WHOLE),
        (HEAD % 3, Come.PART),
        (HEAD % 3 + b"ab", Come.PART),
        (HEAD % 3 + b"abc", Come.WHOLE),
        (HEAD % 3 + b"abcGET /", Come.WHOLE),
        (HEAD % 10**6 + b"a" * MOST_LOOKED_AT, Come.LONG),
        (b"x" * MOST_LOOKED_AT, Come.WHOLE),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", Come.LONG),
        (b"POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n", Come.LONG),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", Come.WHOLE),
    ],
)
def test_how_far_a_request_has_come(seen, come):
    assert come_so_far(seen) is come


def line_to(address):
    host, port = address.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), 30)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def test_others_are_served_beside_bodies_of_a_byte_now_and_then(server):
    assert up(server) == 200
    slow = [line_to(server) for _ in range(12)]
    for line in slow:
        line.sendall(HEAD % 20 + b"x")
    waits = []
    for _ in range(5):
        for line in slow:
            line.sendall(b"x")
        began = time.monotonic()
        assert ask(f"{server}/s/galerie/")[0] == 200
        waits.append(time.monotonic() - began)

    assert max(waits) < 2.5  # it takes 0.6 s itself
    for line in slow[:2]:
        line.sendall(b"x" * 14)
    assert [line.recv(12) for line in slow[:2]] == [b"HTTP/1.1 200"] * 2
    for line in slow:
        line.close()


def test_who_never_ends_is_told_so_and_a_silent_line_is_closed(server):
    assert up(server) == 200
    slow, silent = line_to(server), line_to(server)
    slow.sendall(HEAD % 20 + b"x")
    began = time.monotonic()

    assert silent.recv(10) == b"" and time.monotonic() - began < 10
    assert slow.recv(12) == b"HTTP/1.1 408" and 15 < time.monotonic() - began < 30


def test_long_bodies_are_answered_and_leave_room(server):
    assert up(server) == 200

    def send(n):
        with line_to(server) as line:
            line.sendall(HEAD % 200_000)
            for _ in range(20):
                line.sendall(b"x" * 10_000)
                time.sleep(0.01)
            return line.recv(12)

    with ThreadPoolExecutor(3) as crowd:
        told = list(crowd.map(send, range(3)))

    assert told == [b"HTTP/1.1 200"] * 3


def test_who_asks_before_sending_is_answered_first(server):
    assert up(server) == 200
    with line_to(server) as line:
        line.sendall(
            b"POST /s/galerie/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        time.sleep(0.2)
        line.sendall(b"abc")
        told = b""
        while b"200 OK" not in told:
            piece = line.recv(4096)
            assert piece
            told += piece


def test_two_requests_in_one_breath_are_both_answered(server):
    assert up(server) == 200
    one = b"GET /s/galerie/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with line_to(server) as line:
        line.sendall(one + one)
        told = b""
        while told.count(b"200 OK") < 2:
            piece = line.recv(4096)
            assert piece, told
            told += piece
