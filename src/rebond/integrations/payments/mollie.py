"""Mollie: refunds of payments; every message is only the reason to ask Mollie what is true.

Settings: ``MOLLIE_API_KEY`` (``live_…`` or ``test_…``), ``MOLLIE_HOOK_TOKEN``,
``MOLLIE_HOOK_SECRET``; ``MOLLIE_URL`` and ``MOLLIE_TIMEOUT`` for rehearsals. A payment's reference
is its ``tr_…``.

Mollie's classic webhook is not signed and says nothing but ``id=tr_…``: it is let in only with
the token at the end of its address (``?token=…``), and what became of the payment's refunds and
chargebacks is then asked of Mollie under our key. A next-generation webhook is let in by its
signature (``MOLLIE_HOOK_SECRET``); it too only names the payment to ask about. Without the one
or the other the door is closed. Tokens in addresses stand in the logs of web servers.

Written on 2026-11-21 from https://github.com/mollie/mollie-api-python (refunds, chargebacks,
their sample answers), https://github.com/mollie/mollie-api-php (``SignatureValidator``), the
models of https://github.com/mollie/mollie-api-typescript (statuses, ``externalReference``),
https://docs.mollie.com/reference/create-refund, …/list-all-refunds, …/pagination (a page's
``next`` begins with its ``from``), …/webhooks-best-practices (two signatures while a secret is
replaced), …/error-handling (409: a duplicate call) and …/api-idempotency (how long a key is kept
was not found there in words; an hour is taken). Never tried with an account at Mollie.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

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
    one_is_equal,
    patience,
    secrets_in,
)
from rebond.kernel.egress import NoAnswer, Reply, request
from rebond.kernel.money import Money, exponent_of
from rebond.kernel.untrusted import json_object, uuid_in, words
from rebond.kernel.wire_money import decimal_text, from_decimal_text

API = "https://api.mollie.com"
PAGE = 250
MOST_SIGNATURES = 10
OUTCOMES = {
    "queued": Outcome.PENDING,
    "pending": Outcome.PENDING,
    "processing": Outcome.PENDING,
    "refunded": Outcome.SUCCEEDED,
    "failed": Outcome.REFUSED,
    "canceled": Outcome.REFUSED,
}
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError)


@payment_providers.add
class Mollie:
    """Refunds of payments."""

    key = "mollie"
    title = "Mollie"
    is_idempotent = True
    is_manual = False
    can_be_asked = True
    lists_after = timedelta(0)
    tried_live = False
    key_lifetime = timedelta(hours=1)

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self._account = account

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for the money under the order's key, with our reference as metadata."""
        if not self._account.setting("MOLLIE_API_KEY"):
            return not_connected("MOLLIE_API_KEY")
        currency = order.amount.currency
        value = decimal_text(order.amount, exponent_of(currency))
        if value is None:
            return NOT_EXACT
        try:
            reply = self._call(
                "POST",
                f"payments/{quote(order.payment_reference, safe='')}/refunds",
                json={
                    "amount": {"currency": currency, "value": value},
                    "metadata": {"refund_id": str(order.refund_id)},
                },
                headers={"Idempotency-Key": order.idempotency_key},
            )
        except NoAnswer as problem:
            return Answer(Outcome.NO_ANSWER, detail=str(problem))
        return _read(reply, order)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """Mollie's list of the payment's refunds, all pages of it."""
        try:
            page = f"payments/{quote(payment_reference, safe='')}/refunds"
            return [_known(item) for item in self._pages(page)]
        except _NoSuchPayment:
            return []
        except (NoAnswer, *UNREADABLE):
            return None

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """Mollie's list of refunds, read from the newest back to ``since``."""
        found = []
        try:
            for item in self._pages("refunds"):
                known = _known(item)
                if known.made_at is None:
                    return None
                if known.made_at < since:
                    break
                if known.made_at < until:
                    found.append(known)
        except (NoAnswer, _NoSuchPayment, *UNREADABLE):
            return None
        return found

    def page_of(self, payment_reference: str) -> str:
        """The payment in Mollie's dashboard."""
        return f"https://www.mollie.com/dashboard/payments/{quote(payment_reference, safe='')}"

    def read_hook(self, hook: HookRequest) -> list[Hook]:
        """What Mollie says now of the payments that a call names."""
        payments = self._named_in(hook)
        try:
            return [message for payment in payments for message in self._now(payment)]
        except (NoAnswer, *UNREADABLE) as problem:
            raise HookRefused(why="cannot be checked now") from problem

    def _named_in(self, hook: HookRequest) -> list[str]:
        given = hook.headers.get("x-mollie-signature", "")
        if given:
            self._check_signature(given, hook.body)
            try:
                return _payments_in(json_object(hook.body))
            except UNREADABLE as problem:
                raise HookRefused(why="unreadable") from problem
        tokens = secrets_in(self._account, "MOLLIE_HOOK_TOKEN")
        if not one_is_equal(tokens, [hook.query.get("token", "")]):
            raise HookRefused(why="wrong token")
        try:
            name = dict(parse_qsl(hook.body.decode("ascii"), max_num_fields=5)).get("id", "")
        except ValueError as problem:
            raise HookRefused(why="unreadable") from problem
        return _if_payment(name)

    def _check_signature(self, given: str, body: bytes) -> None:
        secrets = secrets_in(self._account, "MOLLIE_HOOK_SECRET")
        expected = [hmac.new(s.encode(), body, hashlib.sha256).hexdigest() for s in secrets]
        signatures = [part.strip().removeprefix("sha256=") for part in given.split(",")]
        if not one_is_equal(expected, signatures[:MOST_SIGNATURES]):
            raise HookRefused(why="wrong signature")

    def _now(self, payment: str) -> Iterator[Hook]:
        """Each refund and chargeback of a payment, named after what it says, so told only once."""
        reply = self._call("GET", f"payments/{quote(payment, safe='')}?embed=refunds,chargebacks")
        if reply.status == 404:
            return
        inside = _body(reply).get("_embedded") or {}
        for item in inside.get("refunds") or []:
            known = _known({"paymentId": payment, **item})
            yield Hook(
                f"{known.reference}:{item['status']}"[:120],
                known.refund_id,
                known.reference,
                known.amount,
                known.answer,
                payment,
            )
        for item in inside.get("chargebacks") or []:
            dispute = _dispute(item, payment)
            name = f"{dispute.reference}:{dispute.state}"[:120]
            yield Hook(name, None, dispute.reference, None, None, payment, dispute)

    def _pages(self, page: str) -> Iterator[dict[str, Any]]:
        start: str | None = None
        while True:
            query = urlencode({"limit": PAGE, **({"from": start} if start else {})})
            reply = self._call("GET", f"{page}?{query}")
            if reply.status == 404:
                raise _NoSuchPayment
            body = _body(reply)
            yield from body["_embedded"]["refunds"]
            following = (body.get("_links") or {}).get("next")
            if not following:
                return
            # Only where to go on is taken from the link: our key goes to no address it names.
            start = parse_qs(urlsplit(following["href"]).query)["from"][0]

    def _call(
        self,
        method: str,
        page: str,
        *,
        json: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        key = self._account.setting("MOLLIE_API_KEY")
        if not key:
            raise NoAnswer("not connected")
        return request(
            method,
            f"{self._account.setting('MOLLIE_URL', API).rstrip('/')}/v2/{page}",
            json=json,
            headers={"Authorization": f"Bearer {key}", **(headers or {})},
            seconds=patience(self._account, "MOLLIE_TIMEOUT"),
        )


class _NoSuchPayment(Exception):
    """Mollie could be asked, and does not know it."""


def _read(reply: Reply, order: RefundOrder) -> Answer:
    try:
        body = json_object(reply.body)
    except ValueError:
        body = {}
    # Mollie has no codes, only a title for the status and the field that is wrong.
    said = failure(
        reply.status,
        code=" ".join(filter(None, (words(body.get("title"), 40), words(body.get("field"), 19)))),
        detail=words(body.get("detail"), 200),
    )
    if said is not None:
        return said
    try:
        return as_ordered(_known(body), order)
    except UNREADABLE as problem:
        return Answer(Outcome.BROKEN_ANSWER, code="unreadable", detail=type(problem).__name__)


def _body(reply: Reply) -> dict[str, Any]:
    if reply.status != 200:
        raise ValueError(f"status {reply.status}")
    return json_object(reply.body)


def _known(item: dict[str, Any]) -> KnownRefund:
    """A refund as Mollie shows it. Raises ``KeyError`` or ``ValueError`` for anything else."""
    outcome = OUTCOMES[item["status"]]
    reference = words(item["id"], 100)
    if not reference:
        raise ValueError("a refund without a name")
    metadata = item.get("metadata")
    return KnownRefund(
        reference=reference,
        refund_id=uuid_in(metadata.get("refund_id")) if isinstance(metadata, dict) else None,
        amount=_money(item["amount"]),
        answer=Answer(
            outcome,
            reference=reference,
            bank_reference=words((item.get("externalReference") or {}).get("id"), 60),
            code=item["status"] if outcome is Outcome.REFUSED else "",
            detail="" if outcome is Outcome.REFUSED else item["status"],
        ),
        made_at=_moment(item["createdAt"]) if item.get("createdAt") else None,
        payment_reference=words(item["paymentId"], 200),
    )


def _dispute(item: dict[str, Any], payment: str) -> KnownDispute:
    """A chargeback: the bank has taken the money, unless it gave it back."""
    state = DisputeState.WON if item.get("reversedAt") else DisputeState.LOST
    return KnownDispute(words(item["id"], 100), payment, _money(item["amount"]), state)


def _payments_in(event: dict[str, Any]) -> list[str]:
    """The payment that an event is about, wherever its thing names one; the first five."""
    thing = (event.get("_embedded") or {}).get("entity") or {}
    around = [thing, *(thing.get("context") or {}).values()]
    names = [event.get("entityId"), thing.get("id")]
    names += [part.get("paymentId") for part in around if isinstance(part, dict)]
    return list(dict.fromkeys(name for named in names for name in _if_payment(named)))[:5]


def _if_payment(name: object) -> list[str]:
    if isinstance(name, str) and name.isascii() and len(name) <= 64:
        return [name] if name.startswith("tr_") and name[3:].isalnum() else []
    return []


def _money(amount: dict[str, Any]) -> Money:
    return from_decimal_text(amount["value"], str(amount["currency"]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment.astimezone(UTC)
