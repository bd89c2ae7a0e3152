"""Callers over HTTP: at a given rate whatever the answers take, or as fast as they come.

At a given rate (open loop) a time is measured from the moment at which the request was to be sent,
so that a server that stalls is not flattered by callers who wait for it.
Source: Gil Tene, "How NOT to Measure Latency" (coordinated omission).
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from itertools import count
from urllib.parse import urlsplit

from scripts.load.rows import share

LONGEST = 30.0
BROKEN = 0


@dataclass(frozen=True)
class Ask:
    """One request. ``kind`` groups it in the table."""

    kind: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes | None = None


@dataclass
class Told:
    """What came back: for each answer when it was due, how long it took, its status and kind."""

    answers: list[tuple[float, float, int, str]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.times()) / self.seconds if self.seconds else 0.0

    def times(self, kind: str = "") -> list[float]:
        """Seconds of the good answers."""
        return [t for _, t, s, k in self.answers if 200 <= s < 400 and kind in ("", k)]

    def milliseconds(self, percent: float, kind: str = "") -> float:
        """The time that so many percent of the good answers stayed within."""
        return share(self.times(kind), percent) * 1000

    def kinds(self) -> list[str]:
        """The kinds of requests, the slowest first by their p95."""
        kinds = {k for *_, k in self.answers}
        return sorted(kinds, key=lambda kind: -self.milliseconds(95, kind))

    def statuses(self) -> dict[int, int]:
        """How many answers of each status; ``BROKEN`` where none came."""
        return dict(sorted(Counter(status for _, _, status, _ in self.answers).items()))

    @property
    def failures(self) -> int:
        """Answers with an error of ours, and none at all."""
        return sum(1 for *_, s, _ in self.answers if s == BROKEN or s >= 500)

    def summary(self) -> str:
        """Rate, p50, p95, p99 and the failures."""
        parts = [f"{self.rate:.0f}/s"]
        parts += [f"p{p} {self.milliseconds(p):.0f} ms" for p in (50, 95, 99)]
        return ", ".join([*parts, f"{self.failures} failed of {len(self.answers)}"])


def at_rate(
    address: str, asks: Callable[[int], Ask], *, per_second: float, seconds: float, callers: int
) -> Told:
    """Send request number n at n / ``per_second`` seconds, by so many ``callers``."""
    began = time.monotonic() + 0.2
    total = int(per_second * seconds)
    numbers = _Locked(count())

    def plan() -> Iterator[tuple[int, float]]:
        while (number := next(numbers)) < total:
            yield number, began + number / per_second

    return _called(address, asks, plan, callers, began)


def as_they_come(address: str, asks: Callable[[int], Ask], *, seconds: float, callers: int) -> Told:
    """Each caller sends its next request when it has the answer to the last (closed loop)."""
    began = time.monotonic()
    numbers = _Locked(count())

    def plan() -> Iterator[tuple[int, float]]:
        while time.monotonic() < began + seconds:
            yield next(numbers), 0.0

    return _called(address, asks, plan, callers, began)


def _called(
    address: str,
    asks: Callable[[int], Ask],
    plan: Callable[[], Iterator[tuple[int, float]]],
    callers: int,
    began: float,
) -> Told:
    parts: list[list[tuple[float, float, int, str]]] = [[] for _ in range(callers)]

    def call(mine: list[tuple[float, float, int, str]]) -> None:
        line = _Line(address)
        for number, due in plan():
            if due > time.monotonic():
                time.sleep(max(0.0, due - time.monotonic()))
            start = due or time.monotonic()
            ask = asks(number)
            status = line.send(ask)
            mine.append((start - began, time.monotonic() - start, status, ask.kind))

    threads = [threading.Thread(target=call, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = [one for part in parts for one in part]
    return Told(sorted(answers), time.monotonic() - began)


class _Line:
    """One connection that is kept, and made anew when it breaks."""

    def __init__(self, address: str) -> None:
        self._at = urlsplit(address)
        self._open: HTTPConnection | None = None

    def send(self, ask: Ask) -> int:
        """The status of the answer, which is read whole; ``BROKEN`` where none came.

        A line that the server closed while nobody spoke is made anew, as every client does.
        """
        was_open = self._open is not None
        status, was_closed = self._tried(ask)
        return self._tried(ask)[0] if was_open and was_closed else status

    def _tried(self, ask: Ask) -> tuple[int, bool]:
        """The status, and whether the line had been closed before anything was said."""
        try:
            if self._open is None:
                self._open = HTTPConnection(self._at.netloc, timeout=LONGEST)
            self._open.request(ask.method, ask.path, ask.body, ask.headers)
            answer = self._open.getresponse()
            answer.read()
        except (OSError, HTTPException) as problem:
            if self._open is not None:
                self._open.close()
            self._open = None
            return BROKEN, isinstance(problem, RemoteDisconnected | BrokenPipeError)
        return answer.status, False


def mixed(asks: Sequence[Ask]) -> Callable[[int], Ask]:
    """One after the other, round and round."""
    return lambda number: asks[number % len(asks)]


class _Locked:
    """An iterator that several threads may ask."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers, self._lock = numbers, threading.Lock()

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        with self._lock:
            return next(self._numbers)
