"""How a payment provider behaves, whatever its wire format: keys, planned faults, one booking.

A provider's own way of writing is a ``Wire``; what is to be done with the caller is an ``Act``.
The first answer to an idempotency key, errors of the provider's own included, is repeated for
ever, as the large providers do. An answer that says "too many requests" is not kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from rebond.simulator.ledger import Ledger, Refused, next_mode, open_payment, refund

FUTURES = {
    "pending": "pending>succeeded",
    "pending_then_failed": "pending>failed",
    "succeeded_then_failed": "succeeded>failed",
    "requires_action": "requires_action",
}
LOST_AFTER = ("timeout_after", "reset_after", "garbage", "slow", "drip", "cut_after")


@dataclass(frozen=True)
class Act:
    """What the caller meets: an answer, and in which manner it arrives or does not.

    ``manner`` is ``send``, ``hang`` (say nothing for ``seconds``), ``reset`` (break the line),
    ``cut`` (break it in the middle of the body), ``garbage``, ``slow`` (wait ``seconds`` first)
    or ``drip`` (a byte a second). ``made`` is what was booked, if anything was.
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "send"
    seconds: float = 0.0
    made: dict[str, Any] | None = None


class Wire(Protocol):
    """How one provider writes what happened: each gives a status and a body."""

    def new_id(self) -> str:
        """The provider's name for a refund that it is about to book."""
        ...

    def made(self, row: dict[str, Any]) -> tuple[int, bytes]:
        """A refund that was booked."""
        ...

    def refused(self, code: str) -> tuple[int, bytes]:
        """No, for good; ``code`` is the ledger's word for why."""
        ...

    def broken(self) -> tuple[int, bytes]:
        """An error of the provider's own."""
        ...

    def busy(self) -> tuple[int, bytes]:
        """Too many requests."""
        ...

    def reused(self) -> tuple[int, bytes]:
        """The key was used before for something else."""
        ...


@dataclass(frozen=True)
class Asked:
    """A request for a refund. ``fingerprint`` tells two requests under one key apart."""

    payment: str
    wish: dict[str, Any]
    key: str
    fingerprint: str


class Engine:
    """Answers requests for refunds out of one durable ledger."""

    def __init__(self, ledger: Ledger, *, opens: bool = False, plainly: str = "succeeded") -> None:
        """``opens``: a payment nobody has told us about is made known by its first refund.

        ``plainly`` is what becomes of a refund when nothing else is planned.
        """
        self.ledger = ledger
        self.opens = opens
        self.plainly = plainly
        self._keys: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def ask(self, asked: Asked, wire: Wire) -> Act:
        """What becomes of a request. Two with one key wait for each other."""
        with self.ledger.writing() as db:
            db.execute("INSERT INTO call (what, key) VALUES ('refund', ?)", (asked.key,))
        with self._alone(asked.key):
            stored = self._stored(asked.key)
            if stored is None:
                return self._fresh(asked, wire)
        if stored["fingerprint"] != asked.fingerprint:
            return Act(*wire.reused())
        return Act(stored["status"], stored["body"].encode(), {"Idempotent-Replayed": "true"})

    def _fresh(self, asked: Asked, wire: Wire) -> Act:
        if self.opens:
            open_payment(self.ledger, asked.payment, asked.wish["currency"], None)
        mode, detail = next_mode(self.ledger, asked.payment)
        seconds = float(detail.get("seconds", 30 if mode.startswith("timeout") else 1))
        if mode == "429":
            return Act(*wire.busy(), headers={"Retry-After": str(detail.get("after", 1))})
        if mode == "timeout_before":
            return Act(0, b"", manner="hang", seconds=seconds)
        if mode == "transient":
            return Act(*wire.broken(), headers={"transient-error": "true"})
        if mode == "redirect":
            return Act(302, b"", {"Location": detail.get("to", "http://127.0.0.1:9/")})
        if mode == "500_before":
            return self._keep(asked, Act(*wire.broken()))
        if mode == "refuse":
            return self._keep(asked, Act(*wire.refused(detail.get("code", "declined"))))
        try:
            then = FUTURES.get(mode, self.plainly)
            made = refund(self.ledger, asked.payment, asked.wish, then=then, name=wire.new_id())
        except Refused as refused:
            return self._keep(asked, Act(*wire.refused(refused.code)))
        if mode == "500_after":
            return self._keep(asked, Act(*wire.broken(), made=made))
        plain = self._keep(asked, Act(*wire.made(made), made=made))
        manner = {"timeout": "hang"}.get(mode.removesuffix("_after"), mode.removesuffix("_after"))
        return replace(plain, manner=manner, seconds=seconds) if mode in LOST_AFTER else plain

    def _keep(self, asked: Asked, act: Act) -> Act:
        if asked.key:
            with self.ledger.writing() as db:
                db.execute(
                    "INSERT OR IGNORE INTO answer (key, fingerprint, status, body)"
                    " VALUES (?, ?, ?, ?)",
                    (asked.key, asked.fingerprint, act.status, act.body.decode()),
                )
        return act

    def _stored(self, key: str) -> dict[str, Any] | None:
        rows = self.ledger.rows("SELECT * FROM answer WHERE key = ? AND key != ''", key)
        return rows[0] if rows else None

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        with self._guard:
            lock = self._keys.setdefault(key, threading.Lock()) if key else threading.Lock()
        with lock:
            yield
