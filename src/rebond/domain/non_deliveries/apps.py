"""Registers the room's tables."""

from django.apps import AppConfig


class NonDeliveriesConfig(AppConfig):
    name = "rebond.domain.non_deliveries"
    label = "non_deliveries"
