"""Registers the room's tables."""

from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "rebond.domain.warehouse"
    label = "warehouse"
