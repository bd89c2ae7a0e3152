"""The one way out: HTTP calls with a limit on time and size, without redirects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

TOTAL_SECONDS = 20.0
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
    headers: Mapping[str, str] | None = None,
    seconds: float = TOTAL_SECONDS,
) -> Reply:
    """Call another system once. Raises ``NoAnswer``; every status is a reply."""
    limits = httpx.Timeout(seconds, connect=min(5.0, seconds))
    try:
        with (
            httpx.Client(timeout=limits, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, json=json, headers=headers) as answer,
        ):
            return Reply(answer.status_code, answer.headers, _limited(answer))
    except httpx.HTTPError as problem:
        raise NoAnswer(type(problem).__name__) from problem


def _limited(answer: httpx.Response) -> bytes:
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise NoAnswer("the answer is too large")
    return bytes(body)
