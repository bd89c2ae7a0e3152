"""A browser or a machine that says exactly what it is told to, with cookies of its own."""

from __future__ import annotations

import json
import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

CSRF = "__Host-csrf"
LONGEST = 60
CLOSED = 0


@dataclass(frozen=True)
class Answer:
    """What came back; ``CLOSED`` for a line that was cut.

    ``headers`` have names in small letters; of several the last one.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The body as JSON; {} where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}


@dataclass
class Visitor:
    """One client of the installation at ``address``.

    ``network`` is where it seems to come from: our own proxy would say so. ``key`` is the text
    of an API key. ``scheme`` is what stands in the address bar: ``https`` behind a proxy.
    """

    address: str
    network: str = "198.51.100.1"
    key: str = ""
    scheme: str = "https"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **more: Any) -> Answer:
        """GET ``path``."""
        return self.send("GET", path, **more)

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> Answer:
        """POST a form as a browser does, with its CSRF token. ``files``: name → (name, bytes)."""
        fields = {"csrfmiddlewaretoken": self.token(), **(form or {})}
        files = more.pop("files", None)
        if files:
            kind, body = _multipart(fields, files)
        else:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields, doseq=True).encode()
        return self.send("POST", path, body=body, headers={"Content-Type": kind}, **more)

    def call(self, method: str, path: str, wish: Any = None, **headers: str) -> Answer:
        """Call the API. An Idempotency-Key is made up unless one is named."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        names.setdefault("Content-Type", "application/json")
        if method == "POST":
            names.setdefault("Idempotency-Key", uuid4().hex)
        raw = wish if isinstance(wish, bytes) else json.dumps({} if wish is None else wish).encode()
        body = None if method == "GET" else raw
        return self.send(method, f"/api/v1{path}", body=body, headers=names)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request, nothing followed."""
        told = self.names | (headers or {})
        line = HTTPConnection(urlsplit(self.address).netloc, timeout=LONGEST)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # answered before it was read
                line.request(method, path, body=body, headers={k: v for k, v in told.items() if v})
            got = line.getresponse()
            content = got.read()
        except ConnectionResetError:
            return Answer(CLOSED, {}, b"")
        finally:
            line.close()
        cookies = tuple(got.headers.get_all("Set-Cookie") or ())
        for text in cookies:
            for name, morsel in SimpleCookie(text).items():
                self.cookies[name] = morsel.value
        names = {name.lower(): value for name, value in got.headers.items()}
        return Answer(got.status, names, content, cookies)

    @property
    def names(self) -> dict[str, str]:
        """The headers of each of its requests."""
        origin = self.scheme + self.address.removeprefix("http")
        told = {
            "Accept-Language": "en",
            "X-Forwarded-For": self.network,
            "X-Forwarded-Proto": self.scheme,
            "Origin": origin,
            "Referer": f"{origin}/",
        }
        if self.key:
            told["Authorization"] = f"Bearer {self.key}"
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        return told

    def token(self) -> str:
        """The secret of its forms."""
        name = CSRF if self.scheme == "https" else CSRF.removeprefix("__Host-")
        if name not in self.cookies:
            self.get("/desk/login/")
        return self.cookies.get(name, "")


def raw(address: str, request: bytes, *, seconds: float = 5) -> bytes:
    """All that the server answers to these very bytes before it closes or falls silent."""
    parts = urlsplit(address)
    got = b""
    with socket.create_connection((parts.hostname or "", parts.port or 80), seconds) as line:
        line.sendall(request)
        try:
            while piece := line.recv(65536):
                got += piece
        except TimeoutError:
            pass
        except ConnectionResetError:
            pass
    return got


def statuses(answers: bytes) -> list[int]:
    """The status of each answer in what came over one connection."""
    return [int(one) for one in re.findall(rb"HTTP/1\.[01] (\d{3})", answers)]


def _multipart(fields: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (file, content) in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join(parts) + f"--{mark}--\r\n".encode()
