"""Codes of gift cards that are typed at the desk: so many wrong ones, then a pause."""

from django.core.cache import cache

from rebond.domain.shops.models import Staff

MOST_WRONG = 10
PAUSE = 60 * 60


def may_guess(staff: Staff) -> bool:
    """Whether this person may type another code now."""
    return int(cache.get(_key(staff), 0)) < MOST_WRONG


def note_wrong(staff: Staff) -> None:
    """Count a code that no card has. The time begins to run with the first."""
    cache.add(_key(staff), 0, PAUSE)
    try:
        cache.incr(_key(staff))
    except ValueError:
        cache.set(_key(staff), 1, PAUSE)


def _key(staff: Staff) -> str:
    return f"gift-card-guess:{staff.pk}"
