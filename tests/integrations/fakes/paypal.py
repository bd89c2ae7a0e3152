"""PayPal's refunds as its documentation describes them.

A token first, then captures, the order that a capture belongs to, the transaction search, and
the page that says whether a message is PayPal's own. From PayPal's OpenAPI definitions and
developer.paypal.com, 2026-11-21. Signatures here are an HMAC over what PayPal signs (id, time,
webhook, sum of the bytes), in place of PayPal's certificate.
"""

import base64
import hashlib
import hmac
import json
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from rebond.kernel.money import exponent_of
from rebond.simulator.desk import Counter, Office
from rebond.simulator.engine import Asked

CLIENT, SECRET = "client of the fake", "secret of the fake"
WEBHOOK_ID = "8PT597110X687430LKGECATA"
SIGNING = "what only PayPal knows"
ISSUES = {
    "amount_too_large": (422, "UNPROCESSABLE_ENTITY", "REFUND_AMOUNT_EXCEEDED"),
    "no_such_payment": (404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID"),
    "charge_disputed": (422, "UNPROCESSABLE_ENTITY", "TRANSACTION_DISPUTED"),
    "currency_mismatch": (422, "UNPROCESSABLE_ENTITY", "REFUND_CAPTURE_CURRENCY_MISMATCH"),
}
STATUSES = {"succeeded": "COMPLETED", "pending": "PENDING", "failed": "FAILED"}


class PayPalFake(Office):
    """The server. ``tokens`` counts how many were given out; ``revoke`` makes them worthless."""

    def __init__(self, file: Path) -> None:
        super().__init__(("127.0.0.1", 0), Pages, file=file)
        self.tokens = 0
        self.good_token = ""

    def revoke(self) -> None:
        """Let no token in that was given out before."""
        self.good_token = "none"


def minor(text: str, currency: str) -> int | None:
    """ISO minor units of PayPal's decimal text; None for what PayPal would not take."""
    whole, _, part = text.partition(".")
    if currency in {"HUF", "JPY", "TWD"} and part:
        return None
    if len(part) not in {0, 2}:
        return None
    return int(whole + part) * 10 ** (exponent_of(currency) - len(part))


def text(minor: int, currency: str) -> str:
    """PayPal's decimal text of ISO minor units."""
    if currency in {"HUF", "TWD"}:
        return str(minor // 100)
    return str(minor) if currency == "JPY" else f"{minor // 100}.{minor % 100:02}"


def name() -> str:
    """Seventeen capitals and digits."""
    return uuid4().hex[:17].upper()


def refund_object(row: dict[str, Any]) -> dict[str, Any]:
    """A refund as PayPal shows it."""
    made = datetime.fromtimestamp(row["made_at"], UTC)
    return {
        "id": row["id"],
        "status": STATUSES[row["status"]],
        "amount": {
            "currency_code": row["currency"],
            "value": text(row["amount"], row["currency"]),
        },
        **({"custom_id": row["merchant_reference"]} if row["merchant_reference"] else {}),
        **({"status_details": {"reason": "ECHECK"}} if row["status"] == "pending" else {}),
        "create_time": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": [
            {"href": f"https://api-m.paypal.com/v2/payments/refunds/{row['id']}", "rel": "self"},
            {
                "href": f"https://api-m.paypal.com/v2/payments/captures/{row['payment']}",
                "rel": "up",
            },
        ],
    }


def signature(transmission_id: str, moment: str, webhook_id: str, body: bytes, key: str) -> str:
    """Over what PayPal signs: its id, time, the webhook, and the sum of the body's bytes."""
    signed = f"{transmission_id}|{moment}|{webhook_id}|{zlib.crc32(body)}"
    mac = hmac.new(key.encode(), signed.encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


class PayPalWire:
    """How PayPal writes."""

    def new_id(self) -> str:
        return name()

    def made(self, row: dict[str, Any]) -> tuple[int, bytes]:
        return 201, json.dumps(refund_object(row)).encode()

    def refused(self, code: str) -> tuple[int, bytes]:
        status, word, issue = ISSUES.get(code, (422, "UNPROCESSABLE_ENTITY", code.upper()))
        return status, _error(word, issue)

    def broken(self) -> tuple[int, bytes]:
        return 500, _error("INTERNAL_SERVER_ERROR")

    def busy(self) -> tuple[int, bytes]:
        return 429, _error("RATE_LIMIT_REACHED")

    def reused(self) -> tuple[int, bytes]:
        return 422, _error("UNPROCESSABLE_ENTITY", "DUPLICATE_REQUEST_ID")


def _error(word: str, issue: str = "") -> bytes:
    details = [{"issue": issue, "description": "No."}] if issue else []
    return json.dumps({"name": word, "message": "No.", "details": details}).encode()


class Pages(Counter):
    """Tokens, captures, orders, the search and the check of messages."""

    server: PayPalFake

    def _is_let_in(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {self.server.good_token}":
            return True
        self.say(401, {"error": "invalid_token"})
        return False

    def post(self, page: list[str], body: bytes) -> None:
        """Give out a token, refund a capture, or check a message."""
        if page == ["v1", "oauth2", "token"]:
            self._token(body)
        elif not self._is_let_in():
            return
        elif page == ["v1", "notifications", "verify-webhook-signature"]:
            self._verify(body)
        else:
            match page:
                case ["v2", "payments", "captures", capture, "refund"]:
                    self._refund(capture, body)
                case _:
                    self.say(404, {"name": "RESOURCE_NOT_FOUND"})

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """Show a capture or an order, or search."""
        if not self._is_let_in():
            return
        rows = self.server.ledger.rows
        match page:
            case ["v2", "payments", "captures", capture]:
                if self.fails_to_list(capture):
                    return
                if not rows("SELECT 1 FROM payment WHERE reference = ?", capture):
                    self.say(404, {"name": "RESOURCE_NOT_FOUND"})
                    return
                up = f"https://api-m.paypal.com/v2/checkout/orders/O-{capture}"
                self.say(200, {"id": capture, "links": [{"href": up, "rel": "up"}]})
            case ["v2", "checkout", "orders", order]:
                found = rows("SELECT * FROM refund WHERE payment = ? ORDER BY created", order[2:])
                refunds = [refund_object(row) for row in found]
                self.say(200, {"id": order, "purchase_units": [{"payments": {"refunds": refunds}}]})
            case ["v1", "reporting", "transactions"]:
                if not self.fails_to_list():
                    self._search(query)
            case _:
                self.say(404, {"name": "RESOURCE_NOT_FOUND"})

    def _token(self, body: bytes) -> None:
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        form = dict(parse_qsl(body.decode()))
        if self.headers.get("Authorization") != f"Basic {pair}":
            self.say(401, {"error": "invalid_client"})
        elif form != {"grant_type": "client_credentials"}:
            self.say(400, {"error": "unsupported_grant_type"})
        else:
            self.server.tokens += 1
            self.server.good_token = f"A21AA-{self.server.tokens}"
            self.say(200, {"access_token": self.server.good_token, "expires_in": 32400})

    def _refund(self, capture: str, body: bytes) -> None:
        asked = json.loads(body)
        currency = asked["amount"]["currency_code"]
        amount = minor(asked["amount"]["value"], currency)
        key = self.headers.get("PayPal-Request-Id", "")
        if amount is None or self.headers.get("Prefer") != "return=representation":
            self.say(422, json.loads(_error("UNPROCESSABLE_ENTITY", "DECIMALS_NOT_SUPPORTED")))
            return
        wish = {"amount": amount, "currency": currency, "merchant_reference": asked["custom_id"]}
        fingerprint = hashlib.sha256(body).hexdigest()
        self.play(self.server.engine.ask(Asked(capture, wish, key, fingerprint), PayPalWire()))

    def _search(self, query: dict[str, str]) -> None:
        since, until = (
            datetime.fromisoformat(query[end]).timestamp() for end in ("start_date", "end_date")
        )
        assert query["transaction_type"] == "T1107"
        assert until - since <= 31 * 86400
        found = [
            row
            for row in self.server.ledger.rows("SELECT * FROM refund ORDER BY created")
            if since <= int(row["made_at"]) <= until
        ]
        # Smaller pages than PayPal's 500, so that there are several.
        size, page = min(100, int(query["page_size"])), int(query["page"])
        self.say(
            200,
            {
                "transaction_details": [
                    {"transaction_info": _info(row)} for row in found[(page - 1) * size :][:size]
                ],
                "total_items": len(found),
                "total_pages": -(-len(found) // size),
                "page": page,
            },
        )

    def _verify(self, body: bytes) -> None:
        asked = json.loads(body)
        raw = body.split(b'"webhook_event": ', 1)[1][:-1]
        true = signature(
            asked["transmission_id"], asked["transmission_time"], WEBHOOK_ID, raw, SIGNING
        )
        is_true = (
            hmac.compare_digest(true.encode(), asked["transmission_sig"].encode())
            and asked["webhook_id"] == WEBHOOK_ID
        )
        self.say(200, {"verification_status": "SUCCESS" if is_true else "FAILURE"})


def _info(row: dict[str, Any]) -> dict[str, Any]:
    made = datetime.fromtimestamp(row["made_at"], UTC)
    return {
        "transaction_id": row["id"],
        "paypal_reference_id": row["payment"],
        "paypal_reference_id_type": "TXN",
        "transaction_event_code": "T1107",
        "transaction_initiation_date": made.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "transaction_amount": {
            "currency_code": row["currency"],
            "value": f"-{text(row['amount'], row['currency'])}",
        },
        "transaction_status": {"succeeded": "S", "pending": "P", "failed": "D"}[row["status"]],
        "custom_field": row["merchant_reference"],
    }
