"""The codes of gift cards: drawn, checked, written down only as a keyed hash.

A code has 23 signs of 31 (113 bits) and a check sign, in six groups of four. The alphabet has
no sign that looks like another. The weighted sum over the prime 31 finds every single wrong
sign and every two that changed places.
Source: docs/decisions/0011-one-ledger.md.
"""

import hmac
import secrets
from hashlib import sha256, sha512
from uuid import UUID

from django.conf import settings

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BASE = len(ALPHABET)
SIGNS = 23
GROUP = 4


def new_code() -> str:
    """A code that nobody can guess."""
    return _write(secrets.randbelow(BASE**SIGNS))


def code_of_refund(shop_id: UUID, refund_id: UUID, *, secret: str = "") -> str:
    """The code of the card that a refund issued: always the same, made again when it is told.

    Whoever holds the installation's secret key can make it; nobody else can. ``secret`` is a
    key that was in use before.
    """
    key = _key("refund", secret or settings.SECRET_KEY, shop_id)
    drawn = hmac.new(key, refund_id.bytes, sha512)
    return _write(int.from_bytes(drawn.digest(), "big") % BASE**SIGNS)


def code_told_again(shop_id: UUID, refund_id: UUID, code_hash: str) -> str:
    """The code of a refund's card whose stored hash is ``code_hash``, under whatever key it was.

    Raises ``LookupError`` when the key that made it is known no longer.
    """
    for secret in _secrets():
        code = code_of_refund(shop_id, refund_id, secret=secret)
        if _hash(shop_id, code, secret) == code_hash:
            return code
    raise LookupError("the secret key that made this code is not among the keys")


def tidy(typed: str) -> str:
    """What somebody typed, as a code: capitals, no blanks or dashes; "" when it cannot be one."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(plain) != SIGNS + 1 or any(sign not in ALPHABET for sign in plain):
        return ""
    return plain if _check_sign(plain[:-1]) == plain[-1] else ""


def hash_of(shop_id: UUID, code: str) -> str:
    """What is stored of a tidy ``code``: HMAC-SHA-256 under a key of the shop."""
    return _hash(shop_id, code, settings.SECRET_KEY)


def hashes_of(shop_id: UUID, code: str) -> list[str]:
    """The same under the present key and those that were in use before."""
    return [_hash(shop_id, code, secret) for secret in _secrets()]


def masked(last_four: str) -> str:
    """A code as it may be shown and kept: its last four signs."""
    return "-".join(["••••"] * (SIGNS // GROUP) + [last_four])


def grouped(code: str) -> str:
    """A tidy code as people read it: ``ABCD-EFGH-…``."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _secrets() -> list[str]:
    return [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _write(number: int) -> str:
    signs = []
    for _ in range(SIGNS):
        number, digit = divmod(number, BASE)
        signs.append(ALPHABET[digit])
    code = "".join(signs)
    return code + _check_sign(code)


def _check_sign(code: str) -> str:
    """The sign that makes the sum of place × value a multiple of 31; the last place is 24."""
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(code, 1))
    last = pow(SIGNS + 1, -1, BASE)
    return ALPHABET[-total * last % BASE]


def _hash(shop_id: UUID, code: str, secret: str) -> str:
    return hmac.new(_key("code", secret, shop_id), code.encode(), sha256).hexdigest()


def _key(use: str, secret: str, shop_id: UUID) -> bytes:
    return hmac.new(secret.encode(), f"rebond gift card {use} {shop_id}".encode(), sha256).digest()
