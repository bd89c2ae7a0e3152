"""The verbs of keys and repeated requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

from rebond.domain.machines.errors import (
    KeyUsedForAnother,
    NetworkUnreadable,
    ScopeUnknown,
    StillBeingAnswered,
)
from rebond.domain.machines.events import ApiKeyMade, ApiKeyRevoked
from rebond.domain.machines.keys import new_key
from rebond.domain.machines.models import ApiKey, GivenAnswer
from rebond.domain.machines.scopes import Scope
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action, together
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.ids import uuid7
from rebond.kernel.locks import try_lock
from rebond.kernel.prepared import Prepared
from rebond.kernel.writing import insert_all

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Answered:
    """An answer as it is sent, and sent again byte for byte."""

    status: int
    body: str
    content_type: str


class Refused(Exception):
    """Carries the answer of a request that was refused past what it had begun."""

    def __init__(self, answered: Answered) -> None:
        super().__init__(answered.status)
        self.answered = answered


@action
def make_key(
    shop: Shop,
    *,
    title: str,
    scopes: Sequence[str],
    by: str,
    expires_at: datetime | None = None,
    networks: Sequence[str] = (),
    per_minute: int = 600,
) -> tuple[ApiKey, str]:
    """A key for a machine, and its text, which is shown now and never again.

    Raises ``ScopeUnknown`` and ``NetworkUnreadable``.
    """
    for scope in scopes:
        if scope not in list(Scope):
            raise ScopeUnknown(scope=scope[:40])
    key_id = uuid7()
    fresh = new_key(key_id)
    key = ApiKey.objects.create(
        pk=key_id,
        shop=shop,
        title=title.strip()[:80] or "API",
        secret_hash=fresh.secret_hash,
        scopes=sorted(set(scopes)),
        networks=[_network(text) for text in networks],
        per_minute=max(1, per_minute),
        made_by=by,
        made_at=now(),
        expires_at=expires_at,
    )
    event = ApiKeyMade(str(key.pk), key.title, ",".join(key.scopes))
    record(event, shop_id=shop.pk, actor=by)
    return key, fresh.text


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as problem:
        raise NetworkUnreadable(network=text[:60]) from problem


@action
def revoke_key(shop: Shop, key_id: UUID, *, by: str) -> ApiKey:
    """Shut a machine out, at once; told once."""
    key = ApiKey.objects.get(shop=shop, pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = now()
        key.save(update_fields=["revoked_at"])
        record(ApiKeyRevoked(str(key.pk)), shop_id=shop.pk, actor=by)
    return key


@dataclass(frozen=True)
class Request:
    """A request that may be sent again: where to, under which key of its own, and what it says."""

    api_key: ApiKey
    route: str
    key: str
    fingerprint: str


def answer_once(request: Request, do: Callable[[UUID], Answered]) -> Answered:
    """What ``do`` answers, kept in one transaction with all that it did; or the answer from before.

    ``do`` gets an id that nothing else has. What it did is undone where it refuses, and its refusal
    is kept; after an error of ours nothing is kept, and the request may be tried anew under its
    key. Raises ``StillBeingAnswered`` while the first is at work (SQLite waits for it instead) and
    ``KeyUsedForAnother`` for another request.
    """
    try:
        return _answer(request, do)
    except Refused as refusal:
        return _keep_refusal(request, refusal.answered)


@action
def _answer(request: Request, do: Callable[[UUID], Answered]) -> Answered:
    known = _known(request)
    if known is not None:
        return known
    row_id = uuid7()
    with together():
        given = do(row_id)
    return _keep(request, row_id, given)


@action
def _keep_refusal(request: Request, given: Answered) -> Answered:
    """The refusal, kept; what another sender of the same was told meanwhile goes before it."""
    known = _known(request)
    return _keep(request, uuid7(), given) if known is None else known


def _known(request: Request) -> Answered | None:
    """The answer from before. Nobody else answers the same before the transaction ends."""
    api_key = request.api_key
    is_mine = try_lock("\0".join(("answer", str(api_key.pk), request.route, request.key)))
    known = _given.first(api_key.shop_id, api_key.pk, request.route, request.key)
    if known is None:
        if not is_mine:
            raise StillBeingAnswered
        return None
    if known.fingerprint != request.fingerprint:
        raise KeyUsedForAnother
    return Answered(known.status, known.body, known.content_type)


def _keep(request: Request, row_id: UUID, given: Answered) -> Answered:
    kept = GivenAnswer(
        pk=row_id,
        shop_id=request.api_key.shop_id,
        api_key=request.api_key,
        route=request.route,
        key=request.key,
        fingerprint=request.fingerprint,
        status=given.status,
        body=given.body,
        content_type=given.content_type,
        made_at=now(),
    )
    insert_all([kept])
    return given


_given = Prepared(
    lambda shop, api_key, route, key: GivenAnswer.objects.filter(
        shop_id=shop, api_key_id=api_key, route=route, key=key
    ),
    UUID,
    UUID,
    str,
    str,
)
