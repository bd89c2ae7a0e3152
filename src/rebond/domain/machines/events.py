"""What keys say has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class ApiKeyMade(Event):
    """A machine may act for the shop."""

    name = "api_key.made"
    about = "key_id"

    key_id: str
    title: str
    scopes: str


@dataclass(frozen=True)
class ApiKeyRevoked(Event):
    """A machine may not act for the shop any more."""

    name = "api_key.revoked"
    about = "key_id"

    key_id: str
