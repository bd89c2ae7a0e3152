"""Signing in at the identity provider of the house, by OpenID Connect's code flow with PKCE.

Source: OpenID Connect Core 1.0 (3.1.2, 3.1.3.7) and Discovery 1.0 (4.3), RFC 7636, RFC 9207.
Nobody is let in by a name: a token must be signed by a key of the issuer, for us, now, and in
answer to the question that this browser asked.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from rebond.domain.sign_in.errors import IdentityNotProven
from rebond.kernel.clock import now
from rebond.kernel.egress import NoAnswer, request

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""No shared secret signs for us, and nothing goes unsigned."""
CLOCKS_DIFFER = 60
REMEMBERED_SECONDS = 600
SECONDS_TO_ANSWER = 8.0
FRESH_SECONDS = 300
LONGEST_TOKEN = 20_000


@dataclass(frozen=True)
class Provider:
    """The identity provider that the host named. ``title`` stands on the button."""

    issuer: str
    client_id: str
    client_secret: str
    title: str


@dataclass(frozen=True)
class Question:
    """What this browser was sent away with; kept in its session until it comes back."""

    state: str
    nonce: str
    verifier: str
    is_again: bool

    def __post_init__(self) -> None:
        for text in (self.state, self.nonce, self.verifier):
            if len(text) < 32:
                raise ValueError("too short to be guessed by nobody")


@dataclass(frozen=True)
class Identity:
    """Who the issuer says it is. ``email`` is empty where the issuer has not verified it."""

    issuer: str
    subject: str
    email: str
    has_factor: bool


def provider() -> Provider | None:
    """The provider of this installation; None where the host named none."""
    told: Mapping[str, str] | None = settings.OIDC
    return Provider(**told) if told else None


def new_question(*, is_again: bool) -> Question:
    """Secrets of one way to the provider and back. ``is_again``: they show who they are anew."""
    return Question(
        secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), is_again
    )


def way_there(who: Provider, question: Question, *, back: str) -> str:
    """Where the browser is sent. Raises ``IdentityNotProven`` where the issuer cannot be read."""
    digest = sha256(question.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": who.client_id,
        "redirect_uri": back,
        "scope": "openid email",
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if question.is_again:
        asked |= {"prompt": "login", "max_age": str(FRESH_SECONDS)}
    there = _described(who)["authorization_endpoint"]
    return f"{there}{'&' if urlsplit(there).query else '?'}{urlencode(asked)}"


def identity_of(
    who: Provider, question: Question, answer: Mapping[str, str], *, back: str
) -> Identity:
    """Who came back with ``answer``, the query of the address. Raises ``IdentityNotProven``."""
    if not secrets.compare_digest(answer.get("state", "").encode(), question.state.encode()):
        raise IdentityNotProven(why="state")
    if answer.get("iss", who.issuer) != who.issuer:
        raise IdentityNotProven(why="issuer")
    if answer.get("error") or not answer.get("code"):
        raise IdentityNotProven(why="denied")
    claims = _claims_in(who, _token_for(who, question, answer["code"], back), question)
    email = claims.get("email") if claims.get("email_verified") is True else ""
    factors = claims.get("amr")
    return Identity(
        who.issuer,
        str(claims["sub"])[:255],
        str(email or "").strip().lower()[:254],
        isinstance(factors, list) and "mfa" in factors,
    )


def _token_for(who: Provider, question: Question, code: str, back: str) -> str:
    """Change the code for the token, once."""
    form = {
        "grant_type": "authorization_code",
        "code": code[:2000],
        "redirect_uri": back,
        "code_verifier": question.verifier,
        "client_id": who.client_id,
    }
    if who.client_secret:
        form["client_secret"] = who.client_secret
    told = _asked("POST", _described(who)["token_endpoint"], form=form)
    token = told.get("id_token")
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise IdentityNotProven(why="unreadable")
    return token


def _claims_in(who: Provider, token: str, question: Question) -> dict[str, Any]:
    """The claims of a token that is the issuer's, for us, fresh, and the answer to ``question``."""
    read = _verified(who, token)
    moment = int(now().timestamp())
    registry = jwt.JWTClaimsRegistry(
        now=moment,
        leeway=CLOCKS_DIFFER,
        iss={"essential": True, "value": who.issuer},
        aud={"essential": True, "value": who.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": question.nonce},
    )
    try:
        registry.validate(read)
    except JoseError as problem:
        raise IdentityNotProven(why="token") from problem
    audiences = read["aud"] if isinstance(read["aud"], list) else [read["aud"]]
    if (len(audiences) > 1 or "azp" in read) and read.get("azp") != who.client_id:
        raise IdentityNotProven(why="token")
    if question.is_again:
        shown_at = read.get("auth_time")
        oldest = moment - FRESH_SECONDS - CLOCKS_DIFFER
        if not isinstance(shown_at, int) or shown_at < oldest:
            raise IdentityNotProven(why="stale")
    return read


def _verified(who: Provider, token: str) -> dict[str, Any]:
    """What the token says, its signature checked; keys that were changed are fetched once more."""
    for is_anew in (False, True):
        try:
            return dict(jwt.decode(token, _keys(who, is_anew=is_anew), list(ALGORITHMS)).claims)
        except InvalidKeyIdError as problem:
            if is_anew:
                raise IdentityNotProven(why="token") from problem
        except (JoseError, ValueError) as problem:
            raise IdentityNotProven(why="token") from problem
    raise AssertionError


def _keys(who: Provider, *, is_anew: bool) -> KeySet:
    told = _remembered(f"oidc:keys:{who.issuer}", _described(who)["jwks_uri"], is_anew=is_anew)
    try:
        return KeySet.import_key_set(told)  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise IdentityNotProven(why="unreadable") from problem


def _described(who: Provider) -> dict[str, str]:
    """The issuer's own description; its addresses are as safe as the issuer's."""
    place = f"{who.issuer.rstrip('/')}/.well-known/openid-configuration"
    told = _remembered(f"oidc:{who.issuer}", place)
    if told.get("issuer") != who.issuer:
        raise IdentityNotProven(why="issuer")
    found = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        address = told.get(name)
        if not isinstance(address, str) or not _is_safe(address, who.issuer):
            raise IdentityNotProven(why="unreadable")
        found[name] = address
    return found


def _is_safe(address: str, issuer: str) -> bool:
    return address.startswith(("https://", f"{urlsplit(issuer).scheme}://"))


def _remembered(key: str, address: str, *, is_anew: bool = False) -> dict[str, Any]:
    known: dict[str, Any] | None = None if is_anew else cache.get(key)
    if known is None:
        known = _asked("GET", address)
        cache.set(key, known, REMEMBERED_SECONDS)
    return known


def _asked(method: str, address: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object that the provider answers with."""
    try:
        reply = request(
            method,
            address,
            form=form,
            headers={"Accept": "application/json"},
            seconds=SECONDS_TO_ANSWER,
        )
    except NoAnswer as problem:
        raise IdentityNotProven(why="unreachable") from problem
    if reply.status >= 500:
        raise IdentityNotProven(why="unreachable")
    try:
        told = json.loads(reply.body)
    except ValueError as problem:
        raise IdentityNotProven(why="unreadable") from problem
    if reply.status != 200 or not isinstance(told, dict):
        raise IdentityNotProven(why="denied" if reply.status in {400, 401, 403} else "unreadable")
    return told
