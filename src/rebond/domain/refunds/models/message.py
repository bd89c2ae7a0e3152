"""What providers told us by themselves."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from rebond.domain.shops.models import ShopRow


class Result(StrEnum):
    """What came of a message.

    ``parked``: it names something that we do not know, and the provider is asked again.
    ``stuck``: it is about a payment of ours, and asking again did not explain it. ``not_ours``: no
    payment of ours has its reference. ``put_aside``: somebody looked at it.
    """

    APPLIED = "applied"
    PARKED = "parked"
    STUCK = "stuck"
    NOT_OURS = "not_ours"
    PUT_ASIDE = "put_aside"


class ProviderEvent(ShopRow):
    """A message from a provider, kept before it is answered and applied once.

    ``told`` is what the plug read out of it, so that it can take effect later; ``next_try_at`` is
    when a parked one is asked about again, and None for all others.
    """

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=120)
    body = models.TextField()
    payment_reference = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    told = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=60, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    put_aside_by = models.CharField(max_length=120, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "provider", "event_id"], name="provider_event_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="provider_event_to_try",
                condition=Q(next_try_at__isnull=False),
            ),
            models.Index(
                fields=["shop", "received_at", "id"],
                name="provider_event_without_effect",
                condition=~Q(result="applied"),
            ),
        ]
