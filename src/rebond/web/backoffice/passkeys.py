"""Passkeys by Web Authentication: the question to the browser, and its answer read."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rebond.domain.shops.models import User
from rebond.domain.sign_in.actions import credentials_of, use_passkey
from rebond.domain.sign_in.errors import PasskeyNotRead
from rebond.kernel.callers import caller_of

ASKED = "passkey_asked"
OFFERED = "passkey_offered"
LONGEST = 20_000


def can_have(request: HttpRequest) -> bool:
    """Whether browsers do passkeys here: under a name, not under a bare address."""
    return caller_of(_host(request), "") is None


def registration_question(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the browser is asked to make a passkey; the answer is read in this session only."""
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=user.pk.bytes, name=user.email, display_name=user.name),
        [credential for _pk, credential in credentials_of(user)],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    request.session[OFFERED] = state
    return dict(options)


def registered(request: HttpRequest, answer: str) -> AttestedCredentialData:
    """The passkey that was made. Raises ``PasskeyNotRead``."""
    state = request.session.pop(OFFERED, None)
    try:
        made = _server(request).register_complete(state or {}, _read(answer))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PasskeyNotRead from error
    if made.credential_data is None:
        raise PasskeyNotRead
    return made.credential_data


def question(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the browser is asked to use a passkey of ``user``."""
    options, state = _server(request).authenticate_begin(
        [credential for _pk, credential in credentials_of(user)],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    request.session[ASKED] = state
    return dict(options)


def is_answered(request: HttpRequest, user: User, answer: str) -> bool:
    """Whether ``answer`` is that of a passkey of ``user`` to the question asked last."""
    state = request.session.pop(ASKED, None)
    known = credentials_of(user)
    try:
        told = _read(answer)
        used = _server(request).authenticate_complete(
            state or {}, [credential for _pk, credential in known], told
        )
        count = AuthenticationResponse.from_dict(told).response.authenticator_data.counter
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    of_ours = next(pk for pk, one in known if one.credential_id == used.credential_id)
    return use_passkey(of_ours, sign_count=count)


def _server(request: HttpRequest) -> Fido2Server:
    host = _host(request)
    rp = PublicKeyCredentialRpEntity(id=host, name="Rebond")
    own = {f"https://{request.get_host()}"}
    if host == "localhost":
        own.add(f"http://{request.get_host()}")
    return Fido2Server(rp, verify_origin=lambda origin: origin in own)


def _host(request: HttpRequest) -> str:
    return request.get_host().rpartition("]")[2].partition(":")[0]


def _read(answer: str) -> Any:
    if len(answer) > LONGEST:
        raise ValueError("longer than any answer")
    return json.loads(answer)
