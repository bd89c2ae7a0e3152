"""Registers the room's tables."""

from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    name = "rebond.domain.loyalty"
    label = "loyalty"
