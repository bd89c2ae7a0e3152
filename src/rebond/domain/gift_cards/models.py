"""Gift cards, each with an account of its own in the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.ledger.models import Account
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import ShopRow


class GiftCard(ShopRow):
    """One card. Of its code only a keyed hash is stored, and the last four signs for support.

    ``refund_id`` is the refund that issued it, None for one that was issued by hand. ``shopper``
    is whom it was issued for; the card belongs to whoever has the code.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="cards", db_index=False)
    code_hash = models.CharField(max_length=64)
    last_four = models.CharField(max_length=4)
    shopper = models.ForeignKey(
        Shopper, models.PROTECT, related_name="gift_cards", null=True, db_index=False
    )
    refund_id = models.UUIDField(null=True)
    issued_by = models.CharField(max_length=120)
    issued_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "code_hash"], name="gift_card_code_once"),
            models.UniqueConstraint(fields=["shop", "account"], name="gift_card_account_once"),
            models.UniqueConstraint(
                fields=["shop", "refund_id"],
                condition=Q(refund_id__isnull=False),
                name="gift_card_once_per_refund",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "last_four"], name="gift_card_by_last_four"),
            models.Index(fields=["shop", "shopper"], name="gift_card_by_shopper"),
            models.Index(fields=["shop", "-issued_at", "-id"], name="gift_card_newest"),
        ]
