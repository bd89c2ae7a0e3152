"""Shoppers: personal data lives here and nowhere else."""

from __future__ import annotations

from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

from rebond.domain.shops.models import ShopRow


class Shopper(ShopRow):
    """A person (or company) who bought in one shop.

    ``key`` is the shop's own name for them, or the order's number for a guest.
    ``email_key`` is the address trimmed and in lower case: what a log-in compares.
    ``tags`` are the shop's own words for groups of customers; policies read them.
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
        ]


def email_key(email: str) -> str:
    """The form of an address that two people type alike: trimmed, lower case, nothing cleverer."""
    return email.strip().lower()
