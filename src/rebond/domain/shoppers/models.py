"""Shoppers: personal data lives here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

from rebond.domain.shops.models import ShopRow
from rebond.kernel.models import choices_of


class Shopper(ShopRow):
    """A person (or company) who bought in one shop.

    ``key`` is the shop's own name for them, or the order's number for a guest.
    ``email_key`` is the address trimmed and in lower case: what a log-in compares.
    ``tags`` are the shop's own words for groups of customers; policies read them.
    ``tier`` is the group that comes first at the desk, such as ``vip``; policies read it as a tag.
    ``derived`` names the fields that were made up for data that lacked them.
    """

    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, blank=True)
    address = models.JSONField(default=list)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    is_business = models.BooleanField(default=False)
    vat_number = models.CharField(max_length=20, blank=True)
    tags = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    tier = models.CharField(max_length=30, blank=True, db_default="")
    derived = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "key"], name="shopper_key_once"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "email_key"],
                opclasses=["uuid_ops", "varchar_pattern_ops"],
                name="shopper_by_email",
            ),
            models.Index(
                fields=["shop", "name_key"],
                opclasses=["uuid_ops", "varchar_pattern_ops"],
                name="shopper_by_name",
            ),
            models.Index(
                fields=["shop", "tier"], condition=~models.Q(tier=""), name="shopper_by_tier"
            ),
        ]

    @property
    def groups(self) -> tuple[str, ...]:
        """The words that policies know this customer by: tags, and the tier."""
        return groups_of(self.tags, self.tier)


LONGEST_TIER = 30


def tier_word(text: str) -> str:
    """A tier as it is kept: trimmed, lower case."""
    return " ".join(text.split()).lower()


def groups_of(tags: Sequence[str], tier: str) -> tuple[str, ...]:
    """``tags`` and ``tier`` together, each word once."""
    return tuple(dict.fromkeys([*tags, *([tier] if tier else [])]))


class RequestKind(StrEnum):
    """What a person asks for about their data."""

    COPY = "copy"
    ERASE = "erase"


class DataRequestState(StrEnum):
    """How far the shop is with it."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class DataRequest(ShopRow):
    """A person asks for a copy of their data, or to have it erased (GDPR arts 12, 15, 17, 20).

    ``email`` is their mailbox, emptied once the request has ended. ``is_proven`` says that a code
    was typed that only this mailbox got; else staff say how they know the person (``note``).
    ``file`` is the copy that was made. ``kept`` counts rows that the law has the shop keep.
    """

    kind = models.CharField(max_length=8, choices=choices_of(RequestKind))
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10)
    is_proven = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(
        max_length=8, choices=choices_of(DataRequestState), default=DataRequestState.OPEN
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    kept = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=200, blank=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["shop", "kind", "email"],
                condition=models.Q(state="open"),
                name="data_request_once_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_at__isnull=True)
                | ~models.Q(state="open") & models.Q(ended_at__isnull=False),
                name="data_request_ended",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | ~models.Q(email=""),
                name="data_request_of_somebody",
            ),
        ]
        indexes = [models.Index(fields=["shop", "state", "due_on"], name="data_request_by_day")]

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.state == DataRequestState.OPEN


def email_key(email: str) -> str:
    """The form of an address that two people type alike: trimmed, lower case, nothing cleverer."""
    return email.strip().lower()
