"""Tries, second factors, recovery codes, sessions: of a person, whatever the shop."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from rebond.domain.shops.models import User
from rebond.kernel.models import Row, choices_of


class SignInTries(Row):
    """How often something was tried in a row without success. Nothing typed is kept.

    ``key`` is a keyed digest of what was tried and from where (see ``throttle.py``).
    """

    key = models.CharField(max_length=64, unique=True)
    tried = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="sign_in_tries_by_time")]


class FactorKind(StrEnum):
    """What somebody has beside their password."""

    TOTP = "totp"
    PASSKEY = "passkey"


class Factor(Row):
    """A second factor: an app that shows codes, or a passkey.

    ``secret`` is, for an app, the shared secret, encrypted with the installation's key; for a
    passkey its public key and id as the authenticator gave them, in base 64. ``credential`` is the
    id of a passkey, None for an app. ``last_step`` is the step of 30 seconds whose code was used
    last: no code opens twice.
    Source: RFC 6238 section 5.2; OWASP ASVS 5.0, 6.5.1.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="factors", db_index=False)
    kind = models.CharField(max_length=10, choices=choices_of(FactorKind))
    title = models.CharField(max_length=60)
    secret = models.TextField()
    credential = models.CharField(max_length=1400, null=True, unique=True)
    last_step = models.BigIntegerField(default=0)
    sign_count = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="passkey", credential__isnull=False)
                | Q(kind="totp", credential__isnull=True),
                name="factor_passkey_has_id",
            ),
        ]
        indexes = [models.Index(fields=["user", "made_at"], name="factor_by_user")]


class RecoveryCode(Row):
    """A code that opens once in place of a second factor; only its keyed digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes", db_index=False)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once"),
        ]


class DeskSession(Row):
    """A browser in which somebody is logged in.

    ``confirmed_at`` is when they last showed who they are, which matters before money and
    settings. An ended session opens nothing any more.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", db_index=False)
    device = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    with_factor = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_used_at__gte=F("begun_at")), name="session_used_after_begun"
            ),
        ]
        indexes = [models.Index(fields=["user", "-last_used_at"], name="session_by_user")]


class OuterIdentity(Row):
    """Whom an identity of the house's own provider stands for: ``subject`` at ``issuer``.

    Source: OpenID Connect Core 1.0, section 5.7: no other claim identifies anybody for good.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="identities", db_index=False)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    made_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="outer_identity_once"),
        ]
        indexes = [models.Index(fields=["user"], name="outer_identity_by_user")]
