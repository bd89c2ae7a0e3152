"""Wrong tries in a row: after a few, a pause that grows; counted for all processes.

A pause is for the account and the address together, so nobody locks somebody out who comes from
elsewhere. Many tries at one account from many addresses slow down all addresses but those from
which its owner was logged in lately.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address
from math import ceil

from django.db.models import F
from django.utils.crypto import salted_hmac

from rebond.domain.sign_in.models import DeskSession, SignInTries
from rebond.kernel.actions import action
from rebond.kernel.callers import Address
from rebond.kernel.clock import now

FREE_TRIES = 5
TRIES_OF_ADDRESS = 40
TRIES_OF_ACCOUNT = 50
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
REMEMBERED = timedelta(hours=1)
FAMILIAR_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Try:
    """One try: what it is about (``password``, ``code``), at which account, from where."""

    about: str
    account: str
    address: Address | None

    @property
    def pair(self) -> str:
        """The account and the address together."""
        return _key(self.about, "pair", self._account, self._from)

    def free(self) -> dict[str, int]:
        """How many tries are free under each key."""
        found = {self.pair: FREE_TRIES, _key(self.about, "address", self._from): TRIES_OF_ADDRESS}
        if not self._is_familiar():
            found[_key(self.about, "account", self._account)] = TRIES_OF_ACCOUNT
        return found

    @property
    def _account(self) -> str:
        return self.account.strip().lower()[:254]

    @property
    def _from(self) -> str:
        """The address; of the sixth version the network that one customer gets."""
        if isinstance(self.address, IPv6Address):
            return str(int(self.address) >> 64)
        return str(self.address)

    def _is_familiar(self) -> bool:
        if self.address is None:
            return False
        return DeskSession.objects.filter(
            user__email=self._account,
            address=str(self.address),
            last_used_at__gte=now() - FAMILIAR_FOR,
        ).exists()


@action
def begin_try(this: Try) -> int:
    """Count a try before it is read; the seconds until it may be made, 0 when it may be now.

    Counted first, so that a hundred tries at the same moment are not all free.
    """
    moment, free = now(), this.free()
    for key in sorted(free):
        SignInTries.objects.get_or_create(key=key, defaults={"last_at": moment})
    rows = SignInTries.objects.select_for_update(no_key=True).filter(key__in=free).order_by("key")
    held = list(rows)
    left = max(_left(row, free[row.key], moment) for row in held)
    if left:
        return left
    for row in held:
        is_old = row.last_at < moment - REMEMBERED
        row.tried, row.last_at = (1 if is_old else row.tried + 1), moment
        row.save(update_fields=["tried", "last_at"])
    return 0


@action
def forget_tries(this: Try) -> None:
    """Begin anew after a try that was right."""
    SignInTries.objects.filter(key=this.pair).delete()
    others = SignInTries.objects.filter(key__in=this.free(), tried__gt=0)
    others.update(tried=F("tried") - 1)


def _left(row: SignInTries, free: int, moment: datetime) -> int:
    if row.tried < free or row.last_at < moment - REMEMBERED:
        return 0
    pause = min(FIRST_PAUSE * 2 ** min(row.tried - free, 10), LONGEST_PAUSE)
    left: int = ceil((row.last_at + pause - moment).total_seconds())
    return max(0, left)


def _key(*parts: str) -> str:
    return salted_hmac("sign-in-tries", "\0".join(parts), algorithm="sha256").hexdigest()
