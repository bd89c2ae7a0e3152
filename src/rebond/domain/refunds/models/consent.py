"""That a shopper wanted something else than their money back, in their own word."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.refunds.models.settlement import Settlement
from rebond.domain.shops.models import ShopRow


class Consent(ShopRow):
    """An express yes to store credit, a gift card or a bank transfer instead of the way back.

    ``money_minor`` is the sum that was shown first, ``offered_minor`` what was offered instead,
    bonus inside. ``given_by`` is the shopper, ``channel`` how they said it (``link``, ``phone``,
    ``mail``, ``counter``), ``noted_by`` who wrote it down.
    Source: C. conso. L221-24 al. 3; Dir. 2011/83/EU art. 13(1).
    """

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="consents", db_index=False
    )
    way = models.CharField(max_length=30)
    currency = models.CharField(max_length=3)
    money_minor = models.BigIntegerField()
    offered_minor = models.BigIntegerField()
    channel = models.CharField(max_length=10)
    given_by = models.CharField(max_length=254)
    noted_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(money_minor__gt=0) & Q(offered_minor__gte=0), name="consent_positive"
            ),
        ]
        indexes = [models.Index(fields=["shop", "settlement"], name="consent_by_settlement")]
