"""A payment provider of our own, as a process: honest by default, faulty on request.

Faults are planned by ``POST /plan`` for one payment or for ``*``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from rebond.simulator.desk import Counter, Office
from rebond.simulator.engine import Asked
from rebond.simulator.ledger import (
    Refused,
    advance,
    dispute,
    open_payment,
    plan,
    public,
    settle,
)

MODES = (
    "ok, pending, pending_then_failed, succeeded_then_failed, requires_action, refuse, 429, "
    "500_before, 500_after, timeout_before, timeout_after, reset_after, cut_after, garbage, "
    "slow, drip, redirect, list_500, list_garbage"
)


class OwnWire:
    """Our own way of writing: plain JSON, codes in ``code``."""

    def new_id(self) -> str:
        """The provider's name for a refund."""
        return f"sim_re_{uuid.uuid4().hex[:20]}"

    def made(self, row: dict[str, Any]) -> tuple[int, bytes]:
        """The refund as it stands in the ledger."""
        return 200, json.dumps(row).encode()

    def refused(self, code: str) -> tuple[int, bytes]:
        """No, for good."""
        return 402, json.dumps({"code": code}).encode()

    def broken(self) -> tuple[int, bytes]:
        """An error of our own."""
        return 500, b'{"code": "internal"}'

    def busy(self) -> tuple[int, bytes]:
        """Come back later."""
        return 429, b'{"code": "too_many_requests"}'

    def reused(self) -> tuple[int, bytes]:
        """One key for two things."""
        return 400, b'{"code": "idempotency_key_reused"}'


class Provider(Office):
    """The server with its ledger and the address of the shop's hook."""

    def __init__(
        self, address: tuple[str, int], *, file: Path, secret: str, hook: str, opens: bool
    ) -> None:
        super().__init__(address, Desk, file=file, opens=opens)
        self.secret = secret
        self.hook = hook

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


class Desk(Counter):
    """Our provider's pages."""

    server: Provider

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """``/payments/REF/refunds`` lists; ``/refunds?since=&until=`` too; ``/ledger``,
        ``/health``."""
        rows = self.server.ledger.rows
        match page:
            case ["health"]:
                self.say(200, {"ok": True})
            case ["ledger"]:
                refunds = rows("SELECT * FROM refund ORDER BY created")
                calls = rows("SELECT * FROM call ORDER BY place")
                self.say(200, {"refunds": refunds, "calls": calls})
            case ["payments", payment, "refunds"]:
                self._list(payment)
            case ["refunds"]:
                self._between(query)
            case _:
                self.say(404, {"code": "no_such_page"})

    def post(self, page: list[str], body: bytes) -> None:
        """``/payments`` opens one, ``…/refunds`` refunds; ``/plan``, ``/advance`` and
        ``/refunds/ID/status`` steer."""
        try:
            wish = json.loads(body or b"{}")
        except ValueError:
            self.say(400, {"code": "not_json"})
            return
        match page:
            case ["payments"]:
                open_payment(
                    self.server.ledger, wish["reference"], wish["currency"], wish.get("captured")
                )
                self.say(201, wish)
            case ["plan"]:
                self._plan(wish)
            case ["advance"]:
                changed = advance(self.server.ledger)
                for item in changed:
                    self.server.tell(item, times=int(wish.get("times", 1)))
                self.say(200, {"changed": changed})
            case ["payments", payment, "refunds"]:
                self._refund(payment, wish)
            case ["payments", payment, "dispute"]:
                self._dispute(payment, wish)
            case ["refunds", name, "status"]:
                self._settle(name, wish)
            case _:
                self.say(404, {"code": "no_such_page"})

    def _plan(self, body: dict[str, Any]) -> None:
        plan(
            self.server.ledger,
            body["mode"],
            payment=body.get("payment", "*"),
            count=int(body.get("count", 1)),
            **body.get("detail", {}),
        )
        self.say(201, body)

    def _dispute(self, payment: str, body: dict[str, Any]) -> None:
        try:
            case = dispute(self.server.ledger, payment, int(body["amount"]), body["status"])
        except Refused as refused:
            self.say(404, {"code": refused.code})
            return
        self.server.tell(case, about="dispute.updated", times=int(body.get("times", 1)))
        self.say(201, case)

    def _settle(self, name: str, body: dict[str, Any]) -> None:
        changed = settle(self.server.ledger, name, body["status"])
        if changed is None:
            self.say(404, {"code": "no_such_refund"})
            return
        self.server.tell(changed, times=int(body.get("times", 1)))
        self.say(200, changed)

    def _between(self, period: dict[str, str]) -> None:
        if self.fails_to_list():
            return
        rows = self.server.ledger.rows(
            "SELECT * FROM refund WHERE made_at >= ? AND made_at < ? ORDER BY created",
            float(period.get("since", 0)),
            float(period.get("until", "inf")),
        )
        self.say(200, {"refunds": [public(row) for row in rows]})

    def _list(self, payment: str) -> None:
        if self.fails_to_list(payment):
            return
        rows = self.server.ledger.rows(
            "SELECT * FROM refund WHERE payment = ? ORDER BY created", payment
        )
        self.say(200, {"refunds": [public(row) for row in rows]})

    def _refund(self, payment: str, wish: dict[str, Any]) -> None:
        fingerprint = hashlib.sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()
        key = self.headers.get("Idempotency-Key", "")
        act = self.server.engine.ask(Asked(payment, wish, key, fingerprint), OwnWire())
        self.play(act)
        if act.made is not None and act.status == 200:
            self.server.tell(act.made)
