"""Who is behind a key."""

from datetime import timedelta
from uuid import UUID

from rebond.domain.machines.errors import KeyRefused
from rebond.domain.machines.keys import fits, parts_of
from rebond.domain.machines.models import ApiKey
from rebond.kernel.callers import Address, is_within
from rebond.kernel.clock import now
from rebond.kernel.prepared import Prepared

NOTE_USE_EVERY = timedelta(minutes=5)

_by_id = Prepared(lambda key_id: ApiKey.objects.select_related("shop").filter(pk=key_id), UUID)


def key_behind(text: str, caller: Address | None = None) -> ApiKey:
    """The key that ``text`` is, with its shop.

    Raises ``KeyRefused`` for any that is not good, also when ``caller`` is at no address of its
    list.
    """
    parts = parts_of(text)
    found = None
    if parts is not None:
        found = _by_id.first(parts[0])
    good = found is not None and parts is not None and fits(parts[1], found.secret_hash)
    moment = now()
    if not good or found is None or not found.is_good:
        raise KeyRefused
    if found.networks and not is_within(caller, found.networks):
        raise KeyRefused
    if found.last_used_at is None or moment - found.last_used_at > NOTE_USE_EVERY:
        ApiKey.objects.filter(pk=found.pk).update(last_used_at=moment)
    return found
