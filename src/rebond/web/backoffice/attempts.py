"""Wrong passwords: after a few of them, a pause for this account from this address."""

import hashlib
from math import ceil

from django.core.cache import cache

from rebond.kernel.clock import now

FREE_TRIES = 5
TRIES_OF_ADDRESS = 40
FIRST_PAUSE = 60
LONGEST_PAUSE = 15 * 60
REMEMBERED = 60 * 60


def pause_left(email: str, address: str) -> int:
    """Seconds until the next try is read; 0 when it is read at once.

    The pause is for the account and the address together, so nobody can lock somebody out who
    comes from elsewhere; an address that tries many accounts has to wait as a whole.
    """
    return max(
        _left(_of_account(email, address), FREE_TRIES),
        _left(_of_address(address), TRIES_OF_ADDRESS),
    )


def note_failure(email: str, address: str) -> None:
    """Count one wrong password. The pause doubles with each further one."""
    for key in (_of_account(email, address), _of_address(address)):
        count, _last = cache.get(key, (0, 0.0))
        cache.set(key, (count + 1, now().timestamp()), REMEMBERED)


def forget(email: str, address: str) -> None:
    """Begin anew after the right password."""
    cache.delete(_of_account(email, address))


def _left(key: str, free: int) -> int:
    count, last = cache.get(key, (0, 0.0))
    if count < free:
        return 0
    pause = min(FIRST_PAUSE * 2 ** min(count - free, 10), LONGEST_PAUSE)
    return max(0, ceil(last + pause - now().timestamp()))


def _of_account(email: str, address: str) -> str:
    return _key("account", email.strip().lower(), address)


def _of_address(address: str) -> str:
    return _key("address", address)


def _key(*parts: str) -> str:
    return "log-in:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()
