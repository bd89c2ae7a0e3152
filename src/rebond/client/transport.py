"""How requests travel: the key, the headers, refusals as exceptions, again where that is safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

TRIES = 4
AGAIN = frozenset({429, 502, 503, 504})
LONGEST_WAIT = 60.0


class Refused(Exception):
    """The API said no: a stable ``code``, its numbers in ``facts``."""

    def __init__(self, status: int, code: str, facts: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {code} {dict(facts)}")
        self.status, self.code, self.facts = status, code, facts


class NoAnswer(Exception):
    """Nobody answered. A request with an Idempotency-Key may be sent again under the same key."""


class Transport:
    """One shop's API at ``base_url``, opened by ``key``.

    Reads and requests under an Idempotency-Key are tried again, up to four times, when nobody
    answers or the API is busy; the same key makes that safe. ``seconds`` limits one try.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        language: str = "en",
        seconds: float = 30.0,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/api/v1", headers=headers, timeout=seconds
        )
        self._wait = wait

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    @staticmethod
    def new_key() -> str:
        """An Idempotency-Key that nobody used before."""
        return uuid4().hex

    def ask(self, method: str, page: str, **more: Any) -> Any:
        """The JSON of an answer. Raises ``Refused`` and ``NoAnswer``."""
        answer = self._answer(method, page, **more)
        return answer.json() if answer.content else None

    def fetch(self, method: str, page: str, **more: Any) -> bytes:
        """The bytes of an answer. Raises ``Refused`` and ``NoAnswer``."""
        return self._answer(method, page, **more).content

    def _answer(
        self,
        method: str,
        page: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        lines: str | bytes | None = None,
        version: int | str | None = None,
        idempotency_key: str | None = None,
    ) -> httpx.Response:
        for name, value in (path or {}).items():
            page = page.replace("{" + name + "}", quote(str(value), safe=""))
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        if version is not None:
            headers["If-Match"] = version if isinstance(version, str) else f'"{version}"'
        if lines is not None:
            headers["Content-Type"] = "application/x-ndjson"
        request = self._http.build_request(
            method,
            page,
            params={name: value for name, value in (query or {}).items() if value is not None},
            json=json,
            content=lines,
            headers=headers,
        )
        is_safe = method in {"GET", "PUT"} or idempotency_key is not None
        return _checked(self._sent(request, tries=TRIES if is_safe else 1))

    def _sent(self, request: httpx.Request, *, tries: int) -> httpx.Response:
        for number in range(1, tries + 1):
            try:
                answer = self._http.send(request)
            except httpx.TransportError as problem:
                if number == tries:
                    raise NoAnswer(type(problem).__name__) from problem
                self._wait(2.0**number)
                continue
            if answer.status_code not in AGAIN or number == tries:
                return answer
            told = answer.headers.get("Retry-After", "")
            self._wait(min(float(told) if told.isdecimal() else 2.0**number, LONGEST_WAIT))
        raise NoAnswer


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    raise Refused(answer.status_code, problem.get("code", ""), problem.get("facts", {}))
