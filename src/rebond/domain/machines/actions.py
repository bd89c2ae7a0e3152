"""The verbs of keys and repeated requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network
from uuid import UUID, uuid4

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
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.ids import uuid7
from rebond.kernel.inserting import insert_if_new

BUSY = timedelta(minutes=2)
KEPT = timedelta(days=30)


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


@action
def begin_answer(api_key: ApiKey, *, route: str, key: str, fingerprint: str) -> GivenAnswer:
    """Take a request under its own key, before its work begins.

    Returns the answer that was given, or a row without one that is this caller's to fill. Raises
    ``StillBeingAnswered`` while the first is at work, ``KeyUsedForAnother`` for another body.
    """
    moment = now()
    about = {"shop_id": api_key.shop_id, "api_key": api_key, "route": route, "key": key}
    fresh = GivenAnswer(
        **about,
        fingerprint=fingerprint,
        token=uuid4(),
        busy_until=moment + BUSY,
        made_at=moment,
    )
    if insert_if_new(fresh) is not None:
        return fresh
    known = GivenAnswer.objects.select_for_update(no_key=True).get(**about)
    if known.fingerprint != fingerprint:
        raise KeyUsedForAnother
    if known.status is None:
        if known.busy_until > moment:
            raise StillBeingAnswered
        known.token, known.busy_until = uuid4(), moment + BUSY
        known.save(update_fields=["token", "busy_until"])
    return known


@action
def keep_answer(given: GivenAnswer, *, status: int, body: str, content_type: str) -> None:
    """Keep the answer for everyone who sends the same again; only who took it last may."""
    GivenAnswer.objects.filter(pk=given.pk, token=given.token, status=None).update(
        status=status, body=body, content_type=content_type
    )


@action
def release_request(given: GivenAnswer) -> None:
    """Let a request that failed on our side be tried anew under its key, at once.

    The row stays: its work may have been done before it failed, and goes by the row's name.
    """
    mine = GivenAnswer.objects.filter(pk=given.pk, token=given.token, status=None)
    mine.update(busy_until=now())
