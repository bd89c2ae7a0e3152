"""Registers the room's tables."""

from django.apps import AppConfig


class RefundsConfig(AppConfig):
    name = "rebond.domain.refunds"
    label = "refunds"
