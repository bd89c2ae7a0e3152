"""Adyen on the bench."""

import base64
import hashlib
import hmac
import json
from typing import Any
from uuid import UUID

from tests.integrations.fakes.adyen import KEY, MERCHANT, AdyenFake, psp_reference, value
from tests.integrations.fakes.engine import EngineBench
from tests.integrations.harness import (
    Answer,
    DisputeState,
    HookRequest,
    Money,
    Outcome,
    PaymentProvider,
    RefundOrder,
)

HMAC_KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
NO_LIST = "Adyen has no list of refunds to ask; the plug says that it cannot know"
CODES = {
    DisputeState.OPEN: "NOTIFICATION_OF_CHARGEBACK",
    DisputeState.LOST: "CHARGEBACK",
    DisputeState.WON: "CHARGEBACK_REVERSED",
}


class Harness(EngineBench):
    """Checkout API and standard webhooks."""

    key = "adyen"
    secrets = ("ADYEN_HMAC_KEY",)
    at_once = Outcome.PENDING
    currencies = ("JPY", "EUR", "KWD", "ISK", "CLP", "IDR", "CVE")
    impossible = (Money(550, "IDR"), Money(1001, "CVE"))
    excused = {
        "a_lost_answer_is_found_by_our_reference": NO_LIST,
        "an_error_after_paying_is_repeated_and_found": NO_LIST,
        "pending_becomes_paid_in_the_list": NO_LIST,
        "paid_becomes_failed_in_the_list": NO_LIST,
        "a_list_that_fails_is_not_an_empty_list": NO_LIST,
        "all_pages_of_a_period_are_read": NO_LIST,
        "a_stale_message_is_refused": "Adyen signs no time; a message told again is known by name",
        "a_message_written_anew_is_refused": (
            "Adyen signs eight values, not the bytes; the same values written anew are the same"
        ),
        "a_forged_second_signature_opens_nothing": (
            "the signature stands in the body, once for each item; no header carries one"
        ),
    }

    running: AdyenFake

    def office(self) -> AdyenFake:
        return AdyenFake(self.folder / "books.sqlite3")

    def settings(self) -> dict[str, str]:
        return {
            "ADYEN_URL": f"{self.running.url}/checkout/v71",
            "ADYEN_API_KEY": KEY,
            "ADYEN_MERCHANT_ACCOUNT": MERCHANT,
            "ADYEN_HMAC_KEY": HMAC_KEY,
            "ADYEN_TIMEOUT": "0.6",
        }

    def away(self) -> dict[str, str]:
        return {"ADYEN_URL": "http://127.0.0.1:9/checkout/v71"}

    def wrong_key(self) -> dict[str, str]:
        return {"ADYEN_API_KEY": "another"}

    def nobodys(self) -> str:
        return psp_reference()

    def new_id(self) -> str:
        return psp_reference()

    def final(self, plug: PaymentProvider, order: RefundOrder, answer: Answer) -> Answer:
        """Too much is received like everything, and told by message."""
        refused = self.running.too_much.get(answer.reference)
        if refused is None:
            return answer
        item = {
            "eventCode": "REFUND",
            "success": "false",
            "pspReference": answer.reference,
            "originalReference": refused["payment"],
            "merchantReference": refused["reference"],
            "amount": refused["amount"],
            "reason": "Insufficient balance on payment",
        }
        (hook,) = plug.read_hook(self.signed(message(item)))
        assert hook.refund_id == order.refund_id
        return hook.answer

    def refund_message(self, reference: str, *, refund_id: UUID | None = None) -> bytes:
        row = self.row(reference)
        failed = row["status"] == "failed"
        return message(
            {
                "eventCode": "REFUND_FAILED" if failed else "REFUND",
                "success": "true",
                "pspReference": reference,
                "originalReference": row["payment"],
                "merchantReference": str(refund_id or row["merchant_reference"]),
                "amount": {
                    "value": value(row["amount"], row["currency"]),
                    "currency": row["currency"],
                },
                "reason": "Account closed" if failed else "",
                "additionalData": {"acquirerReferenceNumber": row["bank_reference"]},
            }
        )

    def dispute_message(self, payment: str, amount: Money, state: DisputeState) -> bytes:
        return message(
            {
                "eventCode": CODES[state],
                "success": "true",
                "pspReference": psp_reference(),
                "originalReference": payment,
                "merchantReference": "order 1001",
                "amount": {
                    "value": value(amount.minor, amount.currency),
                    "currency": amount.currency,
                },
            }
        )

    def idle_messages(self) -> list[bytes]:
        seen = {
            "success": "true",
            "pspReference": "PSP1",
            "merchantReference": "order 1001",
            "amount": {"value": 500, "currency": "EUR"},
        }
        codes = ("AUTHORISATION", "REPORT_AVAILABLE", "CANCEL_OR_REFUND", "A_NEW_WORD")
        return [message({**seen, "eventCode": code}) for code in codes] + [_batch([])]

    def altered(self, body: bytes) -> bytes:
        return _changed(body, lambda item: item["amount"].update(value=item["amount"]["value"] + 1))

    def without_our_reference(self, body: bytes) -> bytes:
        return _changed(body, lambda item: item.update(merchantReference="order 1001"))

    def unsigned(self, request: HookRequest) -> HookRequest:
        bare = _changed(request.body, lambda item: item["additionalData"].pop("hmacSignature"))
        return HookRequest(request.headers, bare)

    def signed(
        self, body: bytes, *, secret: str | None = None, at: float | None = None
    ) -> HookRequest:
        key = HMAC_KEY if secret is None else secret.encode().hex() if " " in secret else secret
        try:
            return HookRequest({}, _changed(body, lambda item: _sign(item, key)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return HookRequest({}, body)


def message(item: dict[str, Any]) -> bytes:
    """A standard webhook with one item, not yet signed."""
    more = {
        "merchantAccountCode": MERCHANT,
        "eventDate": "2026-11-21T12:00:00+01:00",
        "paymentMethod": "visa",
        "additionalData": {},
    }
    return _batch([{**more, **item}])


def _batch(items: list[dict[str, Any]]) -> bytes:
    holders = [{"NotificationRequestItem": item} for item in items]
    return json.dumps({"live": "false", "notificationItems": holders}).encode()


def _changed(body: bytes, change: Any) -> bytes:
    whole = json.loads(body)
    for holder in whole["notificationItems"]:
        change(holder["NotificationRequestItem"])
    return json.dumps(whole).encode()


def _sign(item: dict[str, Any], key: str) -> None:
    """By Adyen's own description: eight values with colons between, HMAC-SHA256, base64."""
    signed = ":".join(
        [
            item["pspReference"],
            item.get("originalReference", ""),
            item["merchantAccountCode"],
            item["merchantReference"],
            str(item["amount"]["value"]),
            item["amount"]["currency"],
            item["eventCode"],
            item["success"],
        ]
    )
    mac = hmac.new(bytes.fromhex(key), signed.encode(), hashlib.sha256)
    item.setdefault("additionalData", {})["hmacSignature"] = base64.b64encode(mac.digest()).decode()
