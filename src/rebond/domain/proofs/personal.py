"""Codes that were asked for, and tries that failed: digests only, kept for a while."""

from django.db.models import Q

from rebond.domain.proofs.mailboxes import mailbox_of
from rebond.domain.shoppers.holdings import DataKind, Holding, Subject, before


def _of(who: Subject) -> Q:
    return Q(shopper__in=who.shoppers) | Q(mailbox=mailbox_of(who.shop_id, who.mailbox))


HOLDINGS = [
    Holding(
        "proofs.OneTimeCode",
        DataKind.TECHNICAL,
        _of,
        ("mailbox",),
        aged=before("asked_at"),
        told=("asked_at", "used_at"),
        is_removed=True,
    ),
    Holding(
        "proofs.Tries",
        DataKind.TECHNICAL,
        lambda who: Q(pk__in=()),
        ("key",),
        aged=before("made_at"),
        is_removed=True,
    ),
]
