"""Encrypts what must be read again, with a key that follows from the installation's secret."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def sealed(text: str) -> str:
    """``text``, encrypted."""
    return _box().encrypt(text.encode()).decode()


def opened(token: str) -> str | None:
    """What was sealed; None where it was under another installation's secret."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    digest = hashlib.sha256(b"rebond second factor\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
