"""Registers the room's tables."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "rebond.domain.shipping"
    label = "shipping"
