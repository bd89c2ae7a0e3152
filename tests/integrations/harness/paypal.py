"""PayPal on the bench."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.integrations.fakes.engine import EngineBench
from tests.integrations.fakes.paypal import (
    CLIENT,
    SECRET,
    SIGNING,
    WEBHOOK_ID,
    PayPalFake,
    name,
    refund_object,
    signature,
    text,
)
from tests.integrations.harness import DisputeState, HookRequest, Money

OUTCOMES = {
    DisputeState.WON: {"outcome_code": "RESOLVED_SELLER_FAVOUR"},
    DisputeState.LOST: {"outcome_code": "RESOLVED_BUYER_FAVOUR"},
}


class Harness(EngineBench):
    """Payments, orders, the search and PayPal's own check of messages."""

    key = "paypal"
    secrets = ("PAYPAL_WEBHOOK_ID",)
    currencies = ("JPY", "EUR", "HUF", "TWD")
    impossible = (Money(550, "HUF"), Money(1001, "TWD"), Money(1234, "KWD"))
    excused = {
        "a_stale_message_is_refused": (
            "PayPal repeats a message for three days and does not say whether it dates it anew;"
            " one told again is known by its name"
        ),
    }

    running: PayPalFake

    def office(self) -> PayPalFake:
        return PayPalFake(self.folder / "books.sqlite3")

    def settings(self) -> dict[str, str]:
        return {
            "PAYPAL_URL": self.running.url,
            "PAYPAL_CLIENT_ID": CLIENT,
            "PAYPAL_CLIENT_SECRET": SECRET,
            "PAYPAL_WEBHOOK_ID": WEBHOOK_ID,
            "PAYPAL_TIMEOUT": "0.6",
        }

    def away(self) -> dict[str, str]:
        return {"PAYPAL_URL": "http://127.0.0.1:9"}

    def wrong_key(self) -> dict[str, str]:
        return {"PAYPAL_CLIENT_SECRET": "another"}

    def nobodys(self) -> str:
        return name()

    def new_id(self) -> str:
        return name()

    def refund_message(self, reference: str, *, refund_id: UUID | None = None) -> bytes:
        row = self.row(reference)
        if refund_id:
            row["merchant_reference"] = str(refund_id)
        about = "PAYMENT.REFUND.FAILED" if row["status"] == "failed" else "PAYMENT.CAPTURE.REFUNDED"
        known = uuid.uuid5(uuid.NAMESPACE_OID, f"{reference}{row['status']}").hex
        return event(about, refund_object(row), known=known)

    def dispute_message(self, payment: str, amount: Money, state: DisputeState) -> bytes:
        is_open = state is DisputeState.OPEN
        thing = {
            "dispute_id": "PP-D-27803",
            "disputed_transactions": [{"seller_transaction_id": payment}],
            "status": "OPEN" if is_open else "RESOLVED",
            "dispute_amount": {
                "currency_code": amount.currency,
                "value": text(amount.minor, amount.currency),
            },
            "dispute_outcome": OUTCOMES.get(state, {}),
        }
        return event(f"CUSTOMER.DISPUTE.{'CREATED' if is_open else 'RESOLVED'}", thing)

    def idle_messages(self) -> list[bytes]:
        up = [{"href": "https://api-m.paypal.com/v2/payments/captures/1AB", "rel": "up"}]
        return [
            event("PAYMENT.CAPTURE.COMPLETED", {"id": "1AB"}),
            event("PAYMENT.CAPTURE.REVERSED", {"id": "2CD", "links": up}),
            event("PAYMENT.REFUND.PENDING", {"id": "3EF", "status": "NEW_WORD", "links": up}),
        ]

    def altered(self, body: bytes) -> bytes:
        message = json.loads(body)
        message["resource"]["amount"]["value"] = "5.01"
        return json.dumps(message).encode()

    def without_our_reference(self, body: bytes) -> bytes:
        message = json.loads(body)
        message["resource"]["custom_id"] = "order 1001"
        return json.dumps(message).encode()

    def signed(
        self, body: bytes, *, secret: str | None = None, at: float | None = None
    ) -> HookRequest:
        number = str(uuid.uuid4())
        moment = datetime.fromtimestamp(time.time() if at is None else at, UTC).isoformat()
        key = SIGNING if secret is None else secret
        return HookRequest(
            {
                "paypal-auth-algo": "SHA256withRSA",
                "paypal-cert-url": "https://api.paypal.com/v1/notifications/certs/CERT-360caa42",
                "paypal-transmission-id": number,
                "paypal-transmission-time": moment,
                "paypal-transmission-sig": signature(number, moment, WEBHOOK_ID, body, key),
            },
            body,
        )

    def with_second_signature(self, request: HookRequest) -> HookRequest:
        twice = request.headers["paypal-transmission-sig"] + ",AAAA"
        return HookRequest(request.headers | {"paypal-transmission-sig": twice}, request.body)


def event(about: str, thing: dict[str, Any], *, known: str = "") -> bytes:
    """An event as PayPal sends it."""
    message = {
        "id": f"WH-{known or uuid.uuid4().hex}",
        "event_version": "1.0",
        "create_time": "2026-11-21T12:00:00.000Z",
        "resource_type": "refund",
        "event_type": about,
        "summary": "…",
        "resource": thing,
    }
    return json.dumps(message).encode()
