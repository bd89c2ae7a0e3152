"""Calls of ours to the outside, with names and servers that mean no good."""

from __future__ import annotations

import json
import os
import resource
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from rebond.domain.refunds.ports import Account, RefundOrder
from rebond.integrations.carriers.mondial_relay import read_answer
from rebond.integrations.payments.simulator import Simulator
from rebond.kernel import egress
from rebond.kernel.money import Money

PUBLIC, PRIVATE = "203.0.114.10", "127.0.0.1"


def rebound() -> dict[str, list[str]]:
    """Which addresses are dialled for a name, for each way its lookup may go."""
    ways: dict[str, list[list[str]]] = {
        "public, then private": [[PUBLIC], [PRIVATE]],
        "private": [[PRIVATE]],
        "one of each": [[PUBLIC, PRIVATE]],
        "private in IPv6": [["::ffff:127.0.0.1"]],
        "link-local": [["169.254.169.254"]],
        "nothing, then private": [[], [PRIVATE]],
    }
    return {name: _dialled(answers) for name, answers in ways.items()}


def hostile_xml() -> dict[str, str]:
    """What becomes of answers in XML that name files, unfold without end or include others."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    answers = {
        "a file": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "an address": f'<!DOCTYPE a SYSTEM "http://{PRIVATE}/x.dtd"><a/>',
        "laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>',
        "a parameter": f'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://{PRIVATE}/"> %b;]><a/>',
        "depth": "<a>" * 20_000 + "</a>" * 20_000,
    }
    told = {}
    for name, text in answers.items():
        try:
            read_answer(text.encode())
            told[name] = "read"
        except (ValueError, SyntaxError):
            told[name] = "refused"
    included = read_answer(
        b'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="/etc/passwd"/></a>'
    )
    told["an inclusion"] = "read" if "".join(included.itertext()) else "refused"
    return told


def _dialled(answers: list[list[str]]) -> list[str]:
    asked, dialled = iter(answers), []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        found = next(asked, answers[-1])
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    def dial(_self: Any, host: str, *_: Any) -> Any:
        dialled.append(host)
        raise httpcore.ConnectError

    with (
        patch.object(socket, "getaddrinfo", look_up),
        patch.object(httpcore.SyncBackend, "connect_tcp", dial),
    ):
        for _ in range(2):
            try:
                egress.request("POST", "https://rebind.example/", content=b"x", public_only=True)
            except egress.NoAnswer:
                continue
            raise AssertionError("an answer from nowhere")
    return dialled


def redirected() -> dict[str, Any]:
    """What is answered, and what the second server hears, where the first sends us on."""
    heard: list[str] = []
    with _server(lambda page: heard.append(page.path) or _plain(page, b"secret")) as inner:
        for status in (301, 302, 303, 307, 308):

            def send_on(page: BaseHTTPRequestHandler, status: int = status) -> None:
                page.send_response(status)
                page.send_header("Location", inner)
                page.send_header("Content-Length", "0")
                page.end_headers()

            with _server(send_on) as outer:
                reply = egress.request("POST", outer, content=b"{}")
                assert reply.status == status, reply.status
    return {"heard": heard}


def swollen() -> dict[str, Any]:
    """Answers that never end, that swell when they are unpacked, that drip: how each ended."""

    def endless(page: BaseHTTPRequestHandler) -> None:
        page.send_response(200)
        page.send_header("Content-Length", str(10 * 1024**3))
        page.end_headers()
        while True:
            page.wfile.write(b"x" * 65536)

    def bomb(page: BaseHTTPRequestHandler) -> None:
        packer = zlib.compressobj(wbits=31)
        packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(300)) + packer.flush()
        page.send_response(200)
        page.send_header("Content-Encoding", "gzip")
        page.send_header("Content-Length", str(len(packed)))
        page.end_headers()
        page.wfile.write(packed)

    def drip(page: BaseHTTPRequestHandler) -> None:
        page.send_response(200)
        page.send_header("Content-Length", "1000")
        page.end_headers()
        for _ in range(1000):
            page.wfile.write(b"x")
            time.sleep(0.2)

    told: dict[str, Any] = {}
    for name, page in (("endless", endless), ("bomb", bomb), ("drip", drip)):
        with _server(page) as address:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            began = time.monotonic()
            try:
                egress.request("GET", address, seconds=3)
                told[name] = "read"
            except egress.NoAnswer as problem:
                told[name] = str(problem)
            more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            told[f"{name} seconds"] = round(time.monotonic() - began, 1)
            told[f"{name} megabytes"] = more // 1024
    return told


def unknown_certificates() -> dict[str, Any]:
    """What a server hears whose certificate nobody vouches for; its own, expired, another's."""
    heard: list[str] = []
    told: dict[str, Any] = {}
    with TemporaryDirectory() as folder:
        for name, first, last, host in (
            ("signed by itself", -1, 30, "localhost"),
            ("expired", -30, -1, "localhost"),
            ("another's", -1, 30, "bank.example"),
        ):
            files = _certificate(Path(folder), host, first, last)
            with _server(lambda page: heard.append(page.path), files) as url:
                try:
                    told[name] = egress.request("POST", url, content=b"{}", seconds=5).status
                except egress.NoAnswer as problem:
                    told[name] = str(problem)
    return {"heard": heard, "told": told}


def _certificate(folder: Path, host: str, first: int, last: int) -> tuple[str, str]:
    """The files of a certificate for ``host`` and of its key; its first and last day from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    today = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today + timedelta(days=first))
        .not_valid_after(today + timedelta(days=last))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    shown, kept = folder / f"{uuid4()}.crt", folder / f"{uuid4()}.key"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    kept.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return str(shown), str(kept)


def hostile_provider() -> dict[str, str]:
    """What we make of each answer of a provider that is not what it should be."""
    right = {"id": "re_1", "payment": "p", "status": "succeeded", "amount": 1000, "currency": "EUR"}
    answers: dict[str, bytes] = {
        "amount as text": json.dumps(right | {"amount": "1000 EUR"}).encode(),
        "negative": json.dumps(right | {"amount": -1000}).encode(),
        "another sum": json.dumps(right | {"amount": 1}).encode(),
        "another currency": json.dumps(right | {"currency": "JPY"}).encode(),
        "no status": json.dumps({**right, "status": None}).encode(),
        "unknown status": json.dumps(right | {"status": "<script>"}).encode(),
        "a list": b"[1, 2]",
        "a page": b"<html><script>alert(1)</script></html>",
        "nothing": b"",
        "too deep": b"[" * 100_000,
        "not a number": json.dumps(right).replace("1000", "NaN").encode(),
        "huge number": json.dumps(right).replace("1000", "9" * 5000).encode(),
        "6 MB": b'{"id": "' + b"x" * 6_000_000 + b'"}',
    }
    told = {}
    for name, body in answers.items():
        with _server(lambda page, body=body: _plain(page, body)) as address:
            os.environ["REBOND_SIMULATOR_URL"] = address
            order = RefundOrder(uuid4(), "p", Money(1000, "EUR"), "key")
            told[name] = Simulator(Account()).refund(order).outcome.value
    return told


def _plain(page: BaseHTTPRequestHandler, body: bytes) -> None:
    page.send_response(200)
    page.send_header("Content-Type", "application/json")
    page.send_header("Content-Length", str(len(body)))
    page.end_headers()
    page.wfile.write(body)


@contextmanager
def _server(
    answer: Callable[[BaseHTTPRequestHandler], Any], certificate: tuple[str, str] | None = None
) -> Iterator[str]:
    """A server on loopback that answers everything so; with a certificate and key, over TLS."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                answer(self)
            except OSError:
                return

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    scheme = "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{scheme}://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
