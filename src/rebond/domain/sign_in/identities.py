"""Which person an identity of the provider stands for."""

from __future__ import annotations

from rebond.domain.shops.models import Staff, User
from rebond.domain.sign_in.errors import NobodyHere
from rebond.domain.sign_in.models import OuterIdentity
from rebond.domain.sign_in.oidc import Identity
from rebond.kernel.actions import action
from rebond.kernel.clock import now


@action
def person_of(identity: Identity) -> User:
    """Who it is, noted as seen. The first time the verified e-mail address decides, then never.

    Raises ``NobodyHere`` for who has no place in any shop, or was shut out.
    """
    rows = OuterIdentity.objects.select_for_update().select_related("user")
    known = rows.filter(issuer=identity.issuer, subject=identity.subject).first()
    if known is None:
        known = _first_time(identity)
    if not known.user.is_active or not _has_a_place(known.user):
        raise NobodyHere
    known.last_used_at = now()
    known.save(update_fields=["last_used_at"])
    return known.user


def is_theirs(identity: Identity, user: User) -> bool:
    """Whether ``identity`` was seen before as that of ``user``."""
    return OuterIdentity.objects.filter(
        issuer=identity.issuer, subject=identity.subject, user=user
    ).exists()


def _first_time(identity: Identity) -> OuterIdentity:
    user = User.objects.filter(email=identity.email).first() if identity.email else None
    if user is None:
        raise NobodyHere
    made, _ = OuterIdentity.objects.get_or_create(
        issuer=identity.issuer, subject=identity.subject, defaults={"user": user}
    )
    return made


def _has_a_place(user: User) -> bool:
    return Staff.objects.filter(user=user, is_active=True).exists()
