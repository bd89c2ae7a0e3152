"""The verbs about second factors: add, use, remove, reset."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import salted_hmac
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

from rebond.domain.shops.models import Staff, User
from rebond.domain.sign_in.errors import CodeNotRight, PasskeyNotRead, TooManyFactors
from rebond.domain.sign_in.events import SecondFactorChanged
from rebond.domain.sign_in.models import DeskSession, Factor, FactorKind, RecoveryCode
from rebond.domain.sign_in.sealing import opened, sealed
from rebond.domain.sign_in.totp import step_of_code
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record

MOST_FACTORS = 10
RECOVERY_CODES = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@action
def add_totp(user: User, *, secret: str, code: str, title: str, by: str) -> list[str]:
    """Keep an app that shows ``code`` now; recovery codes where there were none, else no codes.

    Raises ``CodeNotRight``, ``TooManyFactors``.
    """
    step = step_of_code(secret, code, now())
    if step is None:
        raise CodeNotRight
    return _add(
        Factor(
            user=_held(user),
            kind=FactorKind.TOTP,
            title=title,
            secret=sealed(secret),
            last_step=step,
        ),
        by=by,
    )


@action
def add_passkey(
    user: User, *, credential: AttestedCredentialData, title: str, by: str
) -> list[str]:
    """Keep a passkey; recovery codes where there were none, else no codes.

    Raises ``PasskeyNotRead`` for one that is known already, ``TooManyFactors``.
    """
    name = websafe_encode(credential.credential_id)
    if Factor.objects.filter(credential=name).exists():
        raise PasskeyNotRead
    return _add(
        Factor(
            user=_held(user),
            kind=FactorKind.PASSKEY,
            title=title,
            secret=b64encode(bytes(credential)).decode(),
            credential=name,
        ),
        by=by,
    )


@action
def remove_factor(user: User, factor_id: UUID, *, by: str) -> None:
    """Take a factor away; recovery codes go with the last one."""
    _held(user)
    if not Factor.objects.filter(user=user, pk=factor_id).delete()[0]:
        return
    if not Factor.objects.filter(user=user).exists():
        RecoveryCode.objects.filter(user=user).delete()
    _say(user, "removed", by=by)


@action
def renew_codes(user: User, *, by: str) -> list[str]:
    """New recovery codes; those of before open nothing any more."""
    _held(user)
    codes = _new_codes(user)
    _say(user, "codes_renewed", by=by)
    return codes


@action
def reset_factors(user: User, *, by: str) -> int:
    """Take all second factors away from somebody who lost them, and end their sessions.

    How many there were.
    """
    _held(user)
    count = Factor.objects.filter(user=user).delete()[0]
    RecoveryCode.objects.filter(user=user).delete()
    DeskSession.objects.filter(user=user, ended_at=None).update(ended_at=now())
    _say(user, "reset", by=by)
    return count


@action
def use_code(user: User, code: str) -> bool:
    """Whether ``code`` is one that an app of ``user`` shows, or a recovery code; used up by this.

    The conditional update decides: of two uses at the same moment one is refused.
    """
    moment = now()
    for factor in Factor.objects.filter(user=user, kind=FactorKind.TOTP).order_by("made_at"):
        secret = opened(factor.secret)
        step = step_of_code(secret, code, moment, after=factor.last_step) if secret else None
        if step is not None:
            unused = Factor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(unused.update(last_step=step, last_used_at=moment))
    spare = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at=None)
    return bool(spare.update(used_at=moment))


@action
def use_passkey(factor_id: UUID, *, sign_count: int) -> bool:
    """Note the use of a passkey. False where its counter went back: it was copied.

    Source: Web Authentication Level 2, section 6.1.1.
    """
    newer = Q(sign_count__lt=sign_count) | Q(sign_count=0) if sign_count else Q(sign_count=0)
    known = Factor.objects.filter(newer, pk=factor_id, kind=FactorKind.PASSKEY)
    return bool(known.update(sign_count=sign_count, last_used_at=now()))


@action
def choose_password(user: User, password: str) -> None:
    """Set the password. Links that were sent before stop working, and all sessions end."""
    user.set_password(password)
    user.save(update_fields=["password"])
    DeskSession.objects.filter(user=user, ended_at=None).update(ended_at=now())


def credentials_of(user: User) -> list[tuple[UUID, AttestedCredentialData]]:
    """The passkeys of ``user``."""
    rows = Factor.objects.filter(user=user, kind=FactorKind.PASSKEY).order_by("made_at")
    return [(row.pk, AttestedCredentialData(b64decode(row.secret))) for row in rows]


def has_factor(user: User) -> bool:
    """Whether somebody has a second factor."""
    return Factor.objects.filter(user=user).exists()


def _add(factor: Factor, *, by: str) -> list[str]:
    count = Factor.objects.filter(user=factor.user).count()
    if count >= MOST_FACTORS:
        raise TooManyFactors(most=MOST_FACTORS)
    factor.save(force_insert=True)
    _say(factor.user, f"{factor.kind}_added", by=by)
    return [] if count else _new_codes(factor.user)


def _held(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["-".join(_letters(5) for _ in range(2)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user, code)) for code in codes
    )
    return codes


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def _digest(user: User, code: str) -> str:
    typed = "".join(letter for letter in code.lower() if letter.isalnum())[:40]
    return salted_hmac("recovery-code", f"{user.pk}:{typed}", algorithm="sha256").hexdigest()


def _say(user: User, change: str, *, by: str) -> None:
    places = Staff.objects.filter(user_id=user.pk, is_active=True).order_by("pk")
    for staff in places:
        event = SecondFactorChanged(str(staff.pk), change)
        record(event, shop_id=staff.shop_id, actor=by)
