"""Mollie's refunds as its documentation describes them.

Decimal texts, lists newest first whose ``next`` begins with its own ``from``, a payment with its
refunds and chargebacks embedded, errors with a title and a field. From Mollie's clients and
docs.mollie.com, 2026-11-21.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from rebond.simulator.desk import Counter, Office
from rebond.simulator.engine import Asked, Engine

KEY = "test_of_the_fake"
STATUSES = {"succeeded": "refunded", "pending": "pending", "failed": "failed"}
TITLES = {404: "Not Found", 422: "Unprocessable Entity", 429: "Too Many Requests"}


class MollieFake(Office):
    """The server."""

    def __init__(self, file: Path) -> None:
        super().__init__(("127.0.0.1", 0), Pages, file=file)
        self.engine = Engine(self.ledger, plainly="pending>succeeded")


def minor(text: str, currency: str) -> int | None:
    """ISO minor units of Mollie's decimal text, which has exactly the currency's decimals."""
    whole, _, part = text.partition(".")
    return int(whole + part) if len(part) == (0 if currency in {"JPY", "ISK"} else 2) else None


def text(minor: int, currency: str) -> str:
    """Mollie's decimal text of ISO minor units."""
    return str(minor) if currency in {"JPY", "ISK"} else f"{minor // 100}.{minor % 100:02}"


def amount(row: dict[str, Any]) -> dict[str, str]:
    """An amount as Mollie shows it."""
    return {"currency": row["currency"], "value": text(row["amount"], row["currency"])}


def moment(seconds: float) -> str:
    """A moment as Mollie writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def refund_object(row: dict[str, Any]) -> dict[str, Any]:
    """A refund as Mollie shows it."""
    number = row["bank_reference"]
    return {
        "resource": "refund",
        "id": row["id"],
        "mode": "test",
        "amount": amount(row),
        "status": STATUSES[row["status"]],
        "createdAt": moment(row["made_at"]),
        "description": "Order 1001",
        "metadata": {"refund_id": row["merchant_reference"]} if row["merchant_reference"] else None,
        "paymentId": row["payment"],
        **({"externalReference": {"type": "acquirer-reference", "id": number}} if number else {}),
        "_links": {},
    }


class MollieWire:
    """How Mollie writes."""

    def new_id(self) -> str:
        return f"re_{uuid4().hex[:10]}"

    def made(self, row: dict[str, Any]) -> tuple[int, bytes]:
        return 201, json.dumps(refund_object(row)).encode()

    def refused(self, code: str) -> tuple[int, bytes]:
        if code == "no_such_payment":
            return 404, error(404, "No payment exists with token tr_…")
        return 422, error(422, "The amount is higher than the maximum", field="amount.value")

    def broken(self) -> tuple[int, bytes]:
        return 500, error(500, "Internal Server Error")

    def busy(self) -> tuple[int, bytes]:
        return 429, error(429, "Slow down")

    def reused(self) -> tuple[int, bytes]:
        return 409, error(409, "Duplicate")


def error(status: int, detail: str, **more: str) -> bytes:
    """An error as Mollie writes it."""
    title = TITLES.get(status, "Error")
    return json.dumps({"status": status, "title": title, "detail": detail, **more}).encode()


class Pages(Counter):
    """``/v2/payments/…`` and ``/v2/refunds``."""

    server: MollieFake

    def _is_let_in(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {KEY}":
            return True
        self.say(401, {"status": 401, "title": "Unauthorized Request", "detail": "Missing key"})
        return False

    def post(self, page: list[str], body: bytes) -> None:
        """Make a refund."""
        if not self._is_let_in():
            return
        match page:
            case ["v2", "payments", payment, "refunds"]:
                asked = json.loads(body)
                currency = asked["amount"]["currency"]
                wanted = minor(asked["amount"]["value"], currency)
                if wanted is None:
                    self.say(422, {"status": 422, "title": TITLES[422], "field": "amount.value"})
                    return
                wish = {
                    "amount": wanted,
                    "currency": currency,
                    "merchant_reference": asked["metadata"]["refund_id"],
                }
                key = self.headers.get("Idempotency-Key", "")
                fingerprint = hashlib.sha256(body).hexdigest()
                asked_for = Asked(payment, wish, key, fingerprint)
                self.play(self.server.engine.ask(asked_for, MollieWire()))
            case _:
                self.say(404, {"status": 404, "title": TITLES[404]})

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """List refunds, newest first, or show a payment with what is embedded."""
        if not self._is_let_in():
            return
        rows = self.server.ledger.rows("SELECT * FROM refund ORDER BY created DESC")
        match page:
            case ["v2", "refunds"]:
                if not self.fails_to_list():
                    self._list(rows, query, "refunds")
            case ["v2", "payments", payment, *rest]:
                if self.fails_to_list(payment):
                    return
                if not self.server.ledger.rows(
                    "SELECT 1 FROM payment WHERE reference = ?", payment
                ):
                    self.say(404, {"status": 404, "title": TITLES[404]})
                    return
                of_it = [row for row in rows if row["payment"] == payment]
                if rest == ["refunds"]:
                    self._list(of_it, query, f"payments/{payment}/refunds")
                else:
                    self._show(payment, of_it)
            case _:
                self.say(404, {"status": 404, "title": TITLES[404]})

    def _show(self, payment: str, refunds: list[dict[str, Any]]) -> None:
        chargebacks = [
            {
                "resource": "chargeback",
                "id": f"chb_{row['payment'][3:9]}",
                "amount": amount(row),
                "createdAt": moment(0),
                "reversedAt": moment(1) if row["status"] == "won" else None,
                "paymentId": payment,
            }
            for row in self.server.ledger.rows("SELECT * FROM dispute WHERE payment = ?", payment)
        ]
        inside = {"refunds": [refund_object(row) for row in refunds], "chargebacks": chargebacks}
        self.say(200, {"resource": "payment", "id": payment, "_embedded": inside})

    def _list(self, rows: list[dict[str, Any]], query: dict[str, str], page: str) -> None:
        start, limit = query.get("from"), int(query.get("limit", 50))
        assert limit <= 250
        if start:
            rows = rows[[row["id"] for row in rows].index(start) :]
        following = None
        if len(rows) > limit:
            # An address that nobody may follow with a key.
            href = f"https://api.mollie.example/v2/{page}?from={rows[limit]['id']}&limit={limit}"
            following = {"href": href, "type": "application/hal+json"}
        items = [refund_object(row) for row in rows[:limit]]
        self.say(
            200,
            {
                "count": len(items),
                "_embedded": {"refunds": items},
                "_links": {"self": {}, "previous": None, "next": following},
            },
        )
