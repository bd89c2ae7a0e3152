"""The rehearsal provider on the bench."""

import json
import time
import uuid

from tests.integrations.fakes.engine import EngineBench, Running
from tests.integrations.harness import UUID, DisputeState, HookRequest, Money

from rebond.simulator.ledger import public
from rebond.simulator.payments import Provider, sign

SECRET = "a secret of the rehearsal provider"


class Harness(EngineBench):
    """Speaks our own wire format."""

    key = "simulator"
    secrets = ("SIMULATOR_SECRET",)
    excused = {
        "a_refusal_of_the_key_waits_for_a_person": "the rehearsal provider asks for no key",
        "without_a_key_nothing_is_sent": "the rehearsal provider asks for no key",
        "an_amount_that_cannot_be_paid_exactly_is_not_sent": "it takes any whole minor amount",
        "a_redirect_is_not_followed": "it is ours, runs beside us and never redirects",
    }

    def office(self) -> Running:
        """The provider itself, without a hook to tell."""
        return Provider(
            ("127.0.0.1", 0),
            file=self.folder / "books.sqlite3",
            secret=SECRET,
            hook="",
            opens=False,
        )

    def settings(self) -> dict[str, str]:
        return {
            "SIMULATOR_URL": self.running.url,
            "SIMULATOR_SECRET": SECRET,
            "SIMULATOR_TIMEOUT": "0.6",
        }

    def away(self) -> dict[str, str]:
        return {"SIMULATOR_URL": "http://127.0.0.1:9"}

    def refund_message(self, reference: str, *, refund_id: UUID | None = None) -> bytes:
        item = public(self.row(reference))
        if refund_id:
            item["merchant_reference"] = str(refund_id)
        return _message("refund.updated", item)

    def dispute_message(self, payment: str, amount: Money, state: DisputeState) -> bytes:
        item = {
            "id": "sim_dp_1",
            "payment": payment,
            "amount": amount.minor,
            "currency": amount.currency,
            "status": state.value,
        }
        return _message("dispute.updated", item)

    def altered(self, body: bytes) -> bytes:
        message = json.loads(body)
        message["data"]["amount"] += 1
        return json.dumps(message).encode()

    def without_our_reference(self, body: bytes) -> bytes:
        message = json.loads(body)
        message["data"]["merchant_reference"] = "order 1001"
        return json.dumps(message).encode()

    def signed(
        self, body: bytes, *, secret: str | None = None, at: float | None = None
    ) -> HookRequest:
        stamp = int(time.time() if at is None else at)
        header = sign(SECRET if secret is None else secret, body, stamp)
        return HookRequest({"simulator-signature": header}, body)

    def with_second_signature(self, request: HookRequest) -> HookRequest:
        twice = request.headers["simulator-signature"] + ",v1=" + "0" * 64
        return HookRequest({"simulator-signature": twice}, request.body)


def _message(about: str, item: dict) -> bytes:
    return json.dumps({"id": f"evt_{uuid.uuid4().hex}", "type": about, "data": item}).encode()
