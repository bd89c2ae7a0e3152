"""How often somebody may guess: per order, per e-mail or postcode, per client address."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest

from rebond.domain.proofs.actions import count_failure
from rebond.domain.proofs.queries import failures_of
from rebond.domain.shops.models import Shop
from rebond.kernel.callers import caller_of
from rebond.kernel.clock import now


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` that fail within ``seconds``.

    The shop hears of the last one when that ``is_guessing``.
    """

    tries: int
    seconds: int
    is_guessing: bool = True


PER_ORDER = Limit(10, 3600)
PER_PROOF = Limit(10, 3600)
PER_ADDRESS = Limit(30, 900)
STATEMENTS = Limit(20, 3600)
CODES = Limit(30, 900)
ENQUIRIES = Limit(10, 3600, is_guessing=False)


@dataclass(frozen=True)
class Guess:
    """One try to open something, as the keys under which its failures are counted.

    The counts stand in the database, so that every process of the installation sees them.
    """

    shop: Shop
    keys: tuple[tuple[str, Limit], ...]

    @property
    def wait_seconds(self) -> int:
        """How long to wait before the next try; 0 when it may be made now."""
        failed = failures_of(self.shop, [key for key, _ in self.keys], moment=now())
        full = [limit.seconds for key, limit in self.keys if failed.get(key, 0) >= limit.tries]
        return max(full, default=0)

    def failed(self) -> None:
        """Count this try. The time begins to run with the first failure."""
        lasting = [
            (key, timedelta(seconds=limit.seconds), limit.tries if limit.is_guessing else 0)
            for key, limit in self.keys
        ]
        count_failure(self.shop, lasting, moment=now())


def guess_of(request: HttpRequest, shop: Shop, *, order: str, proof: str) -> Guess:
    """The try to open ``order`` with ``proof``; nothing typed is kept, only digests."""
    return Guess(
        shop,
        (
            (_key("order", order), PER_ORDER),
            (_key("proof", proof), PER_PROOF),
            (_key("address", client_network(request)), PER_ADDRESS),
        ),
    )


def code_guess_of(request: HttpRequest, shop: Shop) -> Guess:
    """A request for a one-time code, or a code that was typed: counted for the client."""
    return Guess(shop, ((_key("code", client_network(request)), CODES),))


def enquiry_guess_of(request: HttpRequest, shop: Shop) -> Guess:
    """A message without a return, counted for the client."""
    return Guess(shop, ((_key("enquiry", client_network(request)), ENQUIRIES),))


def is_flood(request: HttpRequest, shop: Shop) -> bool:
    """Count one more statement of withdrawal from this client; True when there are very many.

    Nothing is refused for it: a statement that was sent is received.
    """
    key = f"portal:{shop.pk}:{_key('withdraw', client_network(request))}"
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


def _key(kind: str, value: str) -> str:
    digest = hashlib.sha256(value.encode()).hexdigest()[:32]
    return f"{kind}:{digest}"
