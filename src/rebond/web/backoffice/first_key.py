"""The key of the first start: whoever can read the program's own folder may open the first shop."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from rebond.domain.shops.models import User


def is_first_start() -> bool:
    """Whether nobody has an account yet; False while the tables are not there."""
    try:
        return not User.objects.exists()
    except DatabaseError:
        return False


def first_address() -> str:
    """Where the first shop is opened, with the key that opens it."""
    return f"{settings.BASE_URL}{reverse('backoffice:begin')}?key={_key()}"


def fits(text: str) -> bool:
    """Whether ``text`` is the key."""
    return hmac.compare_digest(text.encode(), _key().encode())


def _key() -> str:
    path = Path(settings.ENVIRONMENT.home) / "first_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    key = secrets.token_urlsafe(18)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
    return key
