"""Adyen's refunds as its documentation describes them.

A refund is "received" whatever becomes of it: too much is told later, by webhook. Amounts in
Adyen's own decimals, errors with ``errorCode``. From Adyen's API library, its definitions and
docs.adyen.com, 2026-11-21.
"""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from rebond.simulator.desk import Counter, Office
from rebond.simulator.engine import Asked, Engine

KEY = "a key of the fake"
MERCHANT = "GalerieECOM"


class AdyenFake(Office):
    """The server. ``too_much`` keeps what was received and cannot be paid."""

    def __init__(self, file: Path) -> None:
        super().__init__(("127.0.0.1", 0), Pages, file=file)
        self.engine = Engine(self.ledger, plainly="pending>succeeded")
        self.too_much: dict[str, dict[str, Any]] = {}


def minor(value: int, currency: str) -> int:
    """ISO minor units of what Adyen writes."""
    if currency in {"CLP", "ISK"}:  # two decimals at Adyen, none in ISO 4217
        assert value % 100 == 0
        return value // 100
    if currency in {"CVE", "IDR"}:  # none at Adyen, two in ISO 4217
        return value * 100
    return value


def value(minor: int, currency: str) -> int:
    """What Adyen writes for ISO minor units."""
    if currency in {"CLP", "ISK"}:
        return minor * 100
    return minor // 100 if currency in {"CVE", "IDR"} else minor


def psp_reference() -> str:
    """Sixteen capitals and digits."""
    return uuid4().hex[:16].upper()


class AdyenWire:
    """How Adyen writes."""

    def __init__(self, office: AdyenFake, asked: dict[str, Any], payment: str) -> None:
        self._office, self._asked, self._payment = office, asked, payment

    def new_id(self) -> str:
        return psp_reference()

    def made(self, row: dict[str, Any]) -> tuple[int, bytes]:
        return self._received(row["id"])

    def refused(self, code: str) -> tuple[int, bytes]:
        if code == "amount_too_large":
            name = psp_reference()
            self._office.too_much[name] = {**self._asked, "payment": self._payment}
            return self._received(name)
        words = {"no_such_payment": "Original pspReference required for this operation"}
        return 422, _error(422, "167", words.get(code, code), "validation")

    def broken(self) -> tuple[int, bytes]:
        return 500, _error(500, "905", "Payment details are not supported", "internal")

    def busy(self) -> tuple[int, bytes]:
        return 429, _error(429, "029_001", "Too many requests", "validation")

    def reused(self) -> tuple[int, bytes]:
        return 422, _error(422, "702", "Idempotency key was used for another request", "validation")

    def _received(self, name: str) -> tuple[int, bytes]:
        answer = {**self._asked, "paymentPspReference": self._payment}
        return 201, json.dumps({**answer, "pspReference": name, "status": "received"}).encode()


def _error(status: int, code: str, message: str, kind: str) -> bytes:
    error = {"status": status, "errorCode": code, "message": message, "errorType": kind}
    return json.dumps(error).encode()


class Pages(Counter):
    """``/checkout/v71/payments/{pspReference}/refunds``."""

    server: AdyenFake

    def post(self, page: list[str], body: bytes) -> None:
        """Receive a refund."""
        asked = json.loads(body)
        key = self.headers.get("idempotency-key", "")
        if self.headers.get("x-API-key") != KEY:
            self.say(401, {"status": 401, "errorCode": "000", "message": "HTTP Status Response"})
            return
        if asked["merchantAccount"] != MERCHANT or len(key) > 64:
            self.say(
                403, {"status": 403, "errorCode": "901", "message": "Invalid Merchant Account"}
            )
            return
        match page:
            case ["checkout", "v71", "payments", payment, "refunds"]:
                currency = asked["amount"]["currency"]
                wish = {
                    "amount": minor(asked["amount"]["value"], currency),
                    "currency": currency,
                    "merchant_reference": asked["reference"],
                }
                fingerprint = hashlib.sha256(body).hexdigest()
                wire = AdyenWire(self.server, asked, payment)
                self.play(self.server.engine.ask(Asked(payment, wish, key, fingerprint), wire))
            case _:
                self.say(404, {"status": 404})

    def get(self, page: list[str], query: dict[str, str]) -> None:
        """There is nothing to ask."""
        self.say(404, {"status": 404})
