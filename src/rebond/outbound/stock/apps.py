"""Registers the room's tables."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "rebond.outbound.stock"
    label = "stock"
