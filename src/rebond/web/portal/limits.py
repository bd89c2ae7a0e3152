"""How often somebody may guess: per order, per e-mail or postcode, per client address."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from rebond.domain.shops.models import Shop
from rebond.kernel.callers import caller_of


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` that fail within ``seconds``."""

    tries: int
    seconds: int


PER_ORDER = Limit(10, 3600)
PER_PROOF = Limit(10, 3600)
PER_ADDRESS = Limit(30, 900)
STATEMENTS = Limit(20, 3600)


@dataclass(frozen=True)
class Guess:
    """One try to open an order, as the keys under which its failures are counted."""

    keys: tuple[tuple[str, Limit], ...]

    @property
    def wait_seconds(self) -> int:
        """How long to wait before the next try; 0 when it may be made now."""
        full = [limit.seconds for key, limit in self.keys if cache.get(key, 0) >= limit.tries]
        return max(full, default=0)

    def failed(self) -> None:
        """Count this try. The time begins to run with the first failure."""
        for key, limit in self.keys:
            cache.add(key, 0, limit.seconds)
            try:
                cache.incr(key)
            except ValueError:
                cache.set(key, 1, limit.seconds)


def guess_of(request: HttpRequest, shop: Shop, *, order: str, proof: str) -> Guess:
    """The try to open ``order`` with ``proof``; nothing typed is kept, only digests."""
    return Guess(
        (
            (_key(shop, "order", order), PER_ORDER),
            (_key(shop, "proof", proof), PER_PROOF),
            (_key(shop, "address", client_network(request)), PER_ADDRESS),
        )
    )


def is_flood(request: HttpRequest, shop: Shop) -> bool:
    """Count one more statement of withdrawal from this client; True when there are very many.

    Nothing is refused for it: a statement that was sent is received.
    """
    key = _key(shop, "withdraw", client_network(request))
    cache.add(key, 0, STATEMENTS.seconds)
    try:
        return cache.incr(key) > STATEMENTS.tries
    except ValueError:
        return False


def client_network(request: HttpRequest) -> str:
    """The client's address (IPv6: its /64), as ``kernel.callers`` tells it."""
    direct, told = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
    seen = caller_of(direct, told)
    if isinstance(seen, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((seen, 64), strict=False))
    return str(seen)


def _key(shop: Shop, kind: str, value: str) -> str:
    digest = hashlib.sha256(value.encode()).hexdigest()[:32]
    return f"portal:tries:{shop.pk}:{kind}:{digest}"
