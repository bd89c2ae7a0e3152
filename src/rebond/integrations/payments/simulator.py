"""The payment provider to rehearse with: `rebond simulate`. No real money moves.

``REBOND_SIMULATOR_URL`` says where it runs, ``REBOND_SIMULATOR_SECRET`` signs its messages.
"""

import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import (
    ANY_SHOP,
    Account,
    Answer,
    DisputeState,
    Hook,
    HookRequest,
    KnownDispute,
    KnownRefund,
    Outcome,
    RefundOrder,
    payment_providers,
)
from rebond.integrations.payment_answers import as_ordered
from rebond.kernel.egress import NoAnswer, Reply, request
from rebond.kernel.money import Money
from rebond.kernel.untrusted import json_object

TOLERANCE_SECONDS = 300
OUTCOMES = {
    "succeeded": Outcome.SUCCEEDED,
    "pending": Outcome.PENDING,
    "requires_action": Outcome.REQUIRES_ACTION,
    "failed": Outcome.REFUSED,
}


@payment_providers.add
class Simulator:
    """Speaks to the simulated provider as to a real one."""

    key = "simulator"
    title = "Simulated provider"
    is_idempotent = True
    is_manual = False
    can_be_asked = True
    lists_after = timedelta(0)
    tried_live = True
    key_lifetime = timedelta(hours=24)

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self._account = account

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for the money under the order's idempotency key."""
        wish = {
            "amount": order.amount.minor,
            "currency": order.amount.currency,
            "merchant_reference": str(order.refund_id),
        }
        try:
            reply = request(
                "POST",
                self.page_of(order.payment_reference),
                json=wish,
                headers={"Idempotency-Key": order.idempotency_key},
                seconds=float(self._account.setting("SIMULATOR_TIMEOUT", "20")),
            )
        except NoAnswer as problem:
            return Answer(Outcome.NO_ANSWER, detail=str(problem))
        return _read(reply, order)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """What the simulated provider has booked on the payment."""
        return self._list(self.page_of(payment_reference))

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """What the simulated provider has booked in the period, on any payment."""
        period = f"since={since.timestamp()}&until={until.timestamp()}"
        return self._list(f"{self._address()}/refunds?{period}")

    def page_of(self, payment_reference: str) -> str:
        """Where the simulator shows what it has booked."""
        return f"{self._address()}/payments/{quote(payment_reference, safe='')}/refunds"

    def read_hook(self, hook: HookRequest) -> list[Hook]:
        """The message in a signed call; closed when no secret is set."""
        secret = self._account.setting("SIMULATOR_SECRET")
        if not secret:
            raise HookRefused(why="no secret is set")
        _check(hook.headers.get("simulator-signature", ""), hook.body, secret)
        try:
            message = json_object(hook.body)
            return [_hook(message["id"], str(message.get("type", "")), message["data"])]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as problem:
            raise HookRefused(why="unreadable") from problem

    def _address(self) -> str:
        return self._account.setting("SIMULATOR_URL", "http://127.0.0.1:8801").rstrip("/")

    def _list(self, page: str) -> list[KnownRefund] | None:
        try:
            reply = request("GET", page)
            if reply.status != 200:
                return None
            return [_known(item) for item in json_object(reply.body)["refunds"]]
        except (NoAnswer, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return None


def _hook(event_id: str, about: str, data: dict[str, Any]) -> Hook:
    if about.startswith("dispute."):
        dispute = KnownDispute(
            str(data["id"])[:120],
            str(data["payment"]),
            Money(int(data["amount"]), str(data["currency"])),
            DisputeState(data["status"]),
        )
        return Hook(
            event_id, None, dispute.reference, None, None, dispute.payment_reference, dispute
        )
    known = _known(data)
    return Hook(
        event_id,
        known.refund_id,
        known.reference,
        known.amount,
        known.answer,
        known.payment_reference,
    )


def _read(reply: Reply, order: RefundOrder) -> Answer:
    """A definite answer, or what kind of doubt is left."""
    try:
        body = json_object(reply.body)
    except ValueError:
        body = {}
    code = str(body.get("code", ""))[:60]
    if reply.status == 429:
        return Answer(Outcome.NO_ANSWER, code=code or "too_many_requests")
    if 400 <= reply.status < 500:
        return Answer(Outcome.REFUSED, code=code or str(reply.status))
    try:
        return as_ordered(_known(body), order)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return Answer(Outcome.BROKEN_ANSWER, code=code or str(reply.status))


def _known(item: dict[str, Any]) -> KnownRefund:
    """A refund as the provider shows it; raises ``KeyError`` or ``ValueError`` otherwise."""
    answer = Answer(
        OUTCOMES[item["status"]],
        reference=str(item["id"])[:120],
        bank_reference=str(item.get("bank_reference") or "")[:60],
        code=str(item.get("code") or "")[:60],
    )
    return KnownRefund(
        reference=answer.reference,
        refund_id=_uuid(item.get("merchant_reference")),
        amount=Money(int(item["amount"]), str(item["currency"])),
        answer=answer,
        made_at=datetime.fromtimestamp(item["made_at"], UTC) if item.get("made_at") else None,
        payment_reference=str(item.get("payment") or ""),
    )


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _check(header: str, body: bytes, secret: str) -> None:
    found = [part.split("=", 1) for part in header.split(",")[:4] if "=" in part]
    parts = dict(found)
    stamp, given = parts.get("t", ""), parts.get("v1", "")
    if len(parts) < len(found):
        raise HookRefused(why="two signatures")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
        raise HookRefused(why="stale")
    expected = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, given):
        raise HookRefused(why="wrong signature")
