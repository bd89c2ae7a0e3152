"""Digests of addresses, and the codes that follow from a row's id."""

import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings

from rebond.domain.shoppers.models import email_key

DIGITS = 8
MASK = "•••• ••••"
"""What stands in a kept letter where the sent one bears the code."""


def mailbox_of(shop_id: UUID, email: str) -> str:
    """The digest under which codes for ``email`` are kept in one shop."""
    return hmac.new(_key("mailbox", shop_id), email_key(email).encode(), sha256).hexdigest()


def code_of(shop_id: UUID, code_id: UUID) -> str:
    """The eight digits of a code: always the same, made again when they are told or compared.

    Whoever holds the installation's secret key can make them; nobody else can.
    """
    drawn = hmac.new(_key("code", shop_id), code_id.bytes, sha256).digest()
    return f"{int.from_bytes(drawn, 'big') % 10**DIGITS:0{DIGITS}d}"


def spaced(code: str) -> str:
    """A code as people read it: two groups of four."""
    return f"{code[:4]} {code[4:]}"


def _key(use: str, shop_id: UUID) -> bytes:
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, f"rebond one-time code {use} {shop_id}".encode(), sha256).digest()
