"""The verbs of proofs: ask for a code, use it, count a try that failed."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from rebond.domain.proofs.errors import TooManyCodes
from rebond.domain.proofs.events import CodeAsked, GuessingSeen
from rebond.domain.proofs.mailboxes import code_of, mailbox_of
from rebond.domain.proofs.models import MOST_TRIES, OneTimeCode, Tries
from rebond.domain.shoppers.models import Shopper, email_key
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.events import record

LASTS = timedelta(minutes=10)
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 5
"""So many codes go to one mailbox in an hour."""
ALARM = "alarm:guessing"
"""The key under which it stands that the shop was told."""


@action
def ask_code(shop: Shop, email: str, *, language: str, asked_at: datetime) -> OneTimeCode:
    """Make a code for ``email`` and have it mailed, if the shop knows the address.

    Known and unknown addresses take the same steps. Earlier codes for the same mailbox end.
    Raises ``TooManyCodes``.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    mailbox = mailbox_of(shop.pk, email)
    earlier = OneTimeCode.objects.filter(shop=shop, mailbox=mailbox)
    if earlier.filter(asked_at__gt=asked_at - AN_HOUR).count() >= MOST_AN_HOUR:
        raise TooManyCodes(limit=MOST_AN_HOUR)
    earlier.filter(used_at=None, expires_at__gt=asked_at, asked_at__lt=asked_at).update(
        expires_at=asked_at
    )
    code = OneTimeCode.objects.create(
        shop=shop,
        mailbox=mailbox,
        shopper=_known(shop, email),
        language=language,
        asked_at=asked_at,
        expires_at=asked_at + LASTS,
    )
    record(CodeAsked(str(code.pk)), shop_id=shop.pk, actor="visitor")
    return code


@action
def use_code(shop: Shop, code_id: UUID, typed: str, *, moment: datetime) -> bool:
    """Whether ``typed`` is the code ``code_id``, which then is used up.

    Each wrong try counts; the answer is the same for a wrong, an old, a used code and one for an
    unknown address. Nothing is raised, so that the count stays.
    """
    open_codes = OneTimeCode.objects.filter(
        shop=shop, pk=code_id, used_at=None, expires_at__gt=moment
    )
    if not open_codes.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        return False
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    is_right = hmac.compare_digest(code_of(shop.pk, code_id), digits)
    return is_right and bool(open_codes.exclude(shopper=None).update(used_at=moment))


@action
def count_failure(
    shop: Shop, keys: Iterable[tuple[str, timedelta, int]], *, moment: datetime
) -> None:
    """Count one failure under each key; a count lives as long as named, from its first failure.

    The third of a key says with which failure its door closes and the shop is told that somebody
    guesses; 0 for never.
    """
    Tries.objects.filter(shop=shop, ends_at__lte=moment).delete()
    for key, lasts, closes_at in keys:
        row, _ = Tries.objects.get_or_create(
            shop=shop, key=key, defaults={"ends_at": moment + lasts}
        )
        Tries.objects.filter(shop=shop, pk=row.pk).update(failed=F("failed") + 1)
        if closes_at and Tries.objects.filter(shop=shop, pk=row.pk, failed=closes_at).exists():
            _alarm(shop, key.partition(":")[0], moment)


def _alarm(shop: Shop, what: str, moment: datetime) -> None:
    """Tell the shop that somebody guesses, unless it was told within the hour."""
    _, is_first = Tries.objects.get_or_create(
        shop=shop, key=ALARM, defaults={"ends_at": moment + AN_HOUR}
    )
    if is_first:
        record(GuessingSeen(str(shop.pk), what), shop_id=shop.pk, actor="visitor")


def _known(shop: Shop, email: str) -> Shopper | None:
    """The newest shopper with this address, if it is one that they gave themselves."""
    key = email_key(email)
    rows = Shopper.objects.filter(shop=shop, email_key=key).order_by("-created_at", "-id")[:20]
    return next((row for row in rows if key and "email" not in row.derived), None)
