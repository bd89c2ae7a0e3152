"""Stripe, by its official client, whose calls leave through our one way out.

Settings: ``STRIPE_SECRET_KEY`` (a restricted key with write access to refunds is enough) and
``STRIPE_WEBHOOK_SECRET``; ``STRIPE_URL`` and ``STRIPE_TIMEOUT`` for rehearsals. A payment's
reference is its PaymentIntent (``pi_…``), or its charge (``ch_…``, ``py_…``) where there is none.

Written on 2026-11-21 from the source of stripe-python 16.1.0 (refunds, events, webhook
signature, errors; https://github.com/stripe/stripe-python), https://docs.stripe.com/refunds,
https://docs.stripe.com/api/idempotent_requests (a key keeps its first answer, errors of Stripe's
own included, for at least 24 hours) and https://docs.stripe.com/currencies (zero and three
decimals, special cases). Never tried with an account at Stripe.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import stripe

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
    as_ordered,
    failure,
    not_connected,
    patience,
    secrets_in,
)
from rebond.kernel.egress import NoAnswer, request
from rebond.kernel.money import Money, exponent_of
from rebond.kernel.untrusted import json_object, uuid_in, words
from rebond.kernel.wire_money import scaled, unscaled

TOLERANCE_SECONDS = 300
LONGEST_SIGNATURE = 1000
PAGE = 100
# Stripe's decimals where they are not those of ISO 4217. ISK and UGX are written in hundredths
# that are always 00; the ariary has no fifths there.
DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}
# "The last digit must be 0": 5.124 KWD cannot be paid at Stripe.
LAST_DIGIT_ZERO = {"BHD", "JOD", "KWD", "OMR", "TND"}
OUTCOMES = {
    "succeeded": Outcome.SUCCEEDED,
    "pending": Outcome.PENDING,
    "requires_action": Outcome.REQUIRES_ACTION,
    "failed": Outcome.REFUSED,
    "canceled": Outcome.REFUSED,
}
DISPUTES = {
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.OPEN,
    "warning_needs_response": DisputeState.OPEN,
    "warning_under_review": DisputeState.OPEN,
    "won": DisputeState.WON,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
}
ABOUT_REFUNDS = {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"}
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, RecursionError)

stripe.enable_telemetry = False


@payment_providers.add
class Stripe:
    """Refunds of PaymentIntents and charges."""

    key = "stripe"
    title = "Stripe"
    is_idempotent = True
    is_manual = False
    can_be_asked = True
    lists_after = timedelta(0)
    tried_live = False
    key_lifetime = timedelta(hours=24)

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self._account = account

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for the money under the order's key, with our reference as metadata."""
        if not self._secret:
            return not_connected("STRIPE_SECRET_KEY")
        amount = _amount(order.amount)
        if amount is None:
            return NOT_EXACT
        try:
            wish: Any = {
                **_named(order.payment_reference),
                "amount": amount,
                "metadata": {"refund_id": str(order.refund_id)},
            }
            made = self._client().v1.refunds.create(
                wish, {"idempotency_key": order.idempotency_key}
            )
            return as_ordered(_known(made.to_dict()), order)
        except stripe.StripeError as problem:
            return _refusal(problem)
        except UNREADABLE as problem:
            return Answer(Outcome.BROKEN_ANSWER, code="unreadable", detail=type(problem).__name__)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """Stripe's list of the payment's refunds, all pages of it."""
        return self._list(_named(payment_reference))

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """Stripe's list of refunds by the second in which they were made."""
        period = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
        return self._list({"created": period})

    def page_of(self, payment_reference: str) -> str:
        """The payment in Stripe's dashboard."""
        mode = "test/" if "_test_" in self._secret else ""
        return f"https://dashboard.stripe.com/{mode}payments/{quote(payment_reference, safe='')}"

    def read_hook(self, hook: HookRequest) -> list[Hook]:
        """The event in a call with a true ``Stripe-Signature`` of the last five minutes."""
        secrets = secrets_in(self._account, "STRIPE_WEBHOOK_SECRET")
        _check(hook.headers.get("stripe-signature", ""), hook.body, secrets)
        try:
            return list(self._messages(json_object(hook.body)))
        except UNREADABLE as problem:
            raise HookRefused(why="unreadable") from problem

    def _messages(self, event: dict[str, Any]) -> Iterator[Hook]:
        about, thing = event["type"], event["data"]["object"]
        name, reference = words(event["id"], 120), words(thing["id"], 120)
        hint = Hook(name, None, reference, None, None, _payment(thing, thing.get("charge")))
        if about in ABOUT_REFUNDS:
            yield self._about_refund(hint, thing, is_live=bool(event.get("livemode")))
        elif about.startswith("charge.dispute."):
            yield _about_dispute(hint, thing)
        elif about == "charge.refunded":
            yield replace(hint, payment_reference=_payment(thing, reference))

    def _about_refund(self, hint: Hook, thing: dict[str, Any], *, is_live: bool) -> Hook:
        if thing["status"] not in OUTCOMES:
            return hint
        known = _known(thing)
        return replace(
            hint,
            # A rehearsal's event for a shop with a live key is nobody's, and the other way round.
            refund_id=known.refund_id if is_live is ("_live_" in self._secret) else None,
            amount=known.amount,
            answer=known.answer,
        )

    @property
    def _secret(self) -> str:
        return self._account.setting("STRIPE_SECRET_KEY")

    def _client(self) -> stripe.StripeClient:
        address = self._account.setting("STRIPE_URL", "https://api.stripe.com").rstrip("/")
        return stripe.StripeClient(
            self._secret,
            base_addresses={"api": address},
            max_network_retries=0,  # when to ask again is for the refund's own protocol to say
            http_client=_Line(patience(self._account, "STRIPE_TIMEOUT")),
        )

    def _list(self, what: dict[str, Any]) -> list[KnownRefund] | None:
        if not self._secret:
            return None
        try:
            wish: Any = {**what, "limit": PAGE}
            pages = self._client().v1.refunds.list(wish)
            return [_known(item.to_dict()) for item in pages.auto_paging_iter()]
        except stripe.InvalidRequestError as problem:
            return [] if problem.code == "resource_missing" else None
        except (stripe.StripeError, *UNREADABLE):
            return None


class _Line(stripe.HTTPClient):
    """What the official client calls by: once, in a limited time, without redirects."""

    name = "rebond"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """One call; a line that broke is the client's ``APIConnectionError``."""
        try:
            reply = request(
                method.upper(), url, content=post_data, headers=headers, seconds=self._seconds
            )
        except NoAnswer as problem:
            raise stripe.APIConnectionError(str(problem), should_retry=False) from problem
        return reply.body.decode("utf-8", "replace"), reply.status, reply.headers

    def close(self) -> None:
        """Every call closes its own line."""


def _named(payment_reference: str) -> dict[str, str]:
    is_charge = payment_reference.startswith(("ch_", "py_"))
    return {"charge" if is_charge else "payment_intent": payment_reference}


def _amount(amount: Money) -> int | None:
    units = scaled(amount, DIGITS.get(amount.currency, exponent_of(amount.currency)))
    if units is None or (amount.currency in LAST_DIGIT_ZERO and units % 10):
        return None
    return units


def _refusal(problem: stripe.StripeError) -> Answer:
    if isinstance(problem, stripe.APIConnectionError):
        return Answer(Outcome.NO_ANSWER, detail=words(problem.user_message, 200))
    kind = type(problem).__name__
    said = failure(
        problem.http_status or 500,
        code=words(problem.code, 60) or kind,
        detail=words(problem.user_message, 200),
    )
    # A success that the client could not read raises too.
    return said or Answer(Outcome.BROKEN_ANSWER, code="unreadable", detail=kind)


def _known(item: dict[str, Any]) -> KnownRefund:
    """A refund as Stripe shows it. Raises ``KeyError`` or ``ValueError`` for anything else."""
    outcome = OUTCOMES[item["status"]]
    code = item.get("failure_reason") or item["status"] if outcome is Outcome.REFUSED else ""
    reference = words(item["id"], 120)
    if not reference:
        raise ValueError("a refund without a name")
    currency = str(item["currency"]).upper()
    return KnownRefund(
        reference=reference,
        refund_id=uuid_in((item.get("metadata") or {}).get("refund_id")),
        amount=_money(item["amount"], currency),
        answer=Answer(
            outcome,
            reference=reference,
            bank_reference=_bank_reference(item.get("destination_details") or {}),
            code=words(code, 60),
            detail=words(item.get("pending_reason"), 200),
        ),
        made_at=datetime.fromtimestamp(item["created"], UTC) if item.get("created") else None,
        payment_reference=_payment(item, item.get("charge")),
    )


def _money(units: object, currency: str) -> Money:
    if not isinstance(units, int) or isinstance(units, bool):
        raise ValueError("no amount")
    return unscaled(units, currency, DIGITS.get(currency, exponent_of(currency)))


def _bank_reference(details: dict[str, Any]) -> str:
    """What the shopper can tell the bank: for a card, the acquirer's reference number."""
    way = details.get(str(details.get("type"))) or {}
    return words(way.get("reference"), 60) if isinstance(way, dict) else ""


def _payment(item: dict[str, Any], charge: object) -> str:
    return words(item.get("payment_intent") or charge, 200)


def _about_dispute(hint: Hook, item: dict[str, Any]) -> Hook:
    state = DISPUTES.get(item["status"])
    if state is None:
        return hint
    amount = _money(item["amount"], str(item["currency"]).upper())
    return replace(
        hint, dispute=KnownDispute(hint.reference, hint.payment_reference, amount, state)
    )


def _check(header: str, body: bytes, secrets: list[str]) -> None:
    if len(header) > LONGEST_SIGNATURE:
        raise HookRefused(why="too many signatures")
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, ValueError, TypeError):
            continue
        # The client refuses what is old; a time to come is no better.
        stamp, _ = stripe.WebhookSignature._get_timestamp_and_signatures(header, "v1")
        if stamp <= time.time() + TOLERANCE_SECONDS:
            return
    raise HookRefused(why="wrong or stale signature")
