"""PayPal: refunds of captures over the Payments API, messages checked by PayPal itself.

Settings: ``PAYPAL_CLIENT_ID``, ``PAYPAL_CLIENT_SECRET``, ``PAYPAL_WEBHOOK_ID``; ``PAYPAL_URL``
(``https://api-m.sandbox.paypal.com`` for the sandbox), ``PAYPAL_TIMEOUT``. A payment's reference
is the id of its capture.

PayPal lists refunds in two places. A payment's stand in its order, reached over the capture. A
period's stand in the transaction search, up to three hours late and only if the app may use it.

A message is signed with a certificate. Whether it is true is asked of PayPal
(``verify-webhook-signature``) and not computed here: that needs no library for certificates, and
PayPal knows which of its certificates still count. The body goes there byte for byte; a message
whose certificate would not come from PayPal is refused without asking, and one that cannot be
checked now shall come again (PayPal repeats for three days).

Written on 2026-11-21 from https://github.com/paypal/paypal-rest-api-specifications
(payments_payment_v2, checkout_orders_v2, notifications_webhooks_v1, customer_disputes_v1,
reporting_transactions_v1), https://developer.paypal.com/api/rest/webhooks/rest/,
…/api/rest/reference/idempotency/ (a ``PayPal-Request-Id`` is kept for 45 days here) and
…/api/rest/reference/currency-codes/ (HUF, JPY and TWD take no decimals). Never tried with an
account at PayPal, nor in its sandbox.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

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
from rebond.kernel.egress import NoAnswer, Reply, request
from rebond.kernel.money import Money
from rebond.kernel.untrusted import json_object, uuid_in, words
from rebond.kernel.wire_money import decimal_text, from_decimal_text

LIVE_URL = "https://api-m.paypal.com"
CERTIFICATE_HOSTS = {
    "api.paypal.com",
    "api.sandbox.paypal.com",
    "api-m.paypal.com",
    "api-m.sandbox.paypal.com",
}
NO_DECIMALS = {"HUF", "JPY", "TWD"}
SEARCHED_AT_ONCE = timedelta(days=31)
PAGE = 500
# "Initiated by the merchant, a refund of a payment."
REFUND_CODE = "T1107"
SEARCH_STATES = {
    "S": Outcome.SUCCEEDED,
    "P": Outcome.PENDING,
    "D": Outcome.REFUSED,
    "V": Outcome.REFUSED,
}
OUTCOMES = {
    "COMPLETED": Outcome.SUCCEEDED,
    "PENDING": Outcome.PENDING,
    "FAILED": Outcome.REFUSED,
    "CANCELLED": Outcome.REFUSED,
}
DECIDED = {
    "RESOLVED_BUYER_FAVOUR": DisputeState.LOST,
    "ACCEPTED": DisputeState.LOST,
    "RESOLVED_SELLER_FAVOUR": DisputeState.WON,
    "CANCELED_BY_BUYER": DisputeState.WON,
    "DENIED": DisputeState.WON,
}
HEADERS = {
    "auth_algo": "paypal-auth-algo",
    "cert_url": "paypal-cert-url",
    "transmission_id": "paypal-transmission-id",
    "transmission_sig": "paypal-transmission-sig",
    "transmission_time": "paypal-transmission-time",
}
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError)

_tokens: dict[tuple[str, str, str], tuple[str, float]] = {}
_tokens_guard = threading.Lock()


@payment_providers.add
class PayPal:
    """Refunds of captured payments."""

    key = "paypal"
    title = "PayPal"
    is_idempotent = True
    is_manual = False
    can_be_asked = True
    lists_after = timedelta(hours=3)
    tried_live = False
    key_lifetime = timedelta(days=30)

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self._account = account

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for the money under the order's key, with our reference as ``custom_id``."""
        missing = self._missing()
        if missing:
            return not_connected(missing)
        currency = order.amount.currency
        value = decimal_text(order.amount, 0 if currency in NO_DECIMALS else 2)
        if value is None:
            return NOT_EXACT
        try:
            reply = self._call(
                "POST",
                f"/v2/payments/captures/{quote(order.payment_reference, safe='')}/refund",
                json={
                    "amount": {"value": value, "currency_code": currency},
                    "custom_id": str(order.refund_id),
                },
                headers={
                    "PayPal-Request-Id": order.idempotency_key,
                    "Prefer": "return=representation",
                },
            )
        except _NotLetIn as refused:
            return refused.answer
        except NoAnswer as problem:
            return Answer(Outcome.NO_ANSWER, detail=str(problem))
        return _read(reply, order)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """The refunds of a capture, as its order lists them."""
        try:
            found = self._call("GET", f"/v2/payments/captures/{quote(payment_reference, safe='')}")
            if found.status == 404:
                return []
            order = _up(_body(found), "/v2/checkout/orders/")
            units = _body(self._call("GET", f"/v2/checkout/orders/{order}"))["purchase_units"]
            refunds = [
                _known(item)
                for unit in units
                for item in (unit.get("payments") or {}).get("refunds") or []
            ]
        except (NoAnswer, _NotLetIn, *UNREADABLE):
            return None
        return [known for known in refunds if known.payment_reference == payment_reference]

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """The refunds that the transaction search knows; the last three hours may be missing."""
        try:
            return [
                known
                for item in self._searched(since, until)
                if (known := _searched_refund(item)) is not None
                and known.made_at is not None
                and since <= known.made_at < until
            ]
        except (NoAnswer, _NotLetIn, *UNREADABLE):
            return None

    def page_of(self, payment_reference: str) -> str:
        """The payment in the merchant's activity at PayPal."""
        host = "www.sandbox.paypal.com" if "sandbox" in self._address() else "www.paypal.com"
        return f"https://{host}/activity/payment/{quote(payment_reference, safe='')}"

    def read_hook(self, hook: HookRequest) -> list[Hook]:
        """The event in a call that PayPal says is its own."""
        (webhook_id,) = secrets_in(self._account, "PAYPAL_WEBHOOK_ID")[:1]
        if self._missing():
            raise HookRefused(why="no secret is set")
        try:
            event = json_object(hook.body)
        except ValueError as problem:
            raise HookRefused(why="unreadable") from problem
        self._check(hook, webhook_id)
        try:
            return list(_messages(event))
        except UNREADABLE as problem:
            raise HookRefused(why="unreadable") from problem

    def _check(self, hook: HookRequest, webhook_id: str) -> None:
        said = {name: hook.headers.get(header, "") for name, header in HEADERS.items()}
        if not all(said.values()) or max(map(len, said.values())) > 1000:
            raise HookRefused(why="not signed")
        page = urlsplit(said["cert_url"])
        if page.scheme != "https" or page.netloc not in CERTIFICATE_HOSTS:
            raise HookRefused(why="a certificate from elsewhere")
        # The message as it came, not read and written anew: its sum is part of what is signed.
        opening = json.dumps({**said, "webhook_id": webhook_id})[:-1]
        question = opening.encode() + b', "webhook_event": ' + hook.body + b"}"
        try:
            reply = self._call(
                "POST", "/v1/notifications/verify-webhook-signature", content=question
            )
            verdict = _body(reply)["verification_status"]
        except (NoAnswer, _NotLetIn, *UNREADABLE) as problem:
            raise HookRefused(why="cannot be checked now") from problem
        if verdict != "SUCCESS":
            raise HookRefused(why="wrong signature")

    def _searched(self, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
        start = since
        while start < until:
            end = min(start + SEARCHED_AT_ONCE, until)
            page, pages = 1, 1
            while page <= pages:
                query = {
                    "start_date": _stamp(start),
                    "end_date": _stamp(end),
                    "transaction_type": REFUND_CODE,
                    "fields": "transaction_info",
                    "page_size": PAGE,
                    "page": page,
                }
                body = _body(self._call("GET", f"/v1/reporting/transactions?{urlencode(query)}"))
                yield from (item["transaction_info"] for item in body["transaction_details"])
                page, pages = page + 1, int(body["total_pages"])
            start = end

    def _address(self) -> str:
        return self._account.setting("PAYPAL_URL", LIVE_URL).rstrip("/")

    def _missing(self) -> str:
        settings = ("PAYPAL_CLIENT_ID", "PAYPAL_CLIENT_SECRET")
        return next((name for name in settings if not self._account.setting(name)), "")

    def _call(
        self,
        method: str,
        page: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """One call with a token; with a new one, once more, where PayPal let the old one not in."""
        for is_last in (False, True):
            reply = request(
                method,
                f"{self._address()}{page}",
                json=json,
                content=content,
                headers={
                    "Content-Type": "application/json",
                    **(headers or {}),
                    "Authorization": f"Bearer {self._token(fresh=is_last)}",
                },
                seconds=patience(self._account, "PAYPAL_TIMEOUT"),
            )
            if reply.status != 401:
                break
        return reply

    def _token(self, *, fresh: bool) -> str:
        """A token of this shop's app, kept until a minute before it ends."""
        name = self._account.setting("PAYPAL_CLIENT_ID")
        secret = self._account.setting("PAYPAL_CLIENT_SECRET")
        if not name or not secret:
            raise _NotLetIn(not_connected(self._missing()))
        whose = (self._address(), name, secret)
        with _tokens_guard:
            token, ends = _tokens.get(whose, ("", 0.0))
        if token and ends > time.monotonic() and not fresh:
            return token
        reply = request(
            "POST",
            f"{self._address()}/v1/oauth2/token",
            form={"grant_type": "client_credentials"},
            auth=(name, secret),
            seconds=patience(self._account, "PAYPAL_TIMEOUT"),
        )
        if reply.status != 200:
            raise _NotLetIn(_no_token(reply))
        try:
            body = json_object(reply.body)
            token, lasts = str(body["access_token"]), float(body["expires_in"])
        except UNREADABLE as problem:
            raise NoAnswer("no token") from problem
        with _tokens_guard:
            _tokens[whose] = token, time.monotonic() + lasts - 60
        return token


class _NotLetIn(Exception):
    """There is no token, so nothing was asked; ``answer`` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.code)
        self.answer = answer


def _no_token(reply: Reply) -> Answer:
    """Nothing was sent: wrong credentials are for a person, all else for another time."""
    try:
        code = words(json_object(reply.body).get("error"), 60)
    except ValueError:
        code = ""
    said = failure(reply.status, code=code)
    if said is None or said.outcome is Outcome.BROKEN_ANSWER:
        return Answer(Outcome.NO_ANSWER, code=code or str(reply.status))
    is_ours = said.outcome is Outcome.REFUSED
    return replace(said, outcome=Outcome.WAITS_FOR_PERSON) if is_ours else said


def _read(reply: Reply, order: RefundOrder) -> Answer:
    try:
        body = json_object(reply.body)
    except ValueError:
        body = {}
    said = failure(reply.status, code=_issue(body), detail=words(body.get("message"), 200))
    if said is not None:
        return said
    try:
        return as_ordered(_known(body), order)
    except UNREADABLE as problem:
        return Answer(Outcome.BROKEN_ANSWER, code="unreadable", detail=type(problem).__name__)


def _issue(body: dict[str, Any]) -> str:
    """PayPal's word for what is wrong: of the first detail, or of the whole."""
    details = body.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    issue = first.get("issue") if isinstance(first, dict) else ""
    return words(issue, 60) or words(body.get("name"), 60)


def _body(reply: Reply) -> dict[str, Any]:
    if reply.status != 200:
        raise ValueError(f"status {reply.status}")
    return json_object(reply.body)


def _known(item: dict[str, Any]) -> KnownRefund:
    """A refund as PayPal shows it. Raises ``KeyError`` or ``ValueError`` for anything else."""
    outcome = OUTCOMES[item["status"]]
    reference = words(item["id"], 120)
    if not reference:
        raise ValueError("a refund without a name")
    reason = (item.get("status_details") or {}).get("reason")
    refused = outcome is Outcome.REFUSED
    return KnownRefund(
        reference=reference,
        refund_id=uuid_in(item.get("custom_id")),
        amount=_money(item["amount"]),
        answer=Answer(
            outcome,
            reference=reference,
            bank_reference=words(item.get("acquirer_reference_number"), 60),
            code=words(reason or item["status"], 60) if refused else "",
            detail="" if refused else words(reason, 200),
        ),
        made_at=_moment(item["create_time"]) if item.get("create_time") else None,
        payment_reference=_up(item, "/v2/payments/captures/"),
    )


def _searched_refund(info: dict[str, Any]) -> KnownRefund | None:
    if info["transaction_event_code"] != REFUND_CODE:
        return None
    outcome = SEARCH_STATES[info["transaction_status"]]
    reference = words(info["transaction_id"], 120)
    amount = _money(info["transaction_amount"])
    return KnownRefund(
        reference=reference,
        refund_id=uuid_in(info.get("custom_field")),
        amount=Money(abs(amount.minor), amount.currency),
        answer=Answer(
            outcome, reference=reference, code="FAILED" if outcome is Outcome.REFUSED else ""
        ),
        made_at=_moment(info["transaction_initiation_date"]),
        payment_reference=words(info.get("paypal_reference_id"), 200),
    )


def _messages(event: dict[str, Any]) -> Iterator[Hook]:
    about, thing = event["event_type"], event["resource"]
    name = words(event["id"], 100)
    if about == "PAYMENT.CAPTURE.REFUNDED" or about.startswith("PAYMENT.REFUND."):
        hint = Hook(
            name,
            None,
            words(thing["id"], 120),
            None,
            None,
            _up(thing, "/v2/payments/captures/"),
        )
        if thing["status"] in OUTCOMES:
            known = _known(thing)
            hint = replace(
                hint, refund_id=known.refund_id, amount=known.amount, answer=known.answer
            )
        yield hint
    elif about == "PAYMENT.CAPTURE.REVERSED":
        # The money was taken back from the shop; a dispute's own message says why.
        yield Hook(name, None, "", None, None, _up(thing, "/v2/payments/captures/"))
    elif about.startswith("CUSTOMER.DISPUTE."):
        for place, transaction in enumerate(thing["disputed_transactions"]):
            yield _about_dispute(f"{name}:{place}" if place else name, thing, transaction)


def _about_dispute(name: str, thing: dict[str, Any], transaction: dict[str, Any]) -> Hook:
    payment = words(transaction["seller_transaction_id"], 200)
    reference = words(thing["dispute_id"], 120)
    hint = Hook(name, None, reference, None, None, payment)
    state = DisputeState.OPEN
    if thing["status"] == "RESOLVED":
        outcome = (thing.get("dispute_outcome") or {}).get("outcome_code")
        if outcome not in DECIDED:  # with a payout, or without a decision: somebody has to look
            return hint
        state = DECIDED[outcome]
    amount = _money(thing["dispute_amount"])
    return replace(hint, dispute=KnownDispute(reference, payment, amount, state))


def _up(item: dict[str, Any], place: str) -> str:
    """The name at the end of the link to what ``item`` belongs to, which lies at ``place``."""
    for link in item.get("links") or []:
        path = urlsplit(str(link.get("href"))).path
        if link.get("rel") == "up" and path.startswith(place):
            return words(path.removeprefix(place).strip("/"), 200)
    raise ValueError("belongs to nothing")


def _money(amount: dict[str, Any]) -> Money:
    return from_decimal_text(amount["value"], str(amount["currency_code"]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment.astimezone(UTC)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
