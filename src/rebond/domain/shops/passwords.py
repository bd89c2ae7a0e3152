"""Links by which somebody of the desk chooses a password: signed, for three days, for once."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator

from rebond.domain.shops.addresses import password_page
from rebond.domain.shops.models import User


def link_for(user: User) -> str:
    """The address of the page where ``user`` chooses a password.

    It stops working when the password changes, at the next log-in, and after
    ``PASSWORD_RESET_TIMEOUT`` seconds.
    """
    return password_page(user.pk.hex, default_token_generator.make_token(user))


def user_behind(person: str, token: str) -> User | None:
    """The user whose link this is, or None where it is none or no longer one."""
    try:
        user = User.objects.filter(pk=UUID(hex=person), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and default_token_generator.check_token(user, token) else None
