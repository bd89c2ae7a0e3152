"""The one way out: HTTP calls with a limit on their whole time and size, without redirects."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
from django.conf import settings

from rebond.kernel.spans import Kind, span

TOTAL_SECONDS = 20.0
CONNECT_SECONDS = 5.0
MOST_BYTES = 5 * 1024 * 1024


class NoAnswer(Exception):
    """Time ran out or the line broke: nobody knows whether the other side acted."""


@dataclass(frozen=True)
class Reply:
    """What came back, whatever the status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def request(
    method: str,
    url: str,
    *,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    content: bytes | str | None = None,
    auth: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = TOTAL_SECONDS,
    public_only: bool = False,
    reads_bytes: int | None = None,
) -> Reply:
    """Call another system once. Raises ``NoAnswer``; every status is a reply.

    At most one of ``json``, ``form`` and ``content`` (a body as it is) is given; ``auth`` is a
    name and a password. ``seconds`` is for everything together, from the first byte to the last:
    a reply that trickles in does not last longer. ``public_only`` is for addresses that a customer
    typed: a name that leads inside is not called, unless it stands in ``EGRESS_INSIDE_HOSTS``.
    ``reads_bytes``: of a longer answer no more than that is read; else one beyond 5 MB is none.
    """
    line = _Line(time.monotonic() + seconds, public_only)
    try:
        with (
            span(
                method, Kind.CLIENT, http__request__method=method, server__address=_host(url)
            ) as told,
            httpx.Client(transport=line, follow_redirects=False, trust_env=False) as client,
            client.stream(
                method, url, json=json, data=form, content=content, auth=auth, headers=headers
            ) as answer,
        ):
            told.say(http__response__status_code=answer.status_code)
            return Reply(answer.status_code, answer.headers, _limited(answer, reads_bytes))
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as problem:
        raise NoAnswer(type(problem).__name__) from problem


def _host(url: str) -> str:
    """Whom an address leads to, for traces; empty where nobody can say."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def inside_hosts() -> frozenset[str]:
    """Names of our own network that may be called although they are not public."""
    return frozenset(getattr(settings, "EGRESS_INSIDE_HOSTS", ()))


def _limited(answer: httpx.Response, reads_bytes: int | None) -> bytes:
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if reads_bytes is not None and len(body) >= reads_bytes:
            return bytes(body[:reads_bytes])
        if len(body) > MOST_BYTES:
            raise NoAnswer("the answer is too large")
    return bytes(body)


class _Line(httpx.HTTPTransport):
    """A transport of httpx whose waits, all together, end at one moment.

    httpx limits each wait for itself. Its pool has no public place for a network of one's own;
    a test with a reply of one byte a second notices if this ceases to work.
    """

    def __init__(self, ends_at: float, public_only: bool) -> None:
        super().__init__(verify=_trusted())
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(), network_backend=_Network(ends_at, public_only)
        )


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates count; reading them takes longer than a call next door."""
    return httpx.create_ssl_context(trust_env=False)


class _Network(httpcore.NetworkBackend):
    """Opens lines that end in time."""

    def __init__(self, ends_at: float, public_only: bool) -> None:
        self._ends_at = ends_at
        self._public_only = public_only
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        if self._public_only and host not in inside_hosts():
            host = _public_address(host, port)
        left = _left(self._ends_at, CONNECT_SECONDS, httpcore.ConnectTimeout)
        stream = self._plain.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self._ends_at)


def _public_address(host: str, port: int) -> str:
    """The address that is dialled, which is the one that was looked at: no second lookup follows.

    One private address among several is reason enough to refuse.
    """
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as problem:
        raise httpcore.ConnectError("no such host") from problem
    for address in found:
        known = ip_address(str(address).partition("%")[0])
        mapped = getattr(known, "ipv4_mapped", None) or known
        if not mapped.is_global or mapped.is_multicast:
            raise httpcore.ConnectError("the address is not public")
    return str(found[0])


class _Stream(httpcore.NetworkStream):
    """One line, with what is left of the time as the limit of each wait."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float) -> None:
        self._stream = stream
        self._ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._left(httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._ends_at)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, too_late: type[Exception]) -> float:
        return _left(self._ends_at, float("inf"), too_late)


def _left(ends_at: float, most: float, too_late: type[Exception]) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise too_late
    return min(left, most)
