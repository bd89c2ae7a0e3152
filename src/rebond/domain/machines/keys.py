"""Makes and reads the text of a key: ``rbk_<id>_<secret>``.  (pure)"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

MARK = "rbk"


@dataclass(frozen=True)
class NewKey:
    """A key as it is shown once, and the hash to keep."""

    text: str
    secret_hash: str


def new_key(key_id: UUID) -> NewKey:
    """A fresh key of 256 random bits; so long that a plain hash is enough to keep it."""
    secret = secrets.token_urlsafe(32)
    return NewKey(f"{MARK}_{key_id.hex}_{secret}", hash_of(secret))


def parts_of(text: str) -> tuple[UUID, str] | None:
    """The id and the secret in ``text``; None for anything that is no key."""
    mark, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    if mark != MARK or not secret or not secret.isascii():
        return None
    try:
        return UUID(key_id), secret
    except ValueError:
        return None


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(secret: str, secret_hash: str) -> bool:
    """Whether ``secret`` is the one that was hashed; takes as long either way."""
    return hmac.compare_digest(hash_of(secret), secret_hash)
