"""The entries of the audit chain. No personal data: ids of rows, names of events, networks."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

from django.db import models
from django.db.models import Q

from rebond.domain.shops.models import ShopRow

SERIES = "audit"
FIRST = "0" * 64
"""What stands for the hash before the first entry."""


class AuditEntry(ShopRow):
    """One change or one look, numbered without a gap and chained by its hash.

    ``verb`` is the name of the event (``refund.decided``) or of the look (``looked.customer``).
    ``event`` is the row of the event log, whose content ``digest`` holds; None for a look. Rows
    are only ever added.
    """

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    who_kind = models.CharField(max_length=10)
    who = models.CharField(max_length=36, blank=True)
    network = models.CharField(max_length=50, blank=True)
    verb = models.CharField(max_length=60)
    subject = models.UUIDField()
    event = models.UUIDField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "number"], name="audit_number_once"),
            models.UniqueConstraint(
                fields=["shop", "event"], condition=Q(event__isnull=False), name="audit_event_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="audit_number_from_one"),
        ]
        indexes = [
            models.Index(fields=["shop", "at", "id"], name="audit_by_time"),
            models.Index(fields=["shop", "who", "at"], name="audit_by_person"),
            models.Index(fields=["shop", "subject", "at"], name="audit_by_subject"),
        ]

    def sealed_after(self, before: str) -> str:
        """The hash of this entry after the entry with the hash ``before``: SHA-256 of both."""
        told = [
            *(
                str(self.shop_id),
                self.number,
                self.at.astimezone(UTC).isoformat("T", "microseconds"),
            ),
            *(self.who_kind, self.who, self.network, self.verb, str(self.subject)),
            *(str(self.event or ""), self.digest),
        ]
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(f"{before}{text}".encode()).hexdigest()
