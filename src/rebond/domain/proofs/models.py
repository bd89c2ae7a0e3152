"""One-time codes, and counters of tries that failed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow

MOST_TRIES = 5
"""So many wrong codes end a code."""


class OneTimeCode(ShopRow):
    """A code for one mailbox; whoever types it proves to read the mail that arrives there.

    ``mailbox`` is a keyed digest of the address (``mailboxes.mailbox_of``). ``shopper`` is who
    gets the letter, None for an address that the shop does not know: such a row is written and
    counted like any other, so that nobody can tell the two apart. The code itself is nowhere
    written down: it follows from the row's id (``mailboxes.code_of``).
    Source: OWASP ASVS 5.0, 6.5.1, 6.5.5 (once, for at most ten minutes).
    """

    mailbox = models.CharField(max_length=64)
    shopper = models.ForeignKey(
        Shopper, models.PROTECT, related_name="+", null=True, db_index=False
    )
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="code_tries_few"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("asked_at")), name="code_expires_later"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "mailbox", "-asked_at"], name="code_by_mailbox"),
        ]


class Tries(ShopRow):
    """How often something failed within a stretch of time that began with the first failure.

    ``key`` is a digest of what was tried; nothing typed is kept.
    """

    key = models.CharField(max_length=80)
    failed = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "key"], name="tries_once_per_key"),
        ]
        indexes = [models.Index(fields=["shop", "ends_at"], name="tries_by_end")]
