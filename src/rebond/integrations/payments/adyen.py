"""Adyen: refunds over the Checkout API, outcomes by standard webhooks.

Settings: ``ADYEN_API_KEY``, ``ADYEN_MERCHANT_ACCOUNT``, ``ADYEN_HMAC_KEY`` (hexadecimal, several
separated by commas while one replaces another), ``ADYEN_URL`` (live:
``https://PREFIX-checkout-live.adyenpayments.com/checkout/v71``; without it the test system),
``ADYEN_TIMEOUT``; ``ADYEN_HOOK_USER`` and ``ADYEN_HOOK_PASSWORD`` if the webhook is set up with
basic authentication. A payment's reference is the ``pspReference`` of its authorisation.

Adyen answers a refund with "received" and tells what became of it by webhook only: it has no
list of refunds to ask, so ``refunds_of`` and ``refunds_between`` say that they cannot know. What
webhooks miss stands in Adyen's settlement reports, which are not read here.

Written on 2026-11-21 from https://github.com/Adyen/adyen-python-api-library (``util.py``,
``services/checkout/modifications_api.py``), the Checkout v71 and webhook definitions in
https://github.com/Adyen/adyen-openapi, https://docs.adyen.com/online-payments/refund,
https://docs.adyen.com/development-resources/api-idempotency (keys of at most 64 characters, kept
for at least 7 days; ``transient-error``; error 704), …/webhooks/secure-webhooks/
verify-hmac-signatures, …/webhooks/handle-webhook-events (any 2xx accepts) and
…/currency-codes (CLP, CVE, IDR and ISK differ from ISO 4217). Never tried with an account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

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
from rebond.integrations.payment_answers import (
    NOT_EXACT,
    failure,
    not_connected,
    one_is_equal,
    patience,
    secrets_in,
)
from rebond.kernel.egress import NoAnswer, Reply, request
from rebond.kernel.money import Money, exponent_of
from rebond.kernel.untrusted import json_object, uuid_in, words
from rebond.kernel.wire_money import scaled, unscaled

TEST_URL = "https://checkout-test.adyen.com/v71"
# Adyen's decimals where they are not those of ISO 4217.
DIGITS = {"CLP": 2, "CVE": 0, "IDR": 0, "ISK": 2}
IN_PROGRESS = "704"
MOST_ITEMS = 50
# What is signed, in this order; nothing else in an item may decide anything.
SIGNED = (
    "pspReference",
    "originalReference",
    "merchantAccountCode",
    "merchantReference",
    "value",
    "currency",
    "eventCode",
    "success",
)
PAID_OR_NOT = {"REFUND", "REFUND_WITH_DATA"}
FAILED_LATER = {"REFUND_FAILED", "REFUNDED_REVERSED"}
DISPUTES = {
    "REQUEST_FOR_INFORMATION": DisputeState.OPEN,
    "NOTIFICATION_OF_CHARGEBACK": DisputeState.OPEN,
    "PREARBITRATION_OPEN": DisputeState.OPEN,
    # The bank has taken the money: it can come back, and then Adyen says so.
    "CHARGEBACK": DisputeState.LOST,
    "SECOND_CHARGEBACK": DisputeState.LOST,
    "PREARBITRATION_LOST": DisputeState.LOST,
    "CHARGEBACK_REVERSED": DisputeState.WON,
    "PREARBITRATION_WON": DisputeState.WON,
    "ISSUER_RESPONSE_TIMEFRAME_EXPIRED": DisputeState.WON,
}
# After the shop had won: another round, which is a complaint of its own.
SECOND_ROUND = {
    "PREARBITRATION_OPEN",
    "PREARBITRATION_WON",
    "PREARBITRATION_LOST",
    "SECOND_CHARGEBACK",
}
# Something moved about this payment, and the code alone does not say what.
HINTS = {"CANCEL_OR_REFUND", "DISPUTE_DEFENSE_PERIOD_ENDED", "INFORMATION_SUPPLIED"}
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError)


@payment_providers.add
class Adyen:
    """Refunds of captured payments."""

    key = "adyen"
    title = "Adyen"
    is_idempotent = True
    is_manual = False
    can_be_asked = False
    lists_after = timedelta(0)
    tried_live = False
    key_lifetime = timedelta(days=7)

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self._account = account

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for the money with our reference as Adyen's ``reference``; "received" is pending."""
        for setting in ("ADYEN_API_KEY", "ADYEN_MERCHANT_ACCOUNT"):
            if not self._account.setting(setting):
                return not_connected(setting)
        value = scaled(order.amount, _digits(order.amount.currency))
        if value is None:
            return NOT_EXACT
        address = self._account.setting("ADYEN_URL", TEST_URL).rstrip("/")
        try:
            reply = request(
                "POST",
                f"{address}/payments/{quote(order.payment_reference, safe='')}/refunds",
                json={
                    "merchantAccount": self._account.setting("ADYEN_MERCHANT_ACCOUNT"),
                    "amount": {"value": value, "currency": order.amount.currency},
                    "reference": str(order.refund_id),
                },
                headers={
                    "x-API-key": self._account.setting("ADYEN_API_KEY"),
                    "idempotency-key": order.idempotency_key,
                },
                seconds=patience(self._account, "ADYEN_TIMEOUT"),
            )
        except NoAnswer as problem:
            return Answer(Outcome.NO_ANSWER, detail=str(problem))
        return _read(reply)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """Adyen has no such list."""
        return None

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """Adyen has no such list; its settlement reports hold what webhooks missed."""
        return None

    def page_of(self, payment_reference: str) -> str:
        """The payment in Adyen's Customer Area."""
        live = "live" in self._account.setting("ADYEN_URL")
        name = quote(payment_reference, safe="")
        return (
            f"https://ca-{'live' if live else 'test'}.adyen.com/ca/ca/accounts/showTx.shtml"
            f"?txType=Payment&pspReference={name}"
        )

    def read_hook(self, hook: HookRequest) -> list[Hook]:
        """The items of a standard webhook, each with a true signature of its own."""
        keys = _binary(secrets_in(self._account, "ADYEN_HMAC_KEY"))
        self._let_in(hook.headers.get("authorization", ""))
        try:
            items = [
                holder["NotificationRequestItem"]
                for holder in json_object(hook.body)["notificationItems"][:MOST_ITEMS]
            ]
            for item in items:
                _check(item, keys)
            read = [self._message(item) for item in items]
        except UNREADABLE as problem:
            raise HookRefused(why="unreadable") from problem
        return [message for message in read if message is not None]

    def _let_in(self, given: str) -> None:
        user = self._account.setting("ADYEN_HOOK_USER")
        password = self._account.setting("ADYEN_HOOK_PASSWORD")
        if user or password:
            pair = base64.b64encode(f"{user}:{password}".encode()).decode()
            if not one_is_equal([f"Basic {pair}"], [given]):
                raise HookRefused(why="wrong name or password")

    def _message(self, item: dict[str, Any]) -> Hook | None:
        code, paid = item["eventCode"], str(item["success"]) == "true"
        reference = words(item["pspReference"], 80)
        payment = words(item.get("originalReference"), 200) or reference
        amount = _amount(item["amount"])
        hint = Hook(f"{code}:{reference}:{paid}"[:120], None, reference, None, None, payment)
        if code in DISPUTES:
            # Adyen names each step of a dispute anew; the payment is what they share.
            case = f"{payment}:2" if code in SECOND_ROUND else payment
            return replace(hint, dispute=KnownDispute(case, payment, amount, DISPUTES[code]))
        if code in PAID_OR_NOT:
            answer = _answer(Outcome.SUCCEEDED if paid else Outcome.REFUSED, item, "refused")
        elif code in FAILED_LATER or (code == "VOID_PENDING_REFUND" and paid):
            answer = _answer(Outcome.REFUSED, item, code.lower())
        elif code == "POSTPONED_REFUND":
            answer = _answer(Outcome.PENDING, item, "")
        else:
            return hint if code in HINTS else None
        ours = item["merchantAccountCode"] == self._account.setting("ADYEN_MERCHANT_ACCOUNT")
        refund_id = uuid_in(item.get("merchantReference")) if ours else None
        return replace(hint, refund_id=refund_id, amount=amount, answer=answer)


def _read(reply: Reply) -> Answer:
    try:
        body = json_object(reply.body)
    except ValueError:
        body = {}
    said = failure(
        reply.status, code=words(body.get("errorCode"), 60), detail=words(body.get("message"), 200)
    )
    if said is not None:
        again = said.code == IN_PROGRESS or reply.headers.get("transient-error") == "true"
        return replace(said, outcome=Outcome.NO_ANSWER) if again else said
    reference = words(body.get("pspReference"), 80)
    if body.get("status") != "received" or not reference:
        return Answer(Outcome.BROKEN_ANSWER, code="unreadable")
    return Answer(Outcome.PENDING, reference=reference)


def _answer(outcome: Outcome, item: dict[str, Any], code: str) -> Answer:
    """``reason`` and the bank's number are not signed: they are shown, and decide nothing."""
    more = item.get("additionalData") or {}
    number = "".join(c for c in words(more.get("acquirerReferenceNumber"), 60) if c.isalnum())
    return Answer(
        outcome,
        reference=words(item["pspReference"], 80),
        bank_reference=number,
        code=code if outcome is Outcome.REFUSED else "",
        detail=words(item.get("reason"), 200),
    )


def _amount(amount: dict[str, Any]) -> Money:
    value, currency = amount["value"], str(amount["currency"])
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("no amount")
    return unscaled(value, currency, _digits(currency))


def _digits(currency: str) -> int:
    return DIGITS.get(currency, exponent_of(currency))


def _binary(keys: list[str]) -> list[bytes]:
    """The keys as bytes. One that is not hexadecimal opens nothing, and closes nothing else."""
    found = []
    for key in keys:
        try:
            found.append(binascii.a2b_hex(key))
        except ValueError:
            continue
    if not all(found) or not found:
        raise HookRefused(why="no secret is set")
    return found


def _check(item: dict[str, Any], keys: list[bytes]) -> None:
    flat = {**item, "value": item["amount"]["value"], "currency": item["amount"]["currency"]}
    values = ["" if flat.get(name) is None else flat[name] for name in SIGNED]
    if not all(isinstance(value, str | int) and not isinstance(value, bool) for value in values):
        raise ValueError("a signed value that is neither text nor number")
    signed = ":".join(str(value) for value in values).encode("utf-8")
    expected = [
        base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys
    ]
    if not one_is_equal(expected, [words(item["additionalData"]["hmacSignature"], 100)]):
        raise HookRefused(why="wrong signature")
