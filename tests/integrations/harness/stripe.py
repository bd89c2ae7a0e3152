"""Stripe on the bench."""

import json
import time
import uuid
from typing import Any
from uuid import UUID

import stripe
from tests.integrations.fakes.engine import EngineBench
from tests.integrations.fakes.stripe import KEY, StripeFake, refund_object, units
from tests.integrations.harness import DisputeState, HookRequest, Money

SECRET = "whsec_of_the_fake"
STATUS = {
    DisputeState.OPEN: "needs_response",
    DisputeState.WON: "won",
    DisputeState.LOST: "lost",
}


class Harness(EngineBench):
    """The official client against the fake."""

    key = "stripe"
    secrets = ("STRIPE_WEBHOOK_SECRET",)
    payment_prefix = "pi_"
    currencies = ("JPY", "EUR", "KWD", "ISK", "UGX", "MGA", "HUF", "TWD")
    impossible = (Money(5124, "KWD"), Money(550, "MGA"))

    def office(self) -> StripeFake:
        return StripeFake(self.folder / "books.sqlite3")

    def settings(self) -> dict[str, str]:
        return {
            "STRIPE_URL": self.running.url,
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_TIMEOUT": "0.6",
        }

    def away(self) -> dict[str, str]:
        return {"STRIPE_URL": "http://127.0.0.1:9"}

    def wrong_key(self) -> dict[str, str]:
        return {"STRIPE_SECRET_KEY": "sk_test_of_another"}

    def refund_message(self, reference: str, *, refund_id: UUID | None = None) -> bytes:
        row = self.row(reference)
        if refund_id:
            row["merchant_reference"] = str(refund_id)
        about = "refund.failed" if row["status"] == "failed" else "refund.updated"
        # The name of an event stays the same when it is sent again.
        name = uuid.uuid5(uuid.NAMESPACE_OID, f"{reference}{row['status']}").hex
        return event(about, refund_object(row), name=name)

    def dispute_message(self, payment: str, amount: Money, state: DisputeState) -> bytes:
        closed = "created" if state is DisputeState.OPEN else "closed"
        thing = {
            "id": "du_1",
            "object": "dispute",
            "amount": units(amount.minor, amount.currency),
            "currency": amount.currency.lower(),
            "charge": "ch_1",
            "payment_intent": payment,
            "status": STATUS[state],
        }
        return event(f"charge.dispute.{closed}", thing)

    def idle_messages(self) -> list[bytes]:
        return [
            event("customer.created", {"id": "cus_1", "object": "customer"}),
            event("charge.refunded", {"id": "ch_1", "object": "charge", "payment_intent": None}),
            event("refund.updated", {"id": "re_1", "object": "refund", "status": "new_word"}),
        ]

    def altered(self, body: bytes) -> bytes:
        message = json.loads(body)
        message["data"]["object"]["amount"] += 1
        return json.dumps(message).encode()

    def without_our_reference(self, body: bytes) -> bytes:
        message = json.loads(body)
        message["data"]["object"]["metadata"] = {"order": "1001"}
        return json.dumps(message).encode()

    def signed(
        self, body: bytes, *, secret: str | None = None, at: float | None = None
    ) -> HookRequest:
        stamp = int(time.time() if at is None else at)
        mac = stripe.WebhookSignature._compute_signature(
            f"{stamp}.{body.decode('utf-8', 'surrogateescape')}" if _is_text(body) else f"{stamp}.",
            SECRET if secret is None else secret,
        )
        return HookRequest({"stripe-signature": f"t={stamp},v1={mac},v0=00"}, body)

    def with_second_signature(self, request: HookRequest) -> HookRequest:
        twice = request.headers["stripe-signature"] + ", t=1,v1=" + "0" * 64
        return HookRequest({"stripe-signature": twice}, request.body)


def event(about: str, thing: dict[str, Any], *, name: str = "", live: bool = False) -> bytes:
    """An event as Stripe sends it."""
    body = {
        "id": f"evt_{name or uuid.uuid4().hex}",
        "object": "event",
        "api_version": "2026-10-28",
        "created": int(time.time()),
        "data": {"object": thing},
        "livemode": live,
        "pending_webhooks": 1,
        "type": about,
    }
    return json.dumps(body).encode()


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
