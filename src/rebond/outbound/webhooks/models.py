"""Addresses that events are sent to, what is sent, and each try with its answer."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class DeliveryState(StrEnum):
    """Where a delivery stands. Dead: no more tries, until somebody asks for one."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class Endpoint(ShopRow):
    """An address of another system. ``types`` are names of events; empty means all of them.

    Its secret is no column: it follows from the installation's key, the id and ``generation``;
    ``rotated_at`` is when the generation before last signed alone. ``why_off`` says why it is
    not active: ``gone`` (it answered 410) or ``by_hand``. ``is_slow``: its last try had no answer,
    or had to wait for it.
    """

    url = models.CharField(max_length=500)
    types = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    why_off = models.CharField(max_length=10, blank=True)
    is_slow = models.BooleanField(default=False, db_default=False)
    generation = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(is_active=True, why_off="") | Q(is_active=False) & ~Q(why_off=""),
                name="endpoint_off_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["shop", "made_at"], name="endpoint_by_date")]

    def wants(self, name: str) -> bool:
        """Whether events called ``name`` are sent there."""
        return not self.types or name in self.types


class Delivery(ShopRow):
    """One event for one endpoint. Its id is the ``webhook-id`` of every try, ``body`` its bytes.

    ``attempts`` counts tries since it began to wait; ``next_at`` is the next one, or, while one
    is under way, when it is thought lost.
    """

    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, related_name="deliveries", db_index=False
    )
    event_id = models.UUIDField()
    subject = models.UUIDField()
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(
        max_length=10, choices=choices_of(DeliveryState), default=DeliveryState.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    last_status = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "endpoint", "event_id"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "endpoint", "subject", "sequence"],
                condition=Q(state="waiting"),
                name="delivery_in_line",
            ),
            models.Index(
                fields=["shop", "next_at"], condition=Q(state="waiting"), name="delivery_due"
            ),
            models.Index(fields=["shop", "endpoint", "-made_at", "-id"], name="delivery_newest"),
        ]


class Attempt(ShopRow):
    """One try. ``status`` None: no answer, ``error`` says why. ``answer`` is its beginning."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="tries", db_index=False)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=200, blank=True)
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(ShopRow.Meta):
        indexes = [models.Index(fields=["shop", "delivery", "at"], name="attempt_by_delivery")]
