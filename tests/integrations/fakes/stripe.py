"""Stripe's refunds as its documentation describes them.

Form bodies and nested names, amounts in Stripe's own units, a list newest first with
``starting_after``, errors as ``{"error": {type, code}}``, and a key that keeps its first answer,
errors of Stripe's own included. From stripe-python 16.1.0 and docs.stripe.com, 2026-11-21.
"""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from rebond.simulator.desk import Counter, Office
from rebond.simulator.engine import Asked

KEY = "sk_test_of_the_fake"
WHOLE = {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV"}
HUNDREDTHS_ALWAYS_00 = {"ISK", "UGX"}
THREE_DECIMALS = {"BHD", "JOD", "KWD", "OMR", "TND"}
MESSAGES = {
    "amount_too_large": (400, "", "Refund amount is greater than unrefunded amount on charge"),
    "no_such_payment": (404, "resource_missing", "No such payment_intent"),
    "charge_disputed": (400, "charge_disputed", "Charge has been charged back"),
}


class StripeFake(Office):
    """The server."""

    def __init__(self, file: Path) -> None:
        super().__init__(("127.0.0.1", 0), Pages, file=file)


def minor(units: int, currency: str) -> int | None:
    """ISO minor units of what Stripe writes; None for what Stripe would not take."""
    if currency in HUNDREDTHS_ALWAYS_00:
        return None if units % 100 else units // 100
    if currency in THREE_DECIMALS and units % 10:
        return None
    return units * 100 if currency == "MGA" else units


def units(minor: int, currency: str) -> int:
    """What Stripe writes for ISO minor units."""
    if currency in HUNDREDTHS_ALWAYS_00:
        return minor * 100
    return minor // 100 if currency == "MGA" else minor


def refund_object(row: dict[str, Any]) -> dict[str, Any]:
    """A refund as Stripe shows it."""
    by_charge = row["payment"].startswith("ch_")
    reference = row["bank_reference"]
    return {
        "id": row["id"],
        "object": "refund",
        "amount": units(row["amount"], row["currency"]),
        "balance_transaction": None,
        "charge": row["payment"] if by_charge else f"ch_{row['payment'][3:]}",
        "created": int(row["made_at"]),
        "currency": row["currency"].lower(),
        "destination_details": {
            "card": {
                "reference": reference or None,
                "reference_status": "available" if reference else "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": {"refund_id": row["merchant_reference"]} if row["merchant_reference"] else {},
        "payment_intent": None if by_charge else row["payment"],
        "reason": None,
        "status": row["status"],
        **({"failure_reason": "unknown"} if row["status"] == "failed" else {}),
    }


def _error(kind: str, code: str = "", message: str = "") -> bytes:
    error = {"type": kind, "message": message, **({"code": code} if code else {})}
    return json.dumps({"error": error}).encode()


class StripeWire:
    """How Stripe writes."""

    def new_id(self) -> str:
        return f"re_{uuid4().hex[:24]}"

    def made(self, row: dict[str, Any]) -> tuple[int, bytes]:
        return 200, json.dumps(refund_object(row)).encode()

    def refused(self, code: str) -> tuple[int, bytes]:
        status, word, message = MESSAGES.get(code, (400, code, "No"))
        return status, _error("invalid_request_error", word, message)

    def broken(self) -> tuple[int, bytes]:
        return 500, _error("api_error", message="An unknown error occurred")

    def busy(self) -> tuple[int, bytes]:
        return 429, _error("invalid_request_error", "rate_limit")

    def reused(self) -> tuple[int, bytes]:
        return 400, _error("idempotency_error")


class Pages(Counter):
    """``/v1/refunds``."""

    server: StripeFake

    def _is_let_in(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {KEY}":
            return True
        self.say(
            401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}}
        )
        return False

    def post(self, page: list[str], body: bytes) -> None:
        """Make a refund."""
        if not self._is_let_in():
            return
        if page != ["v1", "refunds"]:
            self.say(404, {"error": {"type": "invalid_request_error"}})
            return
        form = dict(parse_qsl(body.decode()))
        payment = form.get("payment_intent") or form["charge"]
        known = self.server.ledger.rows("SELECT * FROM payment WHERE reference = ?", payment)
        currency = known[0]["currency"] if known else "EUR"
        amount = minor(int(form["amount"]), currency)
        if amount is None:
            self.say(400, {"error": {"type": "invalid_request_error", "code": "amount_invalid"}})
            return
        wish = {
            "amount": amount,
            "currency": currency,
            "merchant_reference": form.get("metadata[refund_id]", ""),
        }
        fingerprint = hashlib.sha256(json.dumps(sorted(form.items())).encode()).hexdigest()
        key = self.headers.get("Idempotency-Key", "")
        self.play(self.server.engine.ask(Asked(payment, wish, key, fingerprint), StripeWire()))

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """List refunds, newest first."""
        payment = query.get("payment_intent") or query.get("charge") or "*"
        if not self._is_let_in() or self.fails_to_list(payment):
            return
        rows = self.server.ledger.rows("SELECT * FROM refund ORDER BY created DESC")
        if payment != "*":
            if not self.server.ledger.rows("SELECT 1 FROM payment WHERE reference = ?", payment):
                self.say(404, json.loads(StripeWire().refused("no_such_payment")[1]))
                return
            rows = [row for row in rows if row["payment"] == payment]
        since, until = int(query.get("created[gte]", 0)), int(query.get("created[lt]", 10**12))
        rows = [row for row in rows if since <= int(row["made_at"]) < until]
        after = query.get("starting_after")
        if after:
            rows = rows[[row["id"] for row in rows].index(after) + 1 :]
        limit = int(query.get("limit", 10))
        self.say(
            200,
            {
                "object": "list",
                "url": "/v1/refunds",
                "has_more": len(rows) > limit,
                "data": [refund_object(row) for row in rows[:limit]],
            },
        )
