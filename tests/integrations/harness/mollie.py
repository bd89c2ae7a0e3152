"""Mollie on the bench: signed messages, each of which is only a reason to ask the fake."""

import hashlib
import hmac
import json
import uuid
from typing import Any
from uuid import UUID

from tests.integrations.fakes.engine import EngineBench
from tests.integrations.fakes.mollie import KEY, MollieFake
from tests.integrations.harness import DisputeState, HookRequest, Money, Outcome

from rebond.simulator.ledger import dispute

SECRET, TOKEN = "signing secret of the fake", "token-in-the-address"


class Harness(EngineBench):
    """Payments, refunds and next-generation webhooks."""

    key = "mollie"
    secrets = ("MOLLIE_HOOK_SECRET", "MOLLIE_HOOK_TOKEN")
    payment_prefix = "tr_"
    at_once = Outcome.PENDING
    currencies = ("JPY", "EUR", "ISK", "HUF")
    dispute_states = (DisputeState.LOST, DisputeState.WON)
    excused = {
        "an_amount_that_cannot_be_paid_exactly_is_not_sent": (
            "Mollie writes every currency it knows with that currency's own decimals"
        ),
        "a_stale_message_is_refused": (
            "Mollie signs no time; an old message makes us ask what is true now, which is harmless"
        ),
    }

    running: MollieFake

    def office(self) -> MollieFake:
        return MollieFake(self.folder / "books.sqlite3")

    def settings(self) -> dict[str, str]:
        return {
            "MOLLIE_URL": self.running.url,
            "MOLLIE_API_KEY": KEY,
            "MOLLIE_HOOK_SECRET": SECRET,
            "MOLLIE_HOOK_TOKEN": TOKEN,
            "MOLLIE_TIMEOUT": "0.6",
        }

    def away(self) -> dict[str, str]:
        return {"MOLLIE_URL": "http://127.0.0.1:9"}

    def wrong_key(self) -> dict[str, str]:
        return {"MOLLIE_API_KEY": "test_of_another"}

    def refund_message(self, reference: str, *, refund_id: UUID | None = None) -> bytes:
        if refund_id:
            self._refers(reference, str(refund_id))
        return event("refund", reference, paymentId=self.row(reference)["payment"])

    def dispute_message(self, payment: str, amount: Money, state: DisputeState) -> bytes:
        dispute(self.running.ledger, payment, amount.minor, state.value)
        return event("chargeback", "chb_1", paymentId=payment)

    def idle_messages(self) -> list[bytes]:
        return [
            event("payment-link", "pl_1"),
            event("payment", self.nobodys()),
            event("refund", "re_1", paymentId="../../oauth2/tokens"),
            event("balance-transaction", "baltr_1", context={"refund": {"paymentId": None}}),
        ]

    def altered(self, body: bytes) -> bytes:
        message = json.loads(body)
        message["_embedded"]["entity"]["paymentId"] = self.nobodys()
        return json.dumps(message).encode()

    def without_our_reference(self, body: bytes) -> bytes:
        self._refers(json.loads(body)["entityId"], "order 1001")
        return body

    def _refers(self, reference: str, to: str) -> None:
        with self.running.ledger.writing() as db:
            db.execute("UPDATE refund SET merchant_reference = ? WHERE id = ?", (to, reference))

    def signed(
        self, body: bytes, *, secret: str | None = None, at: float | None = None
    ) -> HookRequest:
        key = SECRET if secret is None else secret
        mac = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        return HookRequest({"x-mollie-signature": f"sha256={mac}"}, body)

    def with_second_signature(self, request: HookRequest) -> HookRequest:
        twice = request.headers["x-mollie-signature"] + ", sha256=" + "0" * 64
        return HookRequest({"x-mollie-signature": twice}, request.body)


def event(resource: str, name: str, **thing: Any) -> bytes:
    """A next-generation event as Mollie sends it."""
    entity = {"resource": resource, "id": name, **thing}
    message = {
        "resource": "event",
        "id": f"event_{uuid.uuid4().hex[:20]}",
        "type": f"{resource}.updated",
        "entityId": name,
        "createdAt": "2026-11-21T12:00:00.0Z",
        "_embedded": {"entity": entity},
    }
    return json.dumps(message).encode()
