"""Keys of machines, and the answers to their requests."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rebond.domain.shops.models import ShopRow
from rebond.kernel.clock import now


class ApiKey(ShopRow):
    """A key by which a machine acts for a shop. Only the hash of its secret is kept.

    ``expires_at`` None: until it is revoked. ``networks`` are the addresses that may use it
    ("192.0.2.7", "2001:db8::/32"); empty: any. ``per_minute`` is how many requests it may make.
    """

    title = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    networks = models.JSONField(default=list)
    per_minute = models.PositiveIntegerField(default=600)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="api_key_some_request"),
        ]
        indexes = [models.Index(fields=["shop", "made_at"], name="api_key_by_date")]

    @property
    def is_good(self) -> bool:
        """Whether it was not revoked and has not expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now())


class GivenAnswer(ShopRow):
    """The answer to a request that may be sent again under its own key.

    Written in one transaction with what the request did. ``fingerprint`` is the SHA-256 of route
    and body.
    """

    api_key = models.ForeignKey(ApiKey, models.PROTECT, related_name="answers", db_index=False)
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "api_key", "route", "key"], name="given_answer_once"
            ),
            models.CheckConstraint(
                condition=Q(status__gte=200) & Q(status__lt=600), name="given_answer_status"
            ),
        ]
        indexes = [models.Index(fields=["shop", "made_at"], name="given_answer_by_age")]
