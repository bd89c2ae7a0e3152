"""A payment provider of our own, as a process: honest by default, faulty on request.

It keeps idempotency keys as the large providers do: the first answer to a key, errors of its own
included, is repeated for ever. Faults are planned by ``POST /plan`` for one payment or for ``*``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from rebond.simulator.ledger import (
    Ledger,
    Refused,
    advance,
    dispute,
    next_mode,
    open_payment,
    public,
    refund,
)

FUTURES = {
    "pending": "pending>succeeded",
    "pending_then_failed": "pending>failed",
    "succeeded_then_failed": "succeeded>failed",
    "requires_action": "requires_action",
}
MODES = (
    "ok, pending, pending_then_failed, succeeded_then_failed, requires_action, refuse, 429, "
    "500_before, 500_after, timeout_before, timeout_after, reset_after, garbage, slow"
)


class Provider(ThreadingHTTPServer):
    """The server with its ledger and the address of the shop's hook."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], *, file: Path, secret: str, hook: str, opens: bool
    ) -> None:
        super().__init__(address, Desk)
        self.ledger = Ledger(file)
        self.secret = secret
        self.hook = hook
        self.opens = opens

    def tell(self, item: dict[str, Any], *, about: str = "refund.updated", times: int = 1) -> None:
        """Send a signed message about ``item``, ``times`` times with the same id."""
        if not self.hook:
            return
        body = json.dumps({"id": f"evt_{uuid.uuid4().hex}", "type": about, "data": item})
        for _ in range(times):
            threading.Thread(target=self._post, args=(body.encode(),), daemon=True).start()

    def _post(self, body: bytes) -> None:
        headers = {
            "Content-Type": "application/json",
            "Simulator-Signature": sign(self.secret, body, int(time.time())),
        }
        request = urllib.request.Request(self.hook, body, headers)
        for pause in (0, 1, 5, 25):
            time.sleep(pause)
            try:
                with urllib.request.urlopen(request, timeout=10):
                    return
            except (urllib.error.URLError, OSError):
                continue


def sign(secret: str, body: bytes, stamp: int) -> str:
    """The signature of a message: HMAC-SHA256 over time and body, as ``t=…,v1=…``."""
    mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"t={stamp},v1={mac.hexdigest()}"


class Desk(BaseHTTPRequestHandler):
    """Answers one call."""

    server: Provider
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """``/payments/REF/refunds`` lists; ``/refunds?since=&until=`` too; ``/ledger``,
        ``/health``."""
        page, _, query = self.path.partition("?")
        parts = page.strip("/").split("/")
        if parts == ["health"]:
            self._send(200, {"ok": True})
        elif parts == ["ledger"]:
            self._send(
                200,
                {
                    "refunds": self.server.ledger.rows("SELECT * FROM refund ORDER BY created"),
                    "calls": self.server.ledger.rows("SELECT * FROM call ORDER BY place"),
                },
            )
        elif len(parts) == 3 and parts[0] == "payments" and parts[2] == "refunds":
            self._list(parts[1])
        elif parts == ["refunds"]:
            self._between(dict(parse_qsl(query)))
        else:
            self._send(404, {"code": "no_such_page"})

    def do_POST(self) -> None:
        """``/payments`` opens one, ``…/refunds`` refunds, ``/plan`` and ``/advance`` steer."""
        try:
            body = json.loads(
                self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}"
            )
        except ValueError:
            self._send(400, {"code": "not_json"})
            return
        parts = self.path.strip("/").split("/")
        if parts == ["payments"]:
            open_payment(
                self.server.ledger, body["reference"], body["currency"], body.get("captured")
            )
            self._send(201, body)
        elif parts == ["plan"]:
            self._plan(body)
        elif parts == ["advance"]:
            changed = advance(self.server.ledger)
            for item in changed:
                self.server.tell(item, times=int(body.get("times", 1)))
            self._send(200, {"changed": changed})
        elif len(parts) == 3 and parts[0] == "payments" and parts[2] == "refunds":
            self._refund(parts[1], body)
        elif len(parts) == 3 and parts[0] == "payments" and parts[2] == "dispute":
            self._dispute(parts[1], body)
        else:
            self._send(404, {"code": "no_such_page"})

    def _plan(self, body: dict[str, Any]) -> None:
        with self.server.ledger.writing() as db:
            for _ in range(int(body.get("count", 1))):
                db.execute(
                    "INSERT INTO plan (payment, mode, detail) VALUES (?, ?, ?)",
                    (body.get("payment", "*"), body["mode"], json.dumps(body.get("detail", {}))),
                )
        self._send(201, body)

    def _dispute(self, payment: str, body: dict[str, Any]) -> None:
        try:
            case = dispute(self.server.ledger, payment, int(body["amount"]), body["status"])
        except Refused as refused:
            self._send(404, {"code": refused.code})
            return
        self.server.tell(case, about="dispute.updated", times=int(body.get("times", 1)))
        self._send(201, case)

    def _between(self, period: dict[str, str]) -> None:
        rows = self.server.ledger.rows(
            "SELECT * FROM refund WHERE made_at >= ? AND made_at < ? ORDER BY created",
            float(period.get("since", 0)),
            float(period.get("until", "inf")),
        )
        self._send(200, {"refunds": [public(row) for row in rows]})

    def _list(self, payment: str) -> None:
        planned = self.server.ledger.rows(
            "SELECT * FROM plan WHERE mode = 'list_500' AND payment IN (?, '*')", payment
        )
        if planned:
            with self.server.ledger.writing() as db:
                db.execute("DELETE FROM plan WHERE place = ?", (planned[0]["place"],))
            self._send(500, {"code": "internal"})
            return
        rows = self.server.ledger.rows(
            "SELECT * FROM refund WHERE payment = ? ORDER BY created", payment
        )
        self._send(200, {"refunds": [public(row) for row in rows]})

    def _refund(self, payment: str, wish: dict[str, Any]) -> None:
        key = self.headers.get("Idempotency-Key", "")
        ledger = self.server.ledger
        fingerprint = hashlib.sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()
        with ledger.writing() as db:
            db.execute("INSERT INTO call (what, key) VALUES ('refund', ?)", (key,))
            stored = db.execute("SELECT * FROM answer WHERE key = ?", (key,)).fetchone()
        if stored is not None and key:
            if stored["fingerprint"] != fingerprint:
                self._send(400, {"code": "idempotency_key_reused"})
            else:
                self._send(stored["status"], json.loads(stored["body"]))
            return
        if self.server.opens:
            open_payment(ledger, payment, wish["currency"], None)
        mode, detail = next_mode(ledger, payment)
        if mode == "429":
            self._send(429, {"code": "too_many_requests"}, retry_after=detail.get("after", 1))
        elif mode == "timeout_before":
            self._hang(detail)
        elif mode == "500_before":
            self._answer(key, fingerprint, 500, {"code": "internal"})
        elif mode == "refuse":
            self._answer(key, fingerprint, 402, {"code": detail.get("code", "declined")})
        else:
            self._execute(payment, wish, key, fingerprint, mode, detail)

    def _execute(
        self,
        payment: str,
        wish: dict[str, Any],
        key: str,
        fingerprint: str,
        mode: str,
        detail: dict[str, Any],
    ) -> None:
        try:
            made = refund(self.server.ledger, payment, wish, then=FUTURES.get(mode, "succeeded"))
        except Refused as refused:
            self._answer(key, fingerprint, 402, {"code": refused.code})
            return
        if mode == "500_after":
            self._answer(key, fingerprint, 500, {"code": "internal"})
            return
        self._store(key, fingerprint, 200, made)
        if mode == "timeout_after":
            self._hang(detail)
        elif mode == "reset_after":
            self.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
            )
            self.connection.close()
            self.close_connection = True
        elif mode == "garbage":
            self._send(200, {"surprise": ["<html>", 1e308]})
        else:
            if mode == "slow":
                time.sleep(float(detail.get("seconds", 1)))
            self._send(200, made)
        self.server.tell(made)

    def _answer(self, key: str, fingerprint: str, status: int, body: dict[str, Any]) -> None:
        self._store(key, fingerprint, status, body)
        self._send(status, body)

    def _store(self, key: str, fingerprint: str, status: int, body: dict[str, Any]) -> None:
        if not key:
            return
        with self.server.ledger.writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO answer (key, fingerprint, status, body) VALUES (?, ?, ?, ?)",
                (key, fingerprint, status, json.dumps(body)),
            )

    def _hang(self, detail: dict[str, Any]) -> None:
        time.sleep(float(detail.get("seconds", 30)))
        self.close_connection = True

    def _send(self, status: int, body: dict[str, Any], *, retry_after: int | None = None) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(content)
